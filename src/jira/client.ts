import { ConnectionCache } from "../atlassian/cache.ts";
import type { Site } from "../atlassian/site.ts";
import type { ApiClient } from "../http/types.ts";
import { type BoardQuery, getBoards, getSprints, type SprintQuery } from "./boards.ts";
import {
  type AddCommentOptions,
  addComment,
  type EditCommentOptions,
  editComment,
  type WrittenComment,
} from "./comments.ts";
import type { JiraContext } from "./context.ts";
import { type CreatedIssue, type CreateIssueOptions, createIssue } from "./create-issue.ts";
import { deleteIssue } from "./delete-issue.ts";
import { dialectOf } from "./dialect/dialect.ts";
import { withRawText } from "./dialect/raw-text.ts";
import { type FieldOptionsQuery, getFieldOptions } from "./field-options.ts";
import { type FieldSearch, searchFields } from "./fields.ts";
import { type GetIssueOptions, getIssue } from "./get-issue.ts";
import { issueKeyOf } from "./issue-ref.ts";
import {
  type CreatedLink,
  type CreateLinkOptions,
  createLink,
  getLinkTypes,
  type LinkTypeModel,
} from "./links.ts";
import type { FieldDefinition } from "./models/field.ts";
import type { IssueModel } from "./models/issue.ts";
import type { TransitionModel } from "./models/transition.ts";
import type { UserProfileModel } from "./models/user.ts";
import type { WorklogModel } from "./models/worklog.ts";
import { listProjects, type ProjectModel } from "./projects.ts";
import { type SearchOptions, type SearchResult, searchIssues } from "./search.ts";
import {
  getTransitions,
  type TransitionOptions,
  type TransitionResult,
  transitionIssue,
} from "./transitions.ts";
import { type UpdatedIssue, type UpdateIssueOptions, updateIssue } from "./update-issue.ts";
import { getUserProfile } from "./users.ts";
import { type AddedWorklog, type AddWorklogOptions, addWorklog, getWorklogs } from "./worklogs.ts";

/** Settings of the operator that bind every Jira call. */
export interface JiraPolicy {
  /** `JIRA_PROJECTS_FILTER`: the only projects that may be read or written. Absent: no limit. */
  readonly projects?: readonly string[] | undefined;
  /** `JIRA_ISSUE_KEY_PATTERN`, when set. */
  readonly issueKeyPattern?: RegExp | undefined;
  /** `JIRA_INTERNAL_ONLY_PROJECTS`. */
  readonly internalOnlyProjects?: readonly string[] | undefined;
  /** `DISABLE_JIRA_MARKUP_TRANSLATION`: texts pass unconverted. */
  readonly rawText?: boolean | undefined;
  /** `ATLASSIAN_MAX_PAGINATION_LIMIT`. */
  readonly maxResults?: number | undefined;
  /** Folder below which attachments may lie; absent: files cannot be read (remote servers). */
  readonly filesRoot?: string | undefined;
}

export interface JiraClientOptions {
  /** Already bound to the call's abort signal. */
  readonly api: ApiClient;
  readonly site: Site;
  readonly policy?: JiraPolicy | undefined;
  /** What this identity remembers between calls (field list, space ids). Absent: nothing is remembered. */
  readonly cache?: ConnectionCache | undefined;
}

/** Everything that tools can do with Jira. One per connection and call; errors are `AtlassianMcpError`s. */
export interface JiraClient {
  readonly site: Site;
  readonly issues: {
    get(options: GetIssueOptions): Promise<IssueModel>;
    search(options: SearchOptions): Promise<SearchResult>;
    create(options: CreateIssueOptions): Promise<CreatedIssue>;
    update(options: UpdateIssueOptions): Promise<UpdatedIssue>;
    delete(key: string, deleteSubtasks: boolean): ReturnType<typeof deleteIssue>;
  };
  readonly transitions: {
    list(key: string): Promise<TransitionModel[]>;
    perform(options: TransitionOptions): Promise<TransitionResult>;
  };
  readonly comments: {
    add(options: AddCommentOptions): Promise<WrittenComment>;
    edit(options: EditCommentOptions): Promise<WrittenComment>;
  };
  readonly worklogs: {
    list(key: string): Promise<{ worklogs: WorklogModel[] }>;
    add(options: AddWorklogOptions): Promise<AddedWorklog>;
  };
  readonly links: {
    types(filter?: string): Promise<LinkTypeModel[]>;
    create(options: CreateLinkOptions): Promise<CreatedLink>;
  };
  readonly fields: {
    search(options: FieldSearch): Promise<FieldDefinition[]>;
    options(query: FieldOptionsQuery): ReturnType<typeof getFieldOptions>;
  };
  readonly users: { profile(identifier: string): Promise<UserProfileModel> };
  readonly projects: { list(includeArchived: boolean): Promise<ProjectModel[]> };
  readonly boards: {
    list(query: BoardQuery): ReturnType<typeof getBoards>;
    sprints(query: SprintQuery): ReturnType<typeof getSprints>;
  };
}

/**
 * Binds every operation to a connection. Costs nothing: no request is sent. Issues are named by key, id or browse link;
 * a link to another site is refused here with `input`.
 */
export function createJiraClient(options: JiraClientOptions): JiraClient {
  const context = createContext(options);
  const keyOf = (text: string, name?: string) => issueKeyOf(options.site.browseBase, text, name);
  const onIssue = <T extends { readonly key: string }>(given: T): T => ({
    ...given,
    key: keyOf(given.key),
  });
  return {
    site: options.site,
    issues: {
      get: async (issue) => getIssue(context, onIssue(issue)),
      search: (search) => searchIssues(context, search),
      create: (issue) => createIssue(context, issue),
      update: async (change) => updateIssue(context, onIssue(change)),
      delete: async (key, deleteSubtasks) => deleteIssue(context, keyOf(key), deleteSubtasks),
    },
    transitions: {
      list: async (key) => getTransitions(context, keyOf(key)),
      perform: async (transition) => transitionIssue(context, onIssue(transition)),
    },
    comments: {
      add: async (comment) => addComment(context, onIssue(comment)),
      edit: async (comment) => editComment(context, onIssue(comment)),
    },
    worklogs: {
      list: async (key) => getWorklogs(context, keyOf(key)),
      add: async (worklog) => addWorklog(context, onIssue(worklog)),
    },
    links: {
      types: (filter) => getLinkTypes(context, filter),
      create: async (link) =>
        createLink(context, {
          ...link,
          inwardKey: keyOf(link.inwardKey, "inward_issue_key"),
          outwardKey: keyOf(link.outwardKey, "outward_issue_key"),
        }),
    },
    fields: {
      search: (search) => searchFields(context, search),
      options: (query) => getFieldOptions(context, query),
    },
    users: { profile: (identifier) => getUserProfile(context, identifier) },
    projects: { list: (includeArchived) => listProjects(context, includeArchived) },
    boards: {
      list: (query) => getBoards(context, query),
      sprints: (query) => getSprints(context, query),
    },
  };
}

/** What the operations share; for tests of single operations too. */
export function createContext({ api, site, policy = {}, cache }: JiraClientOptions): JiraContext {
  const dialect = dialectOf(site.deployment);
  return {
    site,
    policy,
    dialect: policy.rawText === true ? withRawText(dialect) : dialect,
    cache: cache ?? new ConnectionCache(),
    send: (request) => api.json(request),
  };
}

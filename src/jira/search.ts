import { collectTokens } from "../atlassian/paging.ts";
import { parseAnswer } from "../atlassian/parse.ts";
import { AtlassianMcpError, isOurs } from "../errors.ts";
import type { JiraContext } from "./context.ts";
import type { SearchPage } from "./dialect/types.ts";
import { fieldIds, listFields } from "./fields.ts";
import { issueReading } from "./issue-reading.ts";
import { isUnbounded, quoteProjectKeys, restrictToProjects } from "./jql.ts";
import { compact } from "./models/compact.ts";
import { type IssueModel, issueSchema, toIssue } from "./models/issue.ts";
import { isProjectAllowed } from "./policy.ts";

export interface SearchOptions {
  readonly jql: string;
  /** Ids or names; `*all`. */
  readonly fields: readonly string[];
  readonly limit: number;
  readonly startAt: number;
  readonly pageToken?: string | undefined;
  /** Narrows further what `JIRA_PROJECTS_FILTER` allows. */
  readonly projects?: readonly string[] | undefined;
  readonly expand: readonly string[];
  readonly useDisplayNames: boolean;
}

export interface SearchResult {
  /** Only where the site counts. */
  readonly total?: number | undefined;
  readonly start_at: number;
  readonly max_results: number;
  readonly issues: readonly IssueModel[];
  /** Give it back as `page_token` to go on. Absent: that was all. */
  readonly next_page_token?: string | undefined;
  readonly warnings?: readonly string[] | undefined;
}

const PAGE_SIZE = 100;

/**
 * Runs JQL, over as many pages as the limit takes.
 *
 * @throws AtlassianMcpError `input` for a query without restriction where the site wants one, or one that cannot be
 *   narrowed to the allowed projects; `invalid` with the site's words for wrong JQL.
 */
export async function searchIssues(
  context: JiraContext,
  options: SearchOptions,
): Promise<SearchResult> {
  const { dialect, policy } = context;
  const limit = Math.min(options.limit, policy.maxResults ?? options.limit);
  const projects = projectsFor(context, options.projects);
  const frame = { start_at: options.startAt, max_results: limit };
  if (projects?.length === 0) {
    const warnings = ["None of the projects in projects_filter may be used by this server."];
    return { ...frame, issues: [], warnings };
  }
  const jql = await boundedJql(context, options.jql, projects);
  const fields = await fieldIds(context, options.fields);
  const expand = options.useDisplayNames
    ? [...new Set([...options.expand, "names"])]
    : options.expand;
  const pages: SearchPage[] = [];
  const { items, next } = await collectTokens({
    token: dialect.firstCursor(options.startAt, options.pageToken),
    limit,
    pageSize: PAGE_SIZE,
    fetch: async (cursor, maxResults) => {
      const page = await requestPage(context, { jql, fields, expand, maxResults, cursor });
      pages.push(page);
      return { items: page.issues, next: page.next };
    },
  });
  const names = Object.assign({}, ...pages.map((page) => page.names));
  const definitions = needsDefinitions(context, fields) ? await listFields(context) : [];
  const reading = issueReading(context, definitions, options.useDisplayNames ? names : undefined);
  const warnings = pages.flatMap((page) => page.warnings);
  if (limit < options.limit) warnings.push(`This server returns at most ${limit} issues per call.`);
  return {
    ...compact({ total: pages.at(-1)?.total }),
    ...frame,
    issues: items.map((raw) => toIssue(parseAnswer(issueSchema, raw, "issue"), reading)),
    ...compact({ next_page_token: next, warnings: [...new Set(warnings)] }),
  };
}

/** `undefined` for no limit; an empty list when nothing is left. */
function projectsFor(
  context: JiraContext,
  asked: readonly string[] | undefined,
): readonly string[] | undefined {
  if (asked === undefined || asked.length === 0) return context.policy.projects;
  return asked.filter((key) => isProjectAllowed(context, key));
}

async function boundedJql(
  context: JiraContext,
  jql: string,
  projects: readonly string[] | undefined,
): Promise<string> {
  if (projects !== undefined) return restrictToProjects(jql, projects);
  if (context.dialect.needsBoundedJql && isUnbounded(jql)) throw unbounded();
  return quoteProjectKeys(jql);
}

async function requestPage(
  context: JiraContext,
  query: Parameters<JiraContext["dialect"]["searchRequest"]>[0],
): Promise<SearchPage> {
  try {
    const answer = await context.send(context.dialect.searchRequest(query));
    return context.dialect.readSearchPage(answer);
  } catch (error) {
    if (isOurs(error, "invalid") && /unbounded/i.test(error.message)) throw unbounded(error);
    throw error;
  }
}

function needsDefinitions(context: JiraContext, fields: readonly string[]): boolean {
  return (
    context.dialect.readsByDefinition &&
    fields.some((field) => field.startsWith("*") || field.startsWith("customfield_"))
  );
}

function unbounded(cause?: AtlassianMcpError): AtlassianMcpError {
  return new AtlassianMcpError(
    "input",
    "The JQL has no restriction, and this site refuses to search everything.",
    {
      ...cause?.details,
      fields: { jql: "needs a condition before ORDER BY" },
      next: "Add a condition, e.g. project = PROJ, assignee = currentUser() or created >= -30d.",
    },
    cause,
  );
}

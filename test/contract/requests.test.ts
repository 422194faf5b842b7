import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createHttpPool, type HttpPool } from "../../src/http/pool.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { tools } from "../../src/tools/registry.ts";
import { areDescribed, createChecker, type Exception } from "./requests/check.ts";
import { confluenceScripts } from "./requests/confluence.ts";
import { openStage, type Visit } from "./requests/connect.ts";
import { jiraScripts } from "./requests/jira.ts";
import { operationsOfTools, scopesOfOperations, scopesOfTools } from "./requests/scopes.ts";

/**
 * What the descriptions get wrong, for requests. A deprecated operation that has to be used for now is accepted here
 * as well, by the problem `is deprecated` and with the day of its removal in the reason.
 */
const exceptions: readonly Exception[] = [
  {
    reason: "the text says a list of ids, the schema a single one; the parameter is repeated",
    operation: "GET /wiki/rest/api/user/bulk",
    ignore: /^query accountId must be string$/,
  },
];

const places = ["cloud", "datacenter", "gateway"] as const;
const scripts = Object.entries({ ...jiraScripts, ...confluenceScripts });
const checker = createChecker(exceptions);
const visits: Visit[] = [];
let sandbox: Sandbox;
let pool: HttpPool;

const absent = !areDescribed();
if (absent) {
  process.stderr.write("Skipped: the published API descriptions are not beside the repository.\n");
}

beforeAll(async () => {
  sandbox = await startSandbox();
  pool = createHttpPool();
});

afterAll(async () => {
  await pool.close({ force: true });
  await sandbox.close();
});

describe.skipIf(absent).each(places)("what tools send at the %s address", (place) => {
  beforeEach(() => sandbox.reset());

  it.each(scripts)("is as Atlassian describes it: %s", async (_name, script) => {
    const before = visits.length;
    await script(openStage(sandbox, pool, place, visits));
    const problems = visits
      .slice(before)
      .flatMap(({ tool, sent }) =>
        sent.flatMap((request) =>
          checker.check(place, request).map((problem) => `${tool}: ${problem}`),
        ),
      );
    expect([...new Set(problems)]).toEqual([]);
  });
});

describe.skipIf(absent)("the calls above", () => {
  it.each(places)("are of every tool at the %s address, with every argument", (place) => {
    const made = visits.filter((visit) => visit.place === place);
    const deployment = place === "datacenter" ? place : "cloud";
    const missing = tools
      .filter(({ deployments }) => deployments.includes(deployment))
      .flatMap(({ name, input }) => {
        const calls = made.filter(({ tool }) => tool === name);
        if (calls.length === 0) return [name];
        const given = new Set(calls.flatMap(({ args }) => Object.keys(args)));
        return Object.keys(input.shape)
          .filter((argument) => !given.has(argument))
          .map((argument) => `${name} ${argument}`);
      });
    expect(missing).toEqual([]);
  });

  it("reach every path that the source writes", () => {
    const sent = visits.flatMap((visit) => visit.sent.map(({ path }) => path));
    expect(pathTemplates().filter((template) => !sent.some(fitting(template)))).toEqual([]);
  });

  it("need every exception", () => {
    expect(checker.unused()).toEqual([]);
  });
});

/** Paths as the clients write them, `/issue/${key}/comment`; those put together from parts are left out. */
function pathTemplates(): string[] {
  const found = ["jira", "confluence"].flatMap((product) => {
    const root = join(import.meta.dirname, "../../src", product);
    return readdirSync(root, { recursive: true, encoding: "utf8" })
      .filter((file) => /(?<!\.test)\.ts$/.test(file))
      .flatMap((file) => [
        ...readFileSync(join(root, file), "utf8").matchAll(/\b(?:apiPath|path)`(\/[^`]+)`/g),
      ]);
  });
  return [...new Set(found.map((match) => match[1] ?? ""))];
}

function fitting(template: string): (path: string) => boolean {
  const text = template.replaceAll(".", "\\.").replace(/\$\{[^}]*\}/g, "[^/]+");
  const pattern = new RegExp(`^(/wiki|/rest/api/[23])?${text}$`);
  return (path) => pattern.test(path);
}

describe.skipIf(absent)("the OAuth scopes that are needed", () => {
  const used = () => operationsOfTools(visits);

  it("by each tool of Jira", () => {
    expect(scopesOfTools(used(), "jira")).toMatchInlineSnapshot(`
      "jira_add_comment: read:jira-work read:servicedesk-request write:jira-work write:servicedesk-request
        GET /rest/api/3/issue/{issueIdOrKey}
        GET /rest/servicedeskapi/request/{issueIdOrKey}
        POST /rest/api/3/issue/{issueIdOrKey}/comment
        POST /rest/servicedeskapi/request/{issueIdOrKey}/comment
      jira_add_worklog: read:jira-work write:jira-work
        GET /rest/api/3/issue/{issueIdOrKey}
        POST /rest/api/3/issue/{issueIdOrKey}/worklog
        PUT /rest/api/3/issue/{issueIdOrKey}
      jira_create_issue: read:jira-user read:jira-work write:jira-work
        GET /rest/api/3/field
        GET /rest/api/3/issue/createmeta/{projectIdOrKey}/issuetypes
        GET /rest/api/3/issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}
        GET /rest/api/3/issue/{issueIdOrKey}
        GET /rest/api/3/myself
        GET /rest/api/3/user/assignable/search
        GET /rest/api/3/user/search
        POST /rest/api/3/issue
        PUT /rest/api/3/issue/{issueIdOrKey}/assignee
      jira_create_issue_link: read:jira-work write:jira-work
        GET /rest/api/3/issue/{issueIdOrKey}
        GET /rest/api/3/issueLinkType
        POST /rest/api/3/issueLink
      jira_delete_issue: read:jira-work write:jira-work
        DELETE /rest/api/3/issue/{issueIdOrKey}
        GET /rest/api/3/issue/{issueIdOrKey}
      jira_edit_comment: read:jira-work read:servicedesk-request write:jira-work
        GET /rest/api/3/issue/{issueIdOrKey}
        GET /rest/api/3/issue/{issueIdOrKey}/comment/{id}
        GET /rest/servicedeskapi/request/{issueIdOrKey}
        GET /rest/servicedeskapi/request/{issueIdOrKey}/comment/{commentId}
        PUT /rest/api/3/issue/{issueIdOrKey}/comment/{id}
      jira_get_agile_boards: read:board-scope.admin:jira-software read:board-scope:jira-software read:project:jira
        GET /rest/agile/1.0/board
        GET /rest/agile/1.0/board/{boardId}/project
      jira_get_all_projects: read:jira-work
        GET /rest/api/3/project/search
      jira_get_field_options: manage:jira-configuration read:jira-work
        GET /rest/api/3/field
        GET /rest/api/3/field/{fieldId}/context
        GET /rest/api/3/field/{fieldId}/context/{contextId}/option
        GET /rest/api/3/issue/createmeta/{projectIdOrKey}/issuetypes
        GET /rest/api/3/issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}
      jira_get_issue: read:jira-work
        GET /rest/api/3/field
        GET /rest/api/3/issue/{issueIdOrKey}
        GET /rest/api/3/issue/{issueIdOrKey}/comment
        GET /rest/api/3/issue/{issueIdOrKey}/remotelink
        GET /rest/api/3/issue/{issueIdOrKey}/transitions
        GET /rest/api/3/issue/{issueIdOrKey}/watchers
        GET /rest/api/3/issue/{issueIdOrKey}/worklog
      jira_get_link_types: read:jira-work
        GET /rest/api/3/issueLinkType
      jira_get_sprints_from_board: read:board-scope:jira-software read:issue-details:jira read:sprint:jira-software
        GET /rest/agile/1.0/board/{boardId}
        GET /rest/agile/1.0/board/{boardId}/sprint
      jira_get_transitions: read:jira-work
        GET /rest/api/3/issue/{issueIdOrKey}
        GET /rest/api/3/issue/{issueIdOrKey}/transitions
      jira_get_user_profile: read:jira-user
        GET /rest/api/3/myself
        GET /rest/api/3/user
        GET /rest/api/3/user/search
      jira_get_worklog: read:jira-work
        GET /rest/api/3/issue/{issueIdOrKey}
        GET /rest/api/3/issue/{issueIdOrKey}/worklog
      jira_search: read:jira-work
        GET /rest/api/3/field
        POST /rest/api/3/search/jql
      jira_search_fields: read:jira-work
        GET /rest/api/3/field
      jira_transition_issue: read:jira-work write:jira-work
        GET /rest/api/3/issue/{issueIdOrKey}
        GET /rest/api/3/issue/{issueIdOrKey}/transitions
        POST /rest/api/3/issue/{issueIdOrKey}/comment
        POST /rest/api/3/issue/{issueIdOrKey}/transitions
      jira_update_issue: read:jira-user read:jira-work write:jira-work
        GET /rest/api/3/attachment/meta
        GET /rest/api/3/field
        GET /rest/api/3/issue/{issueIdOrKey}
        GET /rest/api/3/issue/{issueIdOrKey}/transitions
        GET /rest/api/3/user/assignable/search
        GET /rest/api/3/user/search
        POST /rest/api/3/issue/{issueIdOrKey}/attachments
        POST /rest/api/3/issue/{issueIdOrKey}/comment
        POST /rest/api/3/issue/{issueIdOrKey}/transitions
        POST /rest/api/3/issue/{issueIdOrKey}/worklog
        PUT /rest/api/3/issue/{issueIdOrKey}"
    `);
  });

  it("by each tool of Confluence", () => {
    expect(scopesOfTools(used(), "confluence")).toMatchInlineSnapshot(`
      "confluence_add_comment: read:confluence-user read:content.metadata:confluence read:page:confluence read:space:confluence write:comment:confluence
        GET /wiki/api/v2/pages/{id}
        GET /wiki/api/v2/spaces/{id}
        GET /wiki/rest/api/user/bulk
        POST /wiki/api/v2/content/convert-ids-to-types
        POST /wiki/api/v2/footer-comments
      confluence_add_label: read:attachment:confluence read:content.metadata:confluence read:page:confluence read:space:confluence write:confluence-content
        GET /wiki/api/v2/attachments/{id}/labels
        GET /wiki/api/v2/blogposts/{id}/labels
        GET /wiki/api/v2/pages/{id}
        GET /wiki/api/v2/pages/{id}/labels
        GET /wiki/api/v2/spaces/{id}
        POST /wiki/api/v2/content/convert-ids-to-types
        POST /wiki/rest/api/content/{id}/label
      confluence_create_page: read:confluence-user read:content.metadata:confluence read:folder:confluence read:page:confluence read:space:confluence write:page:confluence
        GET /wiki/api/v2/folders/{id}
        GET /wiki/api/v2/pages
        GET /wiki/api/v2/pages/{id}
        GET /wiki/api/v2/pages/{id}/ancestors
        GET /wiki/api/v2/pages/{page-id}/properties
        GET /wiki/api/v2/spaces
        GET /wiki/api/v2/spaces/{id}
        GET /wiki/rest/api/user/bulk
        POST /wiki/api/v2/content/convert-ids-to-types
        POST /wiki/api/v2/pages
        POST /wiki/api/v2/pages/{page-id}/properties
      confluence_delete_page: delete:page:confluence read:content.metadata:confluence read:page:confluence read:space:confluence
        DELETE /wiki/api/v2/blogposts/{id}
        DELETE /wiki/api/v2/pages/{id}
        GET /wiki/api/v2/blogposts/{id}
        GET /wiki/api/v2/pages/{id}
        GET /wiki/api/v2/spaces/{id}
        POST /wiki/api/v2/content/convert-ids-to-types
      confluence_get_comments: read:comment:confluence read:confluence-user read:content.metadata:confluence read:page:confluence read:space:confluence
        GET /wiki/api/v2/blogposts/{id}/footer-comments
        GET /wiki/api/v2/blogposts/{id}/inline-comments
        GET /wiki/api/v2/footer-comments/{id}/children
        GET /wiki/api/v2/inline-comments/{id}/children
        GET /wiki/api/v2/pages/{id}
        GET /wiki/api/v2/pages/{id}/footer-comments
        GET /wiki/api/v2/pages/{id}/inline-comments
        GET /wiki/api/v2/spaces/{id}
        GET /wiki/rest/api/user/bulk
        POST /wiki/api/v2/content/convert-ids-to-types
      confluence_get_labels: read:attachment:confluence read:content.metadata:confluence read:page:confluence read:space:confluence
        GET /wiki/api/v2/attachments/{id}
        GET /wiki/api/v2/attachments/{id}/labels
        GET /wiki/api/v2/blogposts/{id}/labels
        GET /wiki/api/v2/pages/{id}
        GET /wiki/api/v2/pages/{id}/labels
        GET /wiki/api/v2/spaces/{id}
        POST /wiki/api/v2/content/convert-ids-to-types
      confluence_get_page: read:attachment:confluence read:confluence-user read:content.metadata:confluence read:folder:confluence read:page:confluence read:space:confluence
        GET /wiki/api/v2/blogposts/{id}
        GET /wiki/api/v2/blogposts/{id}/attachments
        GET /wiki/api/v2/folders/{id}
        GET /wiki/api/v2/pages
        GET /wiki/api/v2/pages/{id}
        GET /wiki/api/v2/pages/{id}/ancestors
        GET /wiki/api/v2/pages/{id}/attachments
        GET /wiki/api/v2/spaces
        GET /wiki/api/v2/spaces/{id}
        GET /wiki/rest/api/user/bulk
        POST /wiki/api/v2/content/convert-ids-to-types
      confluence_get_page_children: read:confluence-user read:content.metadata:confluence read:hierarchical-content:confluence read:page:confluence read:space:confluence
        GET /wiki/api/v2/folders/{id}/direct-children
        GET /wiki/api/v2/pages
        GET /wiki/api/v2/pages/{id}
        GET /wiki/api/v2/pages/{id}/direct-children
        GET /wiki/api/v2/spaces/{id}
        GET /wiki/rest/api/user/bulk
        POST /wiki/api/v2/content/convert-ids-to-types
      confluence_reply_to_comment: read:comment:confluence read:confluence-user read:page:confluence read:space:confluence write:comment:confluence
        GET /wiki/api/v2/footer-comments/{comment-id}
        GET /wiki/api/v2/inline-comments/{comment-id}
        GET /wiki/api/v2/pages/{id}
        GET /wiki/api/v2/spaces/{id}
        GET /wiki/rest/api/user/bulk
        POST /wiki/api/v2/footer-comments
        POST /wiki/api/v2/inline-comments
      confluence_search: search:confluence
        GET /wiki/rest/api/search
      confluence_search_user: read:content-details:confluence
        GET /wiki/rest/api/search/user
      confluence_update_page: read:confluence-user read:content.metadata:confluence read:page:confluence read:space:confluence write:page:confluence
        DELETE /wiki/api/v2/pages/{page-id}/properties/{property-id}
        GET /wiki/api/v2/blogposts/{id}
        GET /wiki/api/v2/pages
        GET /wiki/api/v2/pages/{id}
        GET /wiki/api/v2/pages/{id}/ancestors
        GET /wiki/api/v2/pages/{page-id}/properties
        GET /wiki/api/v2/spaces/{id}
        GET /wiki/rest/api/user/bulk
        POST /wiki/api/v2/content/convert-ids-to-types
        POST /wiki/api/v2/pages/{page-id}/properties
        PUT /wiki/api/v2/blogposts/{id}
        PUT /wiki/api/v2/pages/{id}
        PUT /wiki/api/v2/pages/{page-id}/properties/{property-id}"
    `);
  });

  it("by each operation", () => {
    expect(scopesOfOperations(used())).toMatchInlineSnapshot(`
      "DELETE /rest/api/3/issue/{issueIdOrKey}: write:jira-work | delete:issue:jira
      DELETE /wiki/api/v2/blogposts/{id}: delete:page:confluence
      DELETE /wiki/api/v2/pages/{id}: delete:page:confluence
      DELETE /wiki/api/v2/pages/{page-id}/properties/{property-id}: read:page:confluence write:page:confluence
      GET /rest/agile/1.0/board: read:board-scope:jira-software read:project:jira
      GET /rest/agile/1.0/board/{boardId}: read:board-scope:jira-software read:issue-details:jira
      GET /rest/agile/1.0/board/{boardId}/project: read:board-scope.admin:jira-software read:project:jira
      GET /rest/agile/1.0/board/{boardId}/sprint: read:sprint:jira-software
      GET /rest/api/3/attachment/meta: read:jira-work | read:instance-configuration:jira
      GET /rest/api/3/field: read:jira-work | read:avatar:jira read:field-configuration:jira read:field:jira read:project-category:jira read:project:jira
      GET /rest/api/3/field/{fieldId}/context: manage:jira-configuration | read:custom-field-contextual-configuration:jira read:field:jira
      GET /rest/api/3/field/{fieldId}/context/{contextId}/option: manage:jira-configuration | read:field.option:jira
      GET /rest/api/3/issue/createmeta/{projectIdOrKey}/issuetypes: read:jira-work | read:avatar:jira read:field-configuration:jira read:issue-meta:jira
      GET /rest/api/3/issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}: read:jira-work | read:avatar:jira read:field-configuration:jira read:issue-meta:jira
      GET /rest/api/3/issue/{issueIdOrKey}: read:jira-work | read:avatar:jira read:field-configuration:jira read:issue-meta:jira read:issue-security-level:jira read:issue.changelog:jira read:issue.vote:jira read:issue:jira read:status:jira read:user:jira
      GET /rest/api/3/issue/{issueIdOrKey}/comment: read:jira-work | read:avatar:jira read:comment.property:jira read:comment:jira read:group:jira read:project-role:jira read:project:jira read:user:jira
      GET /rest/api/3/issue/{issueIdOrKey}/comment/{id}: read:jira-work | read:avatar:jira read:comment.property:jira read:comment:jira read:group:jira read:project-role:jira read:project:jira read:user:jira
      GET /rest/api/3/issue/{issueIdOrKey}/remotelink: read:jira-work | read:issue.remote-link:jira read:status:jira
      GET /rest/api/3/issue/{issueIdOrKey}/transitions: read:jira-work | read:field-configuration:jira read:issue.transition:jira read:status:jira
      GET /rest/api/3/issue/{issueIdOrKey}/watchers: read:jira-work | read:avatar:jira read:issue.watcher:jira read:user:jira
      GET /rest/api/3/issue/{issueIdOrKey}/worklog: read:jira-work | read:avatar:jira read:group:jira read:issue-worklog.property:jira read:issue-worklog:jira read:project-role:jira read:user:jira
      GET /rest/api/3/issueLinkType: read:jira-work | read:issue-link-type:jira
      GET /rest/api/3/myself: read:jira-user | read:application-role:jira read:avatar:jira read:group:jira read:user:jira
      GET /rest/api/3/project/search: read:jira-work | read:application-role:jira read:avatar:jira read:group:jira read:issue-type-hierarchy:jira read:issue-type:jira read:project-category:jira read:project-version:jira read:project.component:jira read:project.property:jira read:project:jira read:user:jira
      GET /rest/api/3/user: read:jira-user | read:application-role:jira read:avatar:jira read:group:jira read:user:jira
      GET /rest/api/3/user/assignable/search: read:jira-user | read:application-role:jira read:avatar:jira read:group:jira read:issue:jira read:project:jira read:user:jira
      GET /rest/api/3/user/search: read:jira-user | read:application-role:jira read:avatar:jira read:group:jira read:user.property:jira read:user:jira
      GET /rest/servicedeskapi/request/{issueIdOrKey}: read:servicedesk-request | read:request:jira-service-management read:user:jira
      GET /rest/servicedeskapi/request/{issueIdOrKey}/comment/{commentId}: read:servicedesk-request | read:request.comment:jira-service-management read:user:jira
      GET /wiki/api/v2/attachments/{id}: read:attachment:confluence
      GET /wiki/api/v2/attachments/{id}/labels: read:attachment:confluence
      GET /wiki/api/v2/blogposts/{id}: read:page:confluence
      GET /wiki/api/v2/blogposts/{id}/attachments: read:attachment:confluence
      GET /wiki/api/v2/blogposts/{id}/footer-comments: read:comment:confluence
      GET /wiki/api/v2/blogposts/{id}/inline-comments: read:comment:confluence
      GET /wiki/api/v2/blogposts/{id}/labels: read:page:confluence
      GET /wiki/api/v2/folders/{id}: read:folder:confluence
      GET /wiki/api/v2/folders/{id}/direct-children: read:hierarchical-content:confluence
      GET /wiki/api/v2/footer-comments/{comment-id}: read:comment:confluence
      GET /wiki/api/v2/footer-comments/{id}/children: read:comment:confluence
      GET /wiki/api/v2/inline-comments/{comment-id}: read:comment:confluence
      GET /wiki/api/v2/inline-comments/{id}/children: read:comment:confluence
      GET /wiki/api/v2/pages: read:page:confluence
      GET /wiki/api/v2/pages/{id}: read:page:confluence
      GET /wiki/api/v2/pages/{id}/ancestors: read:content.metadata:confluence
      GET /wiki/api/v2/pages/{id}/attachments: read:attachment:confluence
      GET /wiki/api/v2/pages/{id}/direct-children: read:hierarchical-content:confluence
      GET /wiki/api/v2/pages/{id}/footer-comments: read:comment:confluence
      GET /wiki/api/v2/pages/{id}/inline-comments: read:comment:confluence
      GET /wiki/api/v2/pages/{id}/labels: read:page:confluence
      GET /wiki/api/v2/pages/{page-id}/properties: read:page:confluence
      GET /wiki/api/v2/spaces: read:space:confluence
      GET /wiki/api/v2/spaces/{id}: read:space:confluence
      GET /wiki/rest/api/search: search:confluence | read:content-details:confluence
      GET /wiki/rest/api/search/user: read:content-details:confluence
      GET /wiki/rest/api/user/bulk: read:confluence-user | read:content-details:confluence
      POST /rest/api/3/issue: write:jira-work | read:issue:jira write:attachment:jira write:comment.property:jira write:comment:jira write:issue:jira
      POST /rest/api/3/issue/{issueIdOrKey}/attachments: write:jira-work | read:attachment:jira read:avatar:jira read:user:jira write:attachment:jira
      POST /rest/api/3/issue/{issueIdOrKey}/comment: write:jira-work | read:avatar:jira read:comment.property:jira read:comment:jira read:group:jira read:project-role:jira read:project:jira read:user:jira write:comment:jira
      POST /rest/api/3/issue/{issueIdOrKey}/transitions: write:jira-work | write:issue.property:jira write:issue:jira
      POST /rest/api/3/issue/{issueIdOrKey}/worklog: write:jira-work | read:avatar:jira read:group:jira read:issue-worklog.property:jira read:issue-worklog:jira read:project-role:jira read:user:jira write:issue-worklog.property:jira write:issue-worklog:jira
      POST /rest/api/3/issueLink: write:jira-work | write:comment:jira write:issue-link:jira write:issue:jira
      POST /rest/api/3/search/jql: read:jira-work | read:field.default-value:jira read:field.option:jira read:field:jira read:group:jira read:issue-details:jira
      POST /rest/servicedeskapi/request/{issueIdOrKey}/comment: write:servicedesk-request | read:request.comment:jira-service-management read:user:jira write:request.comment:jira-service-management
      POST /wiki/api/v2/content/convert-ids-to-types: read:content.metadata:confluence
      POST /wiki/api/v2/footer-comments: write:comment:confluence
      POST /wiki/api/v2/inline-comments: write:comment:confluence
      POST /wiki/api/v2/pages: write:page:confluence
      POST /wiki/api/v2/pages/{page-id}/properties: read:page:confluence write:page:confluence
      POST /wiki/rest/api/content/{id}/label: write:confluence-content | read:label:confluence write:label:confluence
      PUT /rest/api/3/issue/{issueIdOrKey}: write:jira-work | write:issue:jira
      PUT /rest/api/3/issue/{issueIdOrKey}/assignee: write:jira-work | write:issue:jira
      PUT /rest/api/3/issue/{issueIdOrKey}/comment/{id}: write:jira-work | read:avatar:jira read:comment.property:jira read:comment:jira read:group:jira read:project-role:jira read:project:jira read:user:jira write:comment:jira
      PUT /wiki/api/v2/blogposts/{id}: write:page:confluence
      PUT /wiki/api/v2/pages/{id}: write:page:confluence
      PUT /wiki/api/v2/pages/{page-id}/properties/{property-id}: read:page:confluence write:page:confluence"
    `);
  });
});

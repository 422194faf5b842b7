import { join } from "node:path";
import type { Script, Stage } from "./connect.ts";

const sprint = 4;
const onlyShop = { projects: ["SHOP"] };
const files = join(import.meta.dirname, "../../../docs/decisions");

/** Calls that reach each branch of the Jira tools that changes a request. */
export const jiraScripts: Readonly<Record<string, Script>> = {
  "reading issues": readIssues,
  "searching issues": searchIssues,
  "creating issues": createIssues,
  "creating issues whose screen lacks the assignee": createWithoutAssignee,
  "changing issues": updateIssues,
  "attaching files": attachFiles,
  "deleting issues": deleteIssues,
  transitions: moveIssues,
  comments: writeComments,
  "comments of service requests": writeRequestComments,
  "texts that pass unconverted": writeRawTexts,
  worklogs: logTime,
  links: linkIssues,
  people: findPeople,
  "projects and fields": readSettings,
  "boards and sprints": readBoards,
};

async function readIssues({ call }: Stage): Promise<void> {
  await call("jira_get_issue", { issue_key: "SHOP-4" });
  await call("jira_get_issue", {
    issue_key: "SHOP-4",
    fields: "summary,Story Points,epic,url,comment,parent",
    expand: "renderedFields,editmeta,operations,versionedRepresentations,transitions",
    comment_limit: 2,
    properties: "first,second",
    update_history: false,
    include: "all",
    use_display_names: true,
  });
  await call("jira_get_issue", { issue_key: "SHOP-1", fields: "*all", comment_limit: 0 });
  await call("jira_get_issue", { issue_key: "10001" }, { policy: onlyShop });
  const outside = { policy: { projects: ["OPS"] }, fails: "forbidden" } as const;
  await call("jira_get_issue", { issue_key: "10001" }, outside);
}

async function searchIssues({ call, cloud }: Stage): Promise<void> {
  const jql = "project = SHOP ORDER BY key";
  const first = await call("jira_search", {
    jql,
    limit: 4,
    fields: "summary,Story Points,epic,comment",
    expand: "renderedFields,changelog",
    use_display_names: true,
  });
  await call("jira_search", { jql, limit: 2, page_token: first["next_page_token"] });
  await call("jira_search", { jql: "created >= -9000d", limit: 150, fields: "*all" });
  await call("jira_search", { jql, start_at: 3 }, { fails: cloud ? "input" : undefined });
  await call("jira_search", { jql: "order by key", projects_filter: "SHOP,OPS" });
  await call(
    "jira_search",
    { jql, expand: "names" },
    { policy: { ...onlyShop, maxResults: 3 }, warns: true },
  );
}

async function createIssues({ call, cloud, sandbox }: Stage): Promise<void> {
  const [ada, ben] = sandbox.users;
  const bug = { project_key: "SHOP", issue_type: "Bug", summary: "Wrong price" };
  await call("jira_create_issue", {
    ...bug,
    assignee: ben.displayName,
    description: "In the **basket**:\n\n- [ ] look\n\n| a | b |\n|---|---|\n| 1 | 2 |",
    components: "Search,Basket",
    additional_fields: {
      labels: ["price", "basket"],
      priority: "High",
      fixVersions: "1.2",
      versions: ["1.1"],
      duedate: "2027-01-31",
      environment: "**Firefox**",
      reporter: "me",
      Severity: "Major",
      Browsers: "Firefox,Chrome",
      "Product area": "Shop > Search",
      "Customer reference": "A-1",
      Reviewer: ada.email,
      "Release notes": "Prices are right.",
      "Story Points": 3,
      timetracking: { original_estimate: "2d" },
      Sprint: sprint,
      epic_link: "SHOP-1",
    },
  });
  const epic = { ...bug, issue_type: "Epic", summary: "Prices" };
  const additional_fields = cloud ? { "Go-live date": "2027-02-01" } : { epic_name: "Prices" };
  const subtask = { ...bug, issue_type: "subtask", additional_fields: { parent: "SHOP-4" } };
  await call("jira_create_issue", { ...epic, additional_fields });
  await call("jira_create_issue", { ...epic, assignee: "automatic" });
  await call("jira_create_issue", { ...subtask, assignee: "none" });
  await call("jira_create_issue", subtask, { policy: onlyShop });
}

async function createWithoutAssignee({ call, answer, cloud, sandbox }: Stage): Promise<void> {
  const task = { project_key: "SHOP", issue_type: "Task", summary: "Count" };
  const summary = {
    fieldId: "summary",
    name: "Summary",
    required: true,
    schema: { type: "string" },
  };
  for (const assignee of [sandbox.users[1].email, "none", "-1"]) {
    answer("GET */issue/createmeta/SHOP/issuetypes/*", 200, {
      ...{ maxResults: 50, startAt: 0, total: 1, isLast: true },
      [cloud ? "fields" : "values"]: [summary],
    });
    await call("jira_create_issue", { ...task, assignee });
  }
  answer("GET */user/search", 200, []);
  await call("jira_create_issue", { ...task, assignee: sandbox.users[1].displayName });
}

async function updateIssues({ call, answer, sandbox }: Stage): Promise<void> {
  const issue_key = "SHOP-10";
  await call("jira_update_issue", {
    issue_key,
    fields: {
      summary: "Renamed",
      description: "New **text**",
      priority: "Low",
      status: "In Progress",
    },
    additional_fields: { "Release notes": "None", Sprint: sprint, epic: "SHOP-2" },
    components: "Checkout",
    comment: "For ~~all~~ us",
    comment_visibility: { type: "role", value: "Developers" },
    worklog: "1h 30m",
    worklog_started: "2026-11-20T09:00:00+01:00",
    return_fields: "status,Story Points",
    allow_content_loss: true,
  });
  const cleared = { description: null, parent: null, duedate: null, assignee: "" };
  await call("jira_update_issue", { issue_key, fields: cleared }, { policy: onlyShop });
  answer("GET */user/search", 200, []);
  const assignee = sandbox.users[1].displayName;
  await call("jira_update_issue", { issue_key, fields: { assignee }, transition: "Done" });
}

async function attachFiles({ call, answer }: Stage): Promise<void> {
  const change = { issue_key: "SHOP-4", attachments: "002-low-level-server.md" };
  const policy = { filesRoot: files };
  await call("jira_update_issue", change, { policy });
  answer("POST */issue/SHOP-4/attachments", 413, {});
  await call("jira_update_issue", change, { policy, fails: "invalid" });
}

async function deleteIssues({ call }: Stage): Promise<void> {
  const task = { project_key: "SHOP", issue_type: "Task", summary: "Short lived" };
  const { issue } = await call("jira_create_issue", task);
  const issue_key = issue?.["key"];
  const subtask = { ...task, issue_type: "Subtask", additional_fields: { parent: issue_key } };
  const { issue: part } = await call("jira_create_issue", subtask);
  await call("jira_delete_issue", { issue_key }, { fails: "input" });
  await call("jira_delete_issue", { issue_key: part?.["key"] }, { policy: onlyShop });
  await call("jira_create_issue", subtask);
  await call("jira_delete_issue", { issue_key, delete_subtasks: true });
}

async function moveIssues({ call, sandbox }: Stage): Promise<void> {
  const issue_key = "SHOP-10";
  await call("jira_get_transitions", { issue_key });
  await call("jira_get_transitions", { issue_key }, { policy: onlyShop });
  const move = { issue_key, transition_id: "In Progress", comment: "On it" };
  await call("jira_transition_issue", move, { policy: onlyShop });
  await call("jira_transition_issue", {
    issue_key,
    transition_id: "Done",
    fields: { resolution: "done", fixVersions: "2.0" },
    comment: `Done, @[Ben](${sandbox.users[1].accountId})`,
  });
}

async function writeComments({ call }: Stage): Promise<void> {
  const issue_key = "SHOP-4";
  const added = await call("jira_add_comment", { issue_key, body: "# Head\n\nOne **word**" });
  const visibility = { type: "group", value: "jira-software-users" };
  const hidden = await call("jira_add_comment", { issue_key, body: "Hidden", visibility });
  await call("jira_add_comment", { issue_key, body: "In" }, { policy: onlyShop });
  const edit = { issue_key, comment_id: added["id"], body: "Two" };
  await call("jira_edit_comment", { ...edit, visibility: { type: "role", value: "Developers" } });
  const kept = { ...edit, comment_id: hidden["id"], allow_content_loss: true };
  await call("jira_edit_comment", kept, { policy: onlyShop });
}

async function writeRequestComments({ call, answer }: Stage): Promise<void> {
  const request = "/rest/servicedeskapi/request/SHOP-4";
  const comment = { issue_key: "SHOP-4", body: "Seen" };
  const policy = { internalOnlyProjects: ["SHOP"] };
  for (const isPublic of [true, false]) {
    answer(`GET ${request}`, 200, { issueKey: "SHOP-4" });
    answer(`POST ${request}/comment`, 201, { id: "7", body: "Seen", public: isPublic });
    await call("jira_add_comment", { ...comment, public: isPublic });
  }
  answer(`GET ${request}`, 404, { errorMessage: "no request" });
  await call("jira_add_comment", { ...comment, public: false }, { fails: "input" });
  answer(`GET ${request}`, 200, { issueKey: "SHOP-4" });
  await call("jira_add_comment", comment, { policy, fails: "forbidden" });
  answer(`GET ${request}`, 404, { errorMessage: "no request" });
  const { id } = await call("jira_add_comment", comment, { policy });
  answer(`GET ${request}`, 200, { issueKey: "SHOP-4" });
  answer(`GET ${request}/comment/*`, 200, { id: "7", public: false });
  await call("jira_edit_comment", { ...comment, comment_id: id }, { policy });
}

async function writeRawTexts({ call, cloud }: Stage): Promise<void> {
  const policy = { rawText: true };
  const paragraph = { type: "paragraph", content: [{ type: "text", text: "Raw" }] };
  const document = { version: 1, type: "doc", content: [paragraph] };
  const body = cloud ? JSON.stringify(document) : "h1. Raw";
  const issue_key = "SHOP-4";
  const { id } = await call("jira_add_comment", { issue_key, body }, { policy });
  await call("jira_edit_comment", { issue_key, comment_id: id, body }, { policy });
  const fields = { description: body };
  await call("jira_update_issue", { issue_key, fields, allow_content_loss: true }, { policy });
  await call("jira_add_worklog", { issue_key, time_spent: "5m", comment: body }, { policy });
}

async function logTime({ call, answer, cloud }: Stage): Promise<void> {
  const issue_key = "SHOP-4";
  await call("jira_add_worklog", { issue_key, time_spent: "20m" });
  answer("PUT */issue/SHOP-4", 204, undefined);
  const estimates = { original_estimate: "3d", remaining_estimate: "4h" };
  await call(
    "jira_add_worklog",
    {
      issue_key,
      time_spent: "1d2h",
      started: "2026-11-20T09:00:00Z",
      comment: "_Hard_",
      ...estimates,
    },
    { policy: onlyShop },
  );
  await call("jira_get_worklog", { issue_key }, { policy: onlyShop });
  // Data Center answers everything at once.
  if (!cloud) return;
  const entry = { id: "1", timeSpentSeconds: 60, started: "2026-11-20T09:00:00.000+0000" };
  answer("GET */issue/SHOP-4/worklog", 200, { startAt: 0, total: 2, worklogs: [entry] });
  await call("jira_get_worklog", { issue_key });
}

async function linkIssues({ call }: Stage): Promise<void> {
  await call("jira_get_link_types", {});
  await call("jira_get_link_types", { name_filter: "block" });
  const pair = { inward_issue_key: "SHOP-4", outward_issue_key: "SHOP-5" };
  await call("jira_create_issue_link", { ...pair, link_type: "relates to" }, { policy: onlyShop });
  await call("jira_create_issue_link", {
    ...{ ...pair, inward_issue_key: "10001" },
    link_type: "Blocks",
    comment: "Because **of** that",
    comment_visibility: { type: "role", value: "Developers" },
  });
}

async function findPeople({ call, cloud, sandbox }: Stage): Promise<void> {
  const [, ben] = sandbox.users;
  const id = cloud ? ben.accountId : ben.key;
  for (const user_identifier of ["me", id, ben.name, ben.displayName, ben.email]) {
    const byLogin = cloud && user_identifier === ben.name;
    await call("jira_get_user_profile", { user_identifier }, byLogin ? { fails: "not_found" } : {});
  }
  const user_identifier = "Nobody Here";
  await call("jira_get_user_profile", { user_identifier }, { fails: "not_found" });
}

async function readSettings({ call, cloud, place }: Stage): Promise<void> {
  await call("jira_get_all_projects", {});
  await call("jira_get_all_projects", { include_archived: true }, { policy: onlyShop });
  await call("jira_search_fields", { keyword: "points", limit: 3, refresh: true });
  const onScreen = { project_key: "SHOP", issue_type: "Bug" };
  await call("jira_get_field_options", { field_id: "Severity", ...onScreen });
  const field_id = "customfield_10040";
  const some = { field_id, contains: "m", return_limit: 1, values_only: true };
  const fails = place === "cloud" ? undefined : cloud ? "scope" : "input";
  await call("jira_get_field_options", some, { fails });
  await call("jira_get_field_options", { field_id, context_id: "10240" }, { fails });
}

async function readBoards({ call, answer, cloud, place }: Stage): Promise<void> {
  await call("jira_get_agile_boards", {});
  await call("jira_get_agile_boards", {
    board_name: "SHOP",
    project_key: "SHOP",
    board_type: "scrum",
    start_at: 1,
    limit: 5,
  });
  if (cloud) {
    const personal = { id: 1, name: "My board", type: "scrum" };
    answer("GET /rest/agile/1.0/board", 200, { startAt: 0, isLast: true, values: [personal] });
  }
  if (place === "gateway") {
    const ofBoard = { isLast: true, values: [{ key: "SHOP" }] };
    answer("GET /rest/agile/1.0/board/1/project", 200, ofBoard);
  }
  await call("jira_get_agile_boards", {}, { policy: onlyShop });
  await call("jira_get_sprints_from_board", { board_id: "1" }, { policy: onlyShop });
  const some = { board_id: 1, state: "active,closed", start_at: 1, limit: 2 };
  await call("jira_get_sprints_from_board", some);
}

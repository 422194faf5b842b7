import {
  bodyOf,
  type Call,
  isObject,
  issueOf,
  type Json,
  listOf,
  noContent,
  ok,
  pageOf,
  valuesPage,
  wordsOf,
} from "../call.ts";
import { priorities, statuses } from "../catalog.ts";
import { adfCheckFor, applyEdit, planEdit, removeIssue } from "../edit.ts";
import { editMeta, expandSet, historyBean, issueBean } from "../issue-bean.ts";
import type { Issue, IssueType, Project } from "../model.ts";
import { FieldProblem, readType, readValue } from "../read-value.ts";
import { fieldRefusal, JiraRefusal, refusal } from "../refusal.ts";
import type { Operation } from "../route.ts";
import {
  addIssue,
  findIssue,
  findProject,
  screenFields,
  setValue,
  subtasksOf,
  typeOf,
} from "../world.ts";

/** Create, read, edit, delete, assign; history and bulk reads. */
export const issueOperations: readonly Operation[] = [
  { method: "GET", path: "/issue/{issueIdOrKey}", run: readIssue },
  {
    method: "POST",
    path: "/issue",
    run: async (call) => ok(await createIssue(call, bodyOf(call)), 201),
  },
  { method: "POST", path: "/issue/bulk", run: createIssues },
  { method: "PUT", path: "/issue/{issueIdOrKey}", run: editIssue },
  { method: "DELETE", path: "/issue/{issueIdOrKey}", run: deleteIssue },
  { method: "PUT", path: "/issue/{issueIdOrKey}/assignee", run: assign },
  {
    method: "GET",
    path: "/issue/{issueIdOrKey}/editmeta",
    run: (call) => ok(editMeta(call, issueOf(call))),
  },
  {
    method: "GET",
    path: "/issue/{issueIdOrKey}/changelog",
    on: "cloud",
    run: (call) => {
      const page = pageOf(call, issueOf(call).history, 100, 100);
      return ok(valuesPage(page, (history) => historyBean(call, history)));
    },
  },
  { method: "POST", path: "/issue/bulkfetch", on: "cloud", run: bulkFetch },
  { method: "POST", path: "/changelog/bulkfetch", on: "cloud", run: bulkHistory },
];

function readIssue(call: Call) {
  const fields = wordsOf(call, "fields");
  const view = {
    fields: fields.length === 0 ? ["*all"] : fields,
    expand: expandSet(call.query.get("expand")),
    properties: wordsOf(call, "properties"),
  };
  return ok(issueBean(call, issueOf(call), view));
}

async function createIssue(call: Call, body: Json): Promise<Json> {
  const adf = await adfCheckFor(call);
  const { project, type } = placeOf(call, body);
  const screen = screenFields(call.world, project, type);
  const target = { project, type, screen, takesComments: true, partial: false };
  const plan = planEdit(call, adf, target, body);
  const issue = addIssue(call.world, project, call.user, call.world.now());
  const medium = priorities.find(({ name }) => name === "Medium");
  setValue(issue, "status", { kind: "status", status: statuses.todo });
  setValue(issue, "reporter", { kind: "user", user: call.user });
  if (medium !== undefined) setValue(issue, "priority", { kind: "priority", priority: medium });
  applyEdit(call, issue, plan, true);
  issue.watchers.add(call.user);
  return { id: String(issue.id), key: issue.key, self: `${call.api}/issue/${issue.id}` };
}

function placeOf(call: Call, body: Json): { project: Project; type: IssueType } {
  const fields = isObject(body["fields"]) ? body["fields"] : {};
  const reference = fields["project"];
  const { key, id }: Json = isObject(reference) ? reference : {};
  const project = findProject(call.world, call.user, String(id ?? key ?? ""));
  if (project === undefined) {
    const text =
      reference === undefined ? "Specify a valid project ID or key" : "valid project is required";
    throw fieldRefusal({ project: text });
  }
  try {
    return { project, type: readType(project, fields["issuetype"]) };
  } catch (error) {
    if (error instanceof FieldProblem) throw fieldRefusal({ issuetype: error.message });
    throw error;
  }
}

async function createIssues(call: Call) {
  const input = bodyOf(call)["issueUpdates"];
  const updates: readonly unknown[] = Array.isArray(input) ? input : [];
  if (updates.length > 50) {
    throw refusal(400, "Bulk create is limited to 50 issues in one request.");
  }
  const issues: Json[] = [];
  const errors: Json[] = [];
  for (const [failedElementNumber, update] of updates.entries()) {
    try {
      issues.push(await createIssue(call, isObject(update) ? update : {}));
    } catch (error) {
      if (!(error instanceof JiraRefusal)) throw error;
      const { status, json: elementErrors } = error.answer;
      errors.push({ status, elementErrors, failedElementNumber });
    }
  }
  return ok({ issues, errors }, issues.length === 0 && errors.length > 0 ? 400 : 201);
}

async function editIssue(call: Call) {
  const issue = issueOf(call);
  const body = bodyOf(call);
  const adf = await adfCheckFor(call);
  const type = typeOf(issue);
  const screen = screenFields(call.world, issue.project, type).filter(
    ({ createOnly }) => createOnly !== true,
  );
  const target = {
    project: issue.project,
    type,
    issue,
    screen,
    takesComments: true,
    partial: true,
  };
  applyEdit(call, issue, planEdit(call, adf, target, body));
  if (call.deployment === "datacenter" || call.query.get("returnIssue") !== "true") {
    return noContent;
  }
  const expand = expandSet(call.query.get("expand"));
  return ok(issueBean(call, issue, { fields: ["*all"], expand, properties: [] }));
}

function deleteIssue(call: Call) {
  const issue = issueOf(call);
  const subtasks = subtasksOf(call.world, issue);
  if (subtasks.length > 0 && call.query.get("deleteSubtasks") !== "true") {
    throw refusal(
      400,
      `The issue '${issue.key}' has subtasks.  You must specify the 'deleteSubtasks' parameter to delete this issue and all its subtasks.`,
    );
  }
  for (const doomed of [...subtasks, issue]) removeIssue(call, doomed);
  return noContent;
}

async function assign(call: Call) {
  const issue = issueOf(call);
  const body = bodyOf(call);
  const field = call.world.fields.find(({ id }) => id === "assignee");
  if (field === undefined) throw new Error("no assignee field");
  const context = {
    call,
    project: issue.project,
    type: typeOf(issue),
    adf: await adfCheckFor(call),
  };
  try {
    const value = readValue(context, field, body);
    applyEdit(call, issue, { values: new Map([[field, value]]), comments: [], links: [] });
  } catch (error) {
    if (error instanceof FieldProblem) throw fieldRefusal({ assignee: error.message });
    throw error;
  }
  return noContent;
}

function bulkFetch(call: Call) {
  const body = bodyOf(call);
  const wanted = listOf(body, "issueIdsOrKeys");
  if (wanted.length === 0 || wanted.length > 100) {
    throw refusal(400, "The number of issues to fetch must be between 1 and 100.");
  }
  const fields = listOf(body, "fields");
  const view = {
    fields: fields.length === 0 ? ["*navigable"] : fields,
    expand: expandSet(...listOf(body, "expand")),
    properties: listOf(body, "properties"),
  };
  const { issues, missing } = lookUp(call, wanted);
  return ok({
    issues: issues.map((issue) => issueBean(call, issue, view)),
    issueErrors: missing.map((id) => ({
      id,
      errorMessage: "Issue does not exist or you do not have permission to see it.",
    })),
  });
}

function bulkHistory(call: Call) {
  const body = bodyOf(call);
  const fieldIds = listOf(body, "fieldIds");
  const { issues } = lookUp(call, listOf(body, "issueIdsOrKeys"));
  if (fieldIds.length > 10) throw refusal(400, "No more than 10 field ids may be given.");
  const issueChangeLogs = issues.map((issue) => ({
    issueId: String(issue.id),
    changeHistories: issue.history
      .map((history) => ({
        ...history,
        changes: history.changes.filter(
          ({ fieldId }) => fieldIds.length === 0 || fieldIds.includes(fieldId),
        ),
      }))
      .filter(({ changes }) => changes.length > 0)
      .map((history) => historyBean(call, history)),
  }));
  return ok({ issueChangeLogs });
}

function lookUp(call: Call, wanted: readonly string[]) {
  const issues = new Set<Issue>();
  const missing: string[] = [];
  for (const idOrKey of wanted) {
    const issue = findIssue(call.world, call.user, idOrKey);
    if (issue === undefined) missing.push(idOrKey);
    else issues.add(issue);
  }
  return { issues: [...issues], missing };
}

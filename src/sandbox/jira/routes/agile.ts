import type { SandboxAnswer } from "../../types.ts";
import { shortProjectBean, sprintBean } from "../beans.ts";
import {
  bodyOf,
  type Call,
  type Json,
  listOf,
  noContent,
  ok,
  pageOf,
  textOf,
  valuesPage,
  wordsOf,
} from "../call.ts";
import { record } from "../edit.ts";
import { fieldIds } from "../fields.ts";
import { isDone } from "../issue-bean.ts";
import { searchIssues } from "../jql/search.ts";
import type { Board, Issue, Sprint, Value } from "../model.ts";
import { JiraRefusal, refusal } from "../refusal.ts";
import type { Operation } from "../route.ts";
import { describeValue } from "../show-value.ts";
import { canSee, findIssue, parentOf, setValue, sprintsOf, typeOf } from "../world.ts";
import { agilePage, softwarePage } from "./search.ts";

const agile = "/rest/agile/1.0";
const software = "/rest/software/1.0";

/** Boards, sprints, backlog and rank; issue lists also in their token-paged form on Cloud. */
export const agileOperations: readonly Operation[] = [
  { method: "GET", path: `${agile}/board`, run: listBoards },
  {
    method: "GET",
    path: `${agile}/board/{boardId}`,
    run: (call) => ok(boardBean(call, boardOf(call))),
  },
  { method: "GET", path: `${agile}/board/{boardId}/project`, run: listProjects },
  { method: "GET", path: `${agile}/board/{boardId}/sprint`, run: listSprints },
  {
    method: "GET",
    path: `${agile}/sprint/{sprintId}`,
    run: (call) => ok(sprintBean(call, sprintOf(call))),
  },
  { method: "POST", path: `${agile}/sprint`, run: createSprint },
  {
    method: "POST",
    path: `${agile}/sprint/{sprintId}`,
    run: (call) => changeSprint(call, bodyOf(call)),
  },
  { method: "PUT", path: `${agile}/sprint/{sprintId}`, run: replaceSprint },
  { method: "DELETE", path: `${agile}/sprint/{sprintId}`, run: deleteSprint },
  {
    method: "POST",
    path: `${agile}/sprint/{sprintId}/issue`,
    run: (call) => moveTo(call, sprintOf(call)),
  },
  { method: "POST", path: `${agile}/backlog/issue`, run: (call) => moveTo(call, undefined) },
  { method: "PUT", path: `${agile}/issue/rank`, run: rankIssues },
  ...issueLists("/board/{boardId}/issue", (call) => onBoard(boardOf(call))),
  ...issueLists("/board/{boardId}/backlog", (call) => inBacklog(call, boardOf(call))),
  ...issueLists("/sprint/{sprintId}/issue", (call) => inSprint(call, sprintOf(call))),
  ...issueLists("/board/{boardId}/sprint/{sprintId}/issue", (call) => {
    boardOf(call);
    return inSprint(call, sprintOf(call));
  }),
  ...issueLists("/epic/{epicIdOrKey}/issue", (call) => inEpic(call)),
  counted("/board/{boardId}/issue", (call) => onBoard(boardOf(call))),
  counted("/board/{boardId}/backlog", (call) => inBacklog(call, boardOf(call))),
];

type Filter = (issue: Issue) => boolean;

function issueLists(path: string, filter: (call: Call) => Filter): Operation[] {
  const find = (call: Call) =>
    searchIssues(call, call.query.get("jql") ?? "", {
      within: filter(call),
      byRank: true,
      reconcile: wordsOf(call, "reconcileIssues").map(Number),
    });
  return [
    { method: "GET", path: agile + path, run: async (call) => agilePage(call, await find(call)) },
    {
      method: "GET",
      path: software + path,
      on: "cloud",
      run: async (call) => softwarePage(call, await find(call)),
    },
  ];
}

function counted(path: string, filter: (call: Call) => Filter): Operation {
  return {
    method: "GET",
    path: `${software}${path}/approximate-count`,
    on: "cloud",
    run: async (call) => {
      const jql = call.query.get("jql") ?? "";
      return ok({ count: (await searchIssues(call, jql, { within: filter(call) })).length });
    },
  };
}

function onBoard(board: Board): Filter {
  return (issue) => issue.project === board.project;
}

function inBacklog(call: Call, board: Board): Filter {
  return (issue) =>
    issue.project === board.project &&
    typeOf(issue).level === 0 &&
    !isDone(issue) &&
    !sprintsOf(call.world, issue).some(({ state }) => state === "active");
}

function inSprint(call: Call, sprint: Sprint): Filter {
  return (issue) => sprintsOf(call.world, issue).includes(sprint);
}

function inEpic(call: Call): Filter {
  const epic = findIssue(call.world, call.user, call.params["epicIdOrKey"] ?? "");
  if (epic === undefined || typeOf(epic).level !== 1) {
    throw refusal(
      404,
      "The requested epic cannot be found or you do not have permission to see it.",
    );
  }
  return (issue) => parentOf(call.world, issue) === epic;
}

function visibleBoards(call: Call): Board[] {
  return call.world.boards.filter(({ project }) => canSee(call.user, project));
}

function boardOf(call: Call): Board {
  const id = call.params["boardId"];
  const board = visibleBoards(call).find((candidate) => String(candidate.id) === id);
  if (board === undefined) {
    throw refusal(
      404,
      "The requested board cannot be viewed because it either does not exist or you do not have permission to view it.",
    );
  }
  return board;
}

function sprintOf(call: Call): Sprint {
  const id = call.params["sprintId"];
  const sprint = call.world.sprints.find((candidate) => String(candidate.id) === id);
  const visible = visibleBoards(call).some((board) => board.id === sprint?.boardId);
  if (sprint === undefined || !visible) throw refusal(404, "Sprint does not exist");
  return sprint;
}

function listBoards(call: Call): SandboxAnswer {
  const name = call.query.get("name")?.toLowerCase() ?? "";
  const types = wordsOf(call, "type");
  const wanted = call.query.get("projectKeyOrId");
  const project = call.world.projects.find(
    (candidate) => candidate.key === wanted?.toUpperCase() || candidate.id === wanted,
  );
  if (wanted !== null && (project === undefined || !canSee(call.user, project))) {
    throw refusal(400, `No project could be found with key or id '${wanted}'.`);
  }
  const boards = visibleBoards(call).filter(
    (board) =>
      board.name.toLowerCase().includes(name) &&
      (types.length === 0 || types.includes(board.type)) &&
      (project === undefined || board.project === project),
  );
  return ok(valuesPage(pageOf(call, boards, 50, 50), (board) => boardBean(call, board)));
}

function boardBean(call: Call, board: Board): Json {
  const { id, name, type, project } = board;
  const bean = { id, self: `${call.site}${agile}/board/${id}`, name, type };
  if (call.deployment === "datacenter") return bean;
  return {
    ...bean,
    location: {
      projectId: Number(project.id),
      displayName: `${project.name} (${project.key})`,
      projectName: project.name,
      projectKey: project.key,
      projectTypeKey: project.kind,
      name: `${project.name} (${project.key})`,
    },
    isPrivate: false,
  };
}

function listProjects(call: Call): SandboxAnswer {
  const page = pageOf(call, [boardOf(call).project], 50, 50);
  return ok(valuesPage(page, (project) => shortProjectBean(call, project)));
}

function listSprints(call: Call): SandboxAnswer {
  const board = boardOf(call);
  if (board.type !== "scrum") throw refusal(400, "The board does not support sprints");
  const states = wordsOf(call, "state");
  const unknown = states.find((state) => !["future", "active", "closed"].includes(state));
  if (unknown !== undefined) throw refusal(400, `Sprint state '${unknown}' is not valid.`);
  const sprints = call.world.sprints.filter(
    ({ boardId, state }) => boardId === board.id && (states.length === 0 || states.includes(state)),
  );
  return ok(valuesPage(pageOf(call, sprints, 50, 50), (sprint) => sprintBean(call, sprint)));
}

function createSprint(call: Call): SandboxAnswer {
  const body = bodyOf(call);
  const board = visibleBoards(call).find(({ id }) => id === Number(body["originBoardId"]));
  const name = textOf(body, "name")?.trim() ?? "";
  if (board === undefined)
    throw refusal(
      404,
      "The requested board cannot be viewed because it either does not exist or you do not have permission to view it.",
    );
  if (board.type !== "scrum") throw refusal(400, "The board does not support sprints");
  checkName(name);
  const sprint: Sprint = {
    id: call.world.nextId(),
    boardId: board.id,
    name,
    goal: textOf(body, "goal") ?? "",
    state: "future",
    start: dateOf(body, "startDate"),
    end: dateOf(body, "endDate"),
  };
  call.world.sprints.push(sprint);
  return ok(sprintBean(call, sprint), 201);
}

function checkName(name: string): void {
  if (name === "" || name.length > 30) {
    const text =
      name === "" ? "Sprint name is required." : "Sprint name must be shorter than 30 characters";
    throw sprintRefusal({ name: text });
  }
}

function sprintRefusal(errors: Json): JiraRefusal {
  return new JiraRefusal({ status: 400, json: { errorMessages: [], errors } });
}

function dateOf(body: Json, name: string): Date | undefined {
  const text = textOf(body, name);
  if (text === undefined) return undefined;
  const date = new Date(text.replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));
  if (Number.isNaN(date.getTime())) throw sprintRefusal({ [name]: `Invalid date '${text}'.` });
  return date;
}

/** Everything of the sprint has to be in the body, as `PUT` replaces it. */
function replaceSprint(call: Call): SandboxAnswer {
  const body = bodyOf(call);
  const missing = ["id", "name", "state"].filter((name) => body[name] === undefined);
  if (missing.length > 0) {
    throw sprintRefusal(Object.fromEntries(missing.map((name) => [name, `${name} is required.`])));
  }
  return changeSprint(call, { startDate: null, endDate: null, goal: "", ...body });
}

const nextStates: Readonly<Record<Sprint["state"], readonly string[]>> = {
  future: ["future", "active"],
  active: ["active", "closed"],
  closed: ["closed"],
};

function changeSprint(call: Call, body: Json): SandboxAnswer {
  const sprint = sprintOf(call);
  const name = textOf(body, "name")?.trim() ?? sprint.name;
  const state = textOf(body, "state")?.toLowerCase() ?? sprint.state;
  const start = "startDate" in body ? dateOf(body, "startDate") : sprint.start;
  const end = "endDate" in body ? dateOf(body, "endDate") : sprint.end;
  checkName(name);
  if (!nextStates[sprint.state].includes(state)) {
    throw sprintRefusal({ state: `Sprint state cannot change from ${sprint.state} to ${state}.` });
  }
  if (start !== undefined && end !== undefined && end <= start) {
    throw sprintRefusal({ endDate: "The end date of a sprint must be after the start date." });
  }
  if (state === "active" && (start === undefined || end === undefined)) {
    throw sprintRefusal({
      startDate: "A start date and an end date are required to start a sprint.",
    });
  }
  if (state === "closed" && sprint.state === "active") sprint.completed = call.world.now();
  Object.assign(sprint, { name, state, start, end, goal: textOf(body, "goal") ?? sprint.goal });
  return ok(sprintBean(call, sprint));
}

function deleteSprint(call: Call): SandboxAnswer {
  const { world } = call;
  const sprint = sprintOf(call);
  if (sprint.state !== "future") throw refusal(400, "Only future sprints can be deleted.");
  world.sprints.splice(world.sprints.indexOf(sprint), 1);
  const field = fieldIds(world.deployment).sprint;
  for (const issue of world.issues.values()) {
    const list = sprintsOf(world, issue);
    if (list.includes(sprint))
      setValue(issue, field, sprintValue(list.filter((s) => s !== sprint)));
  }
  return noContent;
}

function sprintValue(list: readonly Sprint[]): Value | undefined {
  return list.length === 0 ? undefined : { kind: "sprints", list };
}

/** Moves issues into a sprint, or out of every open one; at most 50, all or nothing. */
function moveTo(call: Call, sprint: Sprint | undefined): SandboxAnswer {
  const issues = namedIssues(call);
  if (sprint?.state === "closed") throw refusal(400, "Issues cannot be moved to a closed sprint.");
  const { world } = call;
  const field = fieldIds(world.deployment).sprint;
  for (const issue of issues) {
    const closed = sprintsOf(world, issue).filter(({ state }) => state === "closed");
    const before = describeValue(call, issue.values.get(field));
    const value = sprintValue(sprint === undefined ? closed : [...closed, sprint]);
    setValue(issue, field, value);
    const after = describeValue(call, value);
    const names = { from: before.id, fromString: before.text, to: after.id, toString: after.text };
    record(call, issue, [{ field: "Sprint", fieldId: field, custom: true, ...names }]);
  }
  return noContent;
}

function namedIssues(call: Call): Issue[] {
  const wanted = listOf(bodyOf(call), "issues");
  if (wanted.length === 0 || wanted.length > 50) {
    throw refusal(400, "The number of issues must be between 1 and 50.");
  }
  return wanted.map((idOrKey) => {
    const issue = findIssue(call.world, call.user, idOrKey);
    if (issue === undefined)
      throw refusal(
        404,
        `Issue '${idOrKey}' does not exist or you do not have permission to see it.`,
      );
    return issue;
  });
}

function rankIssues(call: Call): SandboxAnswer {
  const body = bodyOf(call);
  const issues = namedIssues(call);
  const before = textOf(body, "rankBeforeIssue");
  const target = findIssue(call.world, call.user, before ?? textOf(body, "rankAfterIssue") ?? "");
  if (target === undefined) throw refusal(400, "Give rankBeforeIssue or rankAfterIssue.");
  const rest = [...call.world.issues.values()]
    .filter((issue) => !issues.includes(issue))
    .sort((a, b) => a.rank - b.rank);
  rest.splice(rest.indexOf(target) + (before === undefined ? 1 : 0), 0, ...issues);
  rest.forEach((issue, rank) => {
    issue.rank = rank;
  });
  return noContent;
}

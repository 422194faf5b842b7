import type { FunctionOperand } from "@atlaskit/jql-ast";
import type { Call } from "../call.ts";
import { groups } from "../catalog.ts";
import { findIssue } from "../world.ts";
import { type CalendarUnit, calendarEdge } from "./dates.ts";
import { JqlProblem } from "./parse.ts";

/** Tokens of a function for fields that match by token; throws for an unknown function. */
export function functionTokens(call: Call, operand: FunctionOperand): readonly string[] {
  const { world, user } = call;
  const sprints = (...states: readonly string[]) =>
    world.sprints.filter(({ state }) => states.includes(state)).map(({ id }) => String(id));
  const versions = (released: boolean) =>
    world.projects.flatMap((project) =>
      project.versions.filter((version) => version.released === released).map(({ id }) => id),
    );
  const types = (subtask: boolean) =>
    world.projects.flatMap(({ issueTypes }) =>
      issueTypes.filter((type) => type.subtask === subtask).map(({ id }) => id),
    );
  switch (operand.function.value.toLowerCase()) {
    case "currentuser":
      return [user.accountId];
    case "membersof":
      return members(call, operand);
    case "opensprints":
      return sprints("active");
    case "closedsprints":
      return sprints("closed");
    case "futuresprints":
      return sprints("future");
    case "releasedversions":
      return versions(true);
    case "unreleasedversions":
      return versions(false);
    case "standardissuetypes":
      return types(false);
    case "subtaskissuetypes":
      return types(true);
    case "linkedissues":
      return linked(call, operand);
    default:
      throw unknownFunction(operand);
  }
}

/** Instant of a date function; throws for an unknown function. */
export function functionInstant(call: Call, operand: FunctionOperand): number {
  const name = operand.function.value.toLowerCase();
  const now = call.world.now().getTime();
  if (name === "now") return now;
  const [, edge, unit] = /^(start|end)of(day|week|month|year)$/.exec(name) ?? [];
  if (edge === undefined || unit === undefined) throw unknownFunction(operand);
  const increment = operand.arguments[0]?.value;
  const instant = calendarEdge(
    edge === "start" ? "start" : "end",
    // The expression above admits these four words only.
    unit as CalendarUnit,
    increment,
    now,
    call.user.timeZone,
  );
  if (instant === undefined) {
    throw new JqlProblem(
      `The argument '${String(increment)}' of function '${operand.function.value}' is not valid.`,
    );
  }
  return instant;
}

function members(call: Call, operand: FunctionOperand): string[] {
  const group = operand.arguments[0]?.value ?? "";
  if (!groups.includes(group)) {
    throw new JqlProblem(
      `Function 'membersOf' can not generate a list of usernames for group '${group}'; the group does not exist.`,
    );
  }
  const everybody = call.world.users.filter(({ active }) => active);
  const inGroup = group === "jira-software-users" ? everybody : everybody.slice(0, 1);
  return inGroup.map(({ accountId }) => accountId);
}

function linked(call: Call, operand: FunctionOperand): string[] {
  const [key, phrase] = operand.arguments.map(({ value }) => value);
  const issue = findIssue(call.world, call.user, key ?? "");
  if (issue === undefined) {
    throw new JqlProblem(`Issue '${String(key)}' could not be found in function 'linkedIssues'.`);
  }
  return [...call.world.links.values()].flatMap(({ type, source, target }) => {
    if (source === issue.id && (phrase ?? type.outward) === type.outward) return [String(target)];
    if (target === issue.id && (phrase ?? type.inward) === type.inward) return [String(source)];
    return [];
  });
}

function unknownFunction(operand: FunctionOperand): JqlProblem {
  return new JqlProblem(`Unable to find JQL function '${operand.function.value}()'.`);
}

import type { Operand, TerminalClause } from "@atlaskit/jql-ast";
import type { Call } from "../call.ts";
import type { Change, History, Issue } from "../model.ts";
import { type ClauseField, clauseField } from "./clause-fields.ts";
import { functionInstant } from "./functions.ts";
import { dateOf, operandTokens } from "./operands.ts";
import { JqlProblem } from "./parse.ts";

const withHistory = ["status", "resolution", "priority", "assignee", "reporter"];

type Test = (issue: Issue) => boolean;

type Accepts = (history: History, change: Change) => boolean;

/** `was`, `was in`, `was not`, `was not in` and `changed` with their predicates. */
export function historyTest(call: Call, field: ClauseField, clause: TerminalClause): Test {
  const operator = clause.operator?.value ?? "changed";
  if (!withHistory.includes(field.name)) {
    throw new JqlProblem(
      `The operator '${operator}' is not supported by the '${field.name}' field.`,
    );
  }
  const accepted = clause.predicates.map(({ operator: predicate, operand }) =>
    predicateTest(call, field, predicate.value, operand ?? undefined),
  );
  const accepts: Accepts = (history, change) => accepted.every((test) => test(history, change));
  if (operator === "changed") {
    return (issue) => changesOf(issue, field).some(([history, change]) => accepts(history, change));
  }
  if (clause.operand === undefined)
    throw new JqlProblem("Error in the JQL Query: a value is missing.");
  const wanted = new Set(operandTokens(call, field, clause.operand));
  const was: Test = (issue) =>
    (accepted.length === 0 && (field.tokens?.(issue) ?? []).some((token) => wanted.has(token))) ||
    changesOf(issue, field).some(
      ([history, change]) =>
        accepts(history, change) &&
        [change.from, change.to].some((id) => id !== null && wanted.has(id)),
    );
  return operator.includes("not") ? (issue) => !was(issue) : was;
}

function changesOf(issue: Issue, field: ClauseField): (readonly [History, Change])[] {
  return issue.history.flatMap((history) =>
    history.changes
      .filter((change) => change.fieldId === field.name)
      .map((change) => [history, change] as const),
  );
}

function predicateTest(
  call: Call,
  field: ClauseField,
  predicate: string,
  operand: Operand | undefined,
): Accepts {
  if (operand === undefined) throw new JqlProblem("Error in the JQL Query: a value is missing.");
  switch (predicate.toLowerCase()) {
    case "from":
    case "to": {
      const wanted = new Set(operandTokens(call, field, operand));
      const side = predicate.toLowerCase() === "from" ? "from" : "to";
      return (_history, change) => wanted.has(change[side] ?? "");
    }
    case "by": {
      const people = clauseField(call, "assignee");
      const wanted = people === undefined ? [] : operandTokens(call, people, operand);
      return (history) => wanted.includes(history.author.accountId);
    }
    case "before": {
      const [bound] = instants(call, field, operand);
      return (history) => history.created.getTime() < (bound ?? 0);
    }
    case "after": {
      const [bound] = instants(call, field, operand);
      return (history) => history.created.getTime() > (bound ?? 0);
    }
    case "on": {
      const [start = 0] = instants(call, field, operand);
      return ({ created }) => +created >= start && +created < start + 86_400_000;
    }
    default: {
      const [start = 0, end = Number.POSITIVE_INFINITY] = instants(call, field, operand);
      return ({ created }) => +created >= start && +created <= end;
    }
  }
}

function instants(call: Call, field: ClauseField, operand: Operand): number[] {
  switch (operand.operandType) {
    case "list":
      return operand.values.flatMap((value) => instants(call, field, value));
    case "function":
      return [functionInstant(call, operand)];
    case "value":
      return [dateOf(call, field, operand.value)];
    case "keyword":
      return [];
  }
}

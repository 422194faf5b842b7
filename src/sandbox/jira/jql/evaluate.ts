import type { Clause, Operand, TerminalClause } from "@atlaskit/jql-ast";
import type { Call } from "../call.ts";
import type { Issue } from "../model.ts";
import { type ClauseField, clauseField } from "./clause-fields.ts";
import { historyTest } from "./history.ts";
import { operandNumbers, operandTokens } from "./operands.ts";
import { JqlProblem } from "./parse.ts";
import { matchesText } from "./text-match.ts";

export type Test = (issue: Issue) => boolean;

/** Turns a clause into a test. Problems of all its parts are collected in `problems`. */
export function compileClause(call: Call, clause: Clause, problems: string[]): Test {
  switch (clause.clauseType) {
    case "compound": {
      const tests = clause.clauses.map((part) => compileClause(call, part, problems));
      return clause.operator.value === "and"
        ? (issue) => tests.every((test) => test(issue))
        : (issue) => tests.some((test) => test(issue));
    }
    case "not": {
      const test = compileClause(call, clause.clause, problems);
      return (issue) => !test(issue);
    }
    case "terminal":
      try {
        return compileTerminal(call, clause);
      } catch (error) {
        if (!(error instanceof JqlProblem)) throw error;
        problems.push(error.message);
        return () => false;
      }
  }
}

/** Throws for a name that is no field. */
export function knownField(call: Call, name: string): ClauseField {
  const field = clauseField(call, name);
  if (field === undefined) {
    throw new JqlProblem(
      `Field '${name}' does not exist or you do not have permission to view it.`,
    );
  }
  return field;
}

const operatorsOf: Readonly<Record<ClauseField["kind"], readonly string[]>> = {
  match: ["=", "!=", "in", "not in", "is", "is not"],
  text: ["~", "!~", "is", "is not"],
  date: ["=", "!=", "<", "<=", ">", ">=", "in", "not in", "is", "is not"],
  number: ["=", "!=", "<", "<=", ">", ">=", "in", "not in", "is", "is not"],
};

function compileTerminal(call: Call, clause: TerminalClause): Test {
  const field = knownField(call, clause.field.value);
  const operator = clause.operator?.value;
  if (operator === undefined)
    throw new JqlProblem("Error in the JQL Query: an operator is missing.");
  if (operator === "changed" || operator.startsWith("was")) return historyTest(call, field, clause);
  const ordered = field.rank !== undefined && ["<", "<=", ">", ">="].includes(operator);
  if (!operatorsOf[field.kind].includes(operator) && !ordered) {
    throw new JqlProblem(
      `The operator '${operator}' is not supported by the '${field.name}' field.`,
    );
  }
  const { operand } = clause;
  if (operand === undefined) throw new JqlProblem("Error in the JQL Query: a value is missing.");
  const negative = operator === "!=" || operator === "!~" || operator.includes("not");
  if (isEmptyOperand(field, operand)) {
    return negative ? (issue) => !isEmpty(field, issue) : (issue) => isEmpty(field, issue);
  }
  const positive = compareTest(call, field, operator, operand);
  // An empty field is neither equal nor unequal to a value.
  return negative ? (issue) => !isEmpty(field, issue) && !positive(issue) : positive;
}

function compareTest(call: Call, field: ClauseField, operator: string, operand: Operand): Test {
  if (field.kind === "text") {
    const query = operand.operandType === "value" ? operand.value : "";
    return (issue) => matchesText(field.text?.(issue) ?? "", query);
  }
  if (field.kind === "match") {
    const wanted = operandTokens(call, field, operand);
    const { rank } = field;
    if (rank !== undefined && /[<>]/.test(operator)) {
      const [bound] = wanted;
      const compare = comparison(operator);
      const bounds = bound === undefined ? Number.NaN : rank(bound);
      return (issue) => (field.tokens?.(issue) ?? []).some((token) => compare(rank(token), bounds));
    }
    const set = new Set(wanted);
    return (issue) => (field.tokens?.(issue) ?? []).some((token) => set.has(token));
  }
  const bounds = operandNumbers(call, field, operand);
  const compare = comparison(operator);
  return (issue) => {
    const value = field.number?.(issue);
    return value !== undefined && bounds.some((bound) => compare(value, bound));
  };
}

function comparison(operator: string): (value: number, bound: number) => boolean {
  switch (operator) {
    case "<":
      return (value, bound) => value < bound;
    case "<=":
      return (value, bound) => value <= bound;
    case ">":
      return (value, bound) => value > bound;
    case ">=":
      return (value, bound) => value >= bound;
    default:
      return (value, bound) => value === bound;
  }
}

function isEmptyOperand(field: ClauseField, operand: Operand): boolean {
  if (operand.operandType === "keyword") return true;
  const value = operand.operandType === "value" ? operand.value.toLowerCase() : "";
  return field.name === "resolution" && value === "unresolved";
}

function isEmpty(field: ClauseField, issue: Issue): boolean {
  if (field.kind === "text") return (field.text?.(issue) ?? "") === "";
  if (field.kind === "match") return (field.tokens?.(issue) ?? []).length === 0;
  return field.number?.(issue) === undefined;
}

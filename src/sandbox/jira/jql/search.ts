import type { OrderBy } from "@atlaskit/jql-ast";
import type { Call } from "../call.ts";
import type { Issue } from "../model.ts";
import { refusal } from "../refusal.ts";
import { canSee } from "../world.ts";
import type { ClauseField } from "./clause-fields.ts";
import { compileClause, knownField, type Test } from "./evaluate.ts";
import { JqlProblem, parseJql } from "./parse.ts";

export interface SearchOptions {
  /** Cloud refuses a query without a restriction. */
  readonly mustBeBounded?: boolean | undefined;
  /** Restricts the result further: the issues of a board, say. */
  readonly within?: Test | undefined;
  /** Order where the query has none; default newest first. */
  readonly byRank?: boolean | undefined;
  /** Ids that are found although the index has not seen them yet. */
  readonly reconcile?: readonly number[] | undefined;
}

const maxSortFields = 7;

/** What the query finds for the caller, in order. Throws a 400 with every problem of the query. */
export async function searchIssues(
  call: Call,
  jql: string,
  options: SearchOptions = {},
): Promise<Issue[]> {
  const compiled = await compile(call, jql);
  if (compiled.problems.length > 0) throw refusal(400, ...compiled.problems);
  if (options.mustBeBounded === true && !compiled.bounded) {
    throw refusal(
      400,
      "Unbounded JQL queries are not allowed here. Please add a search restriction to your query.",
    );
  }
  const { world, user } = call;
  const indexedUntil = world.now().getTime() - world.indexLagMs;
  const fresh = new Set(options.reconcile ?? []);
  const found = [...world.issues.values()].filter(
    (issue) =>
      canSee(user, issue.project) &&
      (issue.created.getTime() <= indexedUntil || fresh.has(issue.id)) &&
      (options.within?.(issue) ?? true) &&
      compiled.test(issue),
  );
  const fallback = options.byRank === true ? byRank : newestFirst;
  return found.sort(compiled.compare ?? fallback);
}

/** Problems of a query, syntax first; empty for one that would run. */
export async function problemsOf(call: Call, jql: string): Promise<readonly string[]> {
  return (await compile(call, jql)).problems;
}

interface Compiled {
  readonly test: Test;
  readonly compare: ((a: Issue, b: Issue) => number) | undefined;
  readonly bounded: boolean;
  readonly problems: readonly string[];
}

async function compile(call: Call, jql: string): Promise<Compiled> {
  const { query, errors } = await parseJql(jql);
  const nothing = { test: () => false, compare: undefined, bounded: false };
  if (errors.length > 0) return { ...nothing, problems: errors.slice(0, 1) };
  const problems: string[] = [];
  const where = query?.where;
  const test = where === undefined ? () => true : compileClause(call, where, problems);
  const orderBy = query?.orderBy;
  const compare = orderBy === undefined ? undefined : compileOrder(call, orderBy, problems);
  return { test, compare, bounded: where !== undefined, problems };
}

function newestFirst(a: Issue, b: Issue): number {
  return b.created.getTime() - a.created.getTime() || b.id - a.id;
}

function byRank(a: Issue, b: Issue): number {
  return a.rank - b.rank || a.id - b.id;
}

function compileOrder(
  call: Call,
  orderBy: OrderBy,
  problems: string[],
): (a: Issue, b: Issue) => number {
  if (orderBy.fields.length > maxSortFields) {
    problems.push(`The maximum number of ORDER BY fields is ${maxSortFields}.`);
  }
  const comparisons: ((a: Issue, b: Issue) => number)[] = [];
  for (const { field, direction } of orderBy.fields) {
    try {
      const known = knownField(call, field.value);
      const descending = direction?.value.toUpperCase() === "DESC";
      comparisons.push((a, b) => {
        const order = compareKeys(sortKey(known, a), sortKey(known, b));
        return descending ? -order : order;
      });
    } catch (error) {
      if (!(error instanceof JqlProblem)) throw error;
      problems.push(error.message);
    }
  }
  return (a, b) => {
    for (const compare of comparisons) {
      const order = compare(a, b);
      if (order !== 0) return order;
    }
    return a.id - b.id;
  };
}

function sortKey(field: ClauseField, issue: Issue): string | number | undefined {
  if (field.kind === "date" || field.kind === "number") return field.number?.(issue);
  if (field.kind === "text") return field.text?.(issue).toLowerCase();
  const [first] = field.tokens?.(issue) ?? [];
  // Ascending priority starts with the lowest.
  if (field.rank !== undefined && field.name === "priority") {
    return first === undefined ? undefined : field.rank(first);
  }
  return field.sort === undefined ? first : field.sort(issue);
}

function compareKeys(a: string | number | undefined, b: string | number | undefined): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  if (b === undefined) return -1;
  return a < b ? -1 : 1;
}

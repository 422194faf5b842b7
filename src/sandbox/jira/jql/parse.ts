import type { JQLParseError, JQLSyntaxError, Query } from "@atlaskit/jql-ast";

/** A query that Jira would not run; the message is the one of its answer. */
export class JqlProblem extends Error {
  override readonly name = "JqlProblem";
}

export interface ParsedJql {
  readonly query: Query | undefined;
  /** Syntax errors in Jira's words, empty for a well-formed query. */
  readonly errors: readonly string[];
}

/** Benchmarks repeat queries; the parser needs half a millisecond for each. */
const cacheSize = 200;

const cache = new Map<string, ParsedJql>();

/** Parses with Atlassian's own parser, which is loaded on first use. */
export async function parseJql(jql: string): Promise<ParsedJql> {
  const known = cache.get(jql);
  if (known !== undefined) return known;
  const { JastBuilder } = await import("@atlaskit/jql-ast");
  const { query, errors } = new JastBuilder().build(jql);
  const parsed = { query: query ?? undefined, errors: errors.map((error) => describe(jql, error)) };
  if (cache.size >= cacheSize) cache.clear();
  cache.set(jql, parsed);
  return parsed;
}

function describe(jql: string, error: JQLParseError): string {
  const prefix = "Error in the JQL Query:";
  if (!isSyntaxError(error)) return `${prefix} ${error.message}`;
  if (error.start >= jql.trimEnd().length) {
    return `${prefix} Expecting either a value, list or function before the end of the query.`;
  }
  const found = /^\S+/.exec(jql.slice(error.start))?.[0] ?? "";
  const where = `(line ${error.line}, character ${error.charPositionInLine + 1})`;
  const expected = /expecting \{?<EOF>/.test(error.message)
    ? "either 'OR' or 'AND'"
    : "a field name, an operator or a value";
  return `${prefix} Expecting ${expected} but got '${found}'. ${where}`;
}

function isSyntaxError(error: JQLParseError): error is JQLSyntaxError {
  return "start" in error && "charPositionInLine" in error;
}

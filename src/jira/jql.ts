import { AtlassianMcpError } from "../errors.ts";

/**
 * Narrows a query to projects: `(where) AND project IN (…)`, ORDER BY kept. Works on the syntax tree, so that no part
 * of the query can escape the restriction.
 *
 * @throws AtlassianMcpError `input` when the query does not parse.
 */
export async function restrictToProjects(
  jql: string,
  projectKeys: readonly string[],
): Promise<string> {
  // Loaded when needed: the parser is large and most set-ups have no filter.
  const { JastBuilder, creators, print } = await import("@atlaskit/jql-ast");
  const builder = new JastBuilder();
  const text = quoteProjectKeys(jql).trim();
  const parsed = builder.build(text);
  const problem = parsed.errors[0];
  if (problem !== undefined || (parsed.query === undefined && text !== "")) {
    throw notJql(problem?.message ?? "it cannot be read");
  }
  const list = projectKeys.map(quoted).join(", ");
  const restriction = builder.build(`project IN (${list})`).query?.where;
  if (restriction === undefined) throw notJql("the project filter cannot be read");
  const where = parsed.query?.where;
  const all = where
    ? creators.compoundClause(creators.compoundOperator("and"), [where, restriction])
    : restriction;
  const query = creators.query(all, parsed.query?.orderBy ?? undefined);
  return print(creators.jast(query), { operatorCase: "upper", printWidth: null });
}

/** True for a query that is empty or only sorts. */
export function isUnbounded(jql: string): boolean {
  return /^\s*($|order\s+by\b)/i.test(jql);
}

/**
 * Puts project keys that are reserved words of JQL into quotes (`project = AND` → `project = "AND"`), outside of
 * strings and nowhere else.
 */
export function quoteProjectKeys(jql: string): string {
  let state: "" | "field" | "value" | "list" = "";
  const next = (token: string): typeof state => {
    const word = token.toLowerCase();
    if (state === "list") return token === ")" ? "" : "list";
    if (state === "field" && (token === "=" || token === "!=")) return "value";
    if (state === "field" && word === "in") return "list";
    if (state === "field" && word === "not") return "field";
    return state === "" && (word === "project" || word === '"project"') ? "field" : "";
  };
  return (jql.match(TOKEN) ?? [])
    .map((token) => {
      if (/^\s+$/.test(token)) return token;
      const isValue = state === "value" || state === "list";
      state = next(token);
      return isValue && RESERVED.has(token.toLowerCase()) ? quoted(token) : token;
    })
    .join("");
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

function notJql(problem: string): AtlassianMcpError {
  return new AtlassianMcpError(
    "input",
    `The JQL cannot be limited to the allowed projects: ${problem}.`,
    {
      fields: { jql: problem },
      next: 'Correct the JQL; texts with blanks or reserved words go into double quotes, e.g. project = "AND".',
    },
  );
}

/** Strings with escapes, blanks, words, single signs. An open string goes to the end: looked at once, not once a quote. */
const TOKEN = /"(?:[^"\\]|\\.?)*(?:"|$)|'(?:[^'\\]|\\.?)*(?:'|$)|\s+|!=|[^\s(),"'=!]+|./gsu;

const RESERVED = new Set(
  `abort access add after alias all alter and any are as asc at audit avg be before begin between boolean break but by
  byte catch cf char character check checkpoint collate collation column commit connect continue count create current
  date decimal declare decrement default defaults define delete delimiter desc difference distinct divide do double
  drop else empty encoding end equals escape exclusive exec execute exists explain false fetch file field first float
  for from function go goto grant greater group having identified if immediate in increment index initial inner inout
  input insert int integer intersect intersection into is isempty isnull it join last left less like limit lock long
  max min minus mode modify modulo more multiply next no noaudit not notin nowait null number object of on option or
  order outer output power previous prior privileges public raise raw remainder rename resource return returns revoke
  right row rowid rownum rows select session set share size sqrt start strict string subtract such sum synonym table
  that the their then there these they this to trans transaction trigger true uid union unique update user validate
  values view was when whenever where while will with`.split(/\s+/),
);

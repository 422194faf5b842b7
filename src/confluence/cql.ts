import { AtlassianMcpError } from "../errors.ts";

interface Token {
  readonly kind: "string" | "word" | "operator" | "open" | "close" | "comma";
  /** As written; strings with their quotes. */
  readonly text: string;
  readonly at: number;
}

/** Fields of CQL, in lower case. Words before an operator that are none of these may be plain text. */
const fields = new Set(
  [
    "ancestor container content content.property created creator creator.fullname contributor contributor.fullname",
    "currentspace favourite favorite id label lastmodified macro mention parent sitesearch space space.category",
    "space.key space.title space.type status text title type user user.accountid user.fullname user.userkey",
    "user.username watcher author",
  ].flatMap((line) => line.split(" ")),
);

const tokenPattern =
  /\s+|"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'|[()]|,|!=|!~|<=|>=|[=~<>]|[^\s"'()=!~<>,\\]+|[\s\S]/g;

/** What keeps a text from being read as CQL. */
type Fault = "quote" | "backslash" | "bracket" | "character";

function tokenize(cql: string): { tokens: Token[]; fault?: Fault } {
  const tokens: Token[] = [];
  for (const match of cql.matchAll(tokenPattern)) {
    const text = match[0];
    const kind = kindOf(text);
    if (kind === "blank") continue;
    if (kind === "quote" || kind === "backslash" || kind === "character") {
      return { tokens, fault: kind };
    }
    tokens.push({ kind, text, at: match.index });
  }
  return { tokens };
}

function kindOf(text: string): Token["kind"] | Exclude<Fault, "bracket"> | "blank" {
  if (/^\s/.test(text)) return "blank";
  if (text.length > 1 && /^["']/.test(text)) return "string";
  switch (text) {
    case '"':
    case "'":
      return "quote";
    case "\\":
      return "backslash";
    case "!":
      return "character";
    case "(":
      return "open";
    case ")":
      return "close";
    case ",":
      return "comma";
    default:
      return /^[=!~<>]/.test(text) ? "operator" : "word";
  }
}

/**
 * True for CQL, false for words to search for. CQL has a known field followed by an operator outside quotes, or begins
 * with `ORDER BY`; `cats and dogs`, `a = b` and `"x = y"` are words.
 */
export function isCql(text: string): boolean {
  const { tokens } = tokenize(text);
  return tokens.some((token, index) => {
    if (token.kind !== "word") return false;
    const [next, afterNext] = [tokens[index + 1], tokens[index + 2]];
    if (index === 0 && isWord(token, "order"))
      return isWord(next, "by") && isField(afterNext?.text);
    if (!isField(token.text) || !startsClause(tokens, index) || next === undefined) return false;
    if (next.kind === "operator") return true;
    const list = isWord(next, "not") ? tokens[index + 3] : afterNext;
    return (isWord(next, "in") || (isWord(next, "not") && isWord(afterNext, "in"))) && isList(list);
  });
}

function isField(word = ""): boolean {
  const name = word.toLowerCase();
  return fields.has(name) || name.startsWith("content.property[");
}

function startsClause(tokens: readonly Token[], index: number): boolean {
  const before = tokens[index - 1];
  return (
    before === undefined ||
    before.kind === "open" ||
    ["and", "or", "not"].some((word) => isWord(before, word))
  );
}

/** `(…)` or a function such as `childrenOf(…)`. */
function isList(token: Token | undefined): boolean {
  return token?.kind === "open" || token?.kind === "word";
}

function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === "word" && token.text.toLowerCase() === word;
}

/** Any text as a string of CQL, quotes included. */
export function cqlText(text: string): string {
  return `"${text.replace(/[\\"]/g, "\\$&").replace(/\s+/g, " ").trim()}"`;
}

/** The contents of the quoted strings in a CQL, unescaped. */
export function quotedValues(cql: string): string[] {
  return tokenize(cql)
    .tokens.filter(({ kind }) => kind === "string")
    .map(({ text }) => text.slice(1, -1).replace(/\\([\s\S])/g, "$1"));
}

/**
 * The query, limited to the spaces: `(query) AND space IN (…) ORDER BY …`. Without spaces the query as it is.
 *
 * @throws AtlassianMcpError `input` when quotes or brackets do not match, because a condition added to such a text
 *   could be escaped from.
 */
export function withinSpaces(cql: string, spaces: readonly string[] | undefined): string {
  const { tokens, fault } = tokenize(cql);
  const problem = fault ?? bracketFault(tokens);
  if (problem !== undefined) throw malformed(problem);
  if (spaces === undefined) return cql;
  const condition = `space IN (${spaces.map(cqlText).join(", ")})`;
  const order = orderByPosition(tokens);
  const where = cql.slice(0, order).trim();
  const rest = order === undefined ? "" : ` ${cql.slice(order).trim()}`;
  return where === "" ? `${condition}${rest}` : `(${where}) AND ${condition}${rest}`;
}

function bracketFault(tokens: readonly Token[]): Fault | undefined {
  let depth = 0;
  for (const { kind } of tokens) {
    if (kind === "open") depth += 1;
    if (kind === "close") depth -= 1;
    if (depth < 0) return "bracket";
  }
  return depth === 0 ? undefined : "bracket";
}

function orderByPosition(tokens: readonly Token[]): number | undefined {
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    if (token.kind === "open") depth += 1;
    if (token.kind === "close") depth -= 1;
    if (depth === 0 && isWord(token, "order") && isWord(tokens[index + 1], "by")) return token.at;
  }
  return undefined;
}

function malformed(fault: Fault): AtlassianMcpError {
  const message = {
    quote: "The CQL has a quote that is not closed",
    backslash: "The CQL has a backslash outside quotes",
    bracket: "The CQL has brackets that do not match",
    character: "The CQL has an exclamation mark that belongs to no operator",
  }[fault];
  return new AtlassianMcpError("input", message, {
    fields: { query: "is not well-formed CQL" },
    next: 'Put values in double quotes and escape quotes inside them, e.g. title ~ "a \\"b\\" c".',
  });
}

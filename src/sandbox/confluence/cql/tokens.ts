export interface Token {
  readonly kind: "word" | "string" | "operator" | "end";
  /** Of a string: its text without quotes and escapes. */
  readonly text: string;
}

/** A query that cannot be read. */
export class CqlSyntaxError extends Error {
  override readonly name = "CqlSyntaxError";
}

const space = /[ \t\r\n]+/y;
const operator = /!=|!~|>=|<=|[=~<>(),]/y;
const word = /[^ \t\r\n=~<>(),!"']+/y;
const quoted = /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/sy;

function match(pattern: RegExp, source: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(source);
}

/** Cuts a query into tokens, the last of which is `end`. @throws CqlSyntaxError */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < source.length) {
    const blank = match(space, source, at);
    if (blank !== null) {
      at += blank[0].length;
      continue;
    }
    const found =
      match(operator, source, at) ?? match(quoted, source, at) ?? match(word, source, at);
    if (found === null) throw new CqlSyntaxError(`unexpected character at ${at}`);
    const inner = found[1] ?? found[2];
    if (inner !== undefined) tokens.push({ kind: "string", text: inner.replace(/\\(.)/gs, "$1") });
    else {
      const kind = /^[=~<>(),!]/.test(found[0]) ? "operator" : "word";
      tokens.push({ kind, text: found[0] });
    }
    at += found[0].length;
  }
  tokens.push({ kind: "end", text: "" });
  return tokens;
}

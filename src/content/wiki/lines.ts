import { matchAt } from "./grammar.ts";
import { isAlone, type Token } from "./macros.ts";
import type { Reading } from "./read-inline.ts";

// Longer runs of list signs are drawn lines; two or three hyphens are dashes.
const LIST_AT = /[ \t]*(?!--+[ \t])([*#-]{1,20})[ \t]+(?=\S)/y;
const HEADING_AT = /[ \t]*h([1-6])\.[ \t]+/y;
const QUOTE_AT = /[ \t]*bq\.[ \t]+/y;
const RULE_AT = /[ \t]*-{4,5}(?!-)[ \t]*/y;
const TABLE_AT = /[ \t]*\|(?!\|*[ \t]*(?:\n|$))/y;
const BLANK_AT = /[ \t]*/y;

/** What a line begins with. `end` is the index behind the sign. */
export type Start =
  | { readonly kind: "blank" | "table" | "rule" | "quote"; readonly end: number }
  | { readonly kind: "heading"; readonly end: number; readonly level: number }
  | { readonly kind: "list"; readonly end: number; readonly signs: string }
  | { readonly kind: "macro"; readonly end: number; readonly token: Token };

/** What begins at the start of a line, or `undefined` for the text of a paragraph. */
export function startAt(index: number, end: number, reading: Reading): Start | undefined {
  const { text } = reading;
  const lineEnd = (match: RegExpExecArray | undefined) => {
    const stop = index + (match?.[0].length ?? 0);
    return match !== undefined && (stop >= end || text[stop] === "\n") ? stop : undefined;
  };
  const blank = lineEnd(matchAt(BLANK_AT, text, index));
  if (blank !== undefined) return { kind: "blank", end: Math.min(end, blank) };
  const rule = lineEnd(matchAt(RULE_AT, text, index));
  if (rule !== undefined) return { kind: "rule", end: rule };
  const list = matchAt(LIST_AT, text, index);
  if (list?.[1] !== undefined && index + list[0].length < end) {
    return { kind: "list", end: index + list[0].length, signs: list[1] };
  }
  const heading = matchAt(HEADING_AT, text, index);
  if (heading !== undefined) {
    return { kind: "heading", end: index + heading[0].length, level: Number(heading[1]) };
  }
  const quote = matchAt(QUOTE_AT, text, index);
  if (quote !== undefined) return { kind: "quote", end: index + quote[0].length };
  if (matchAt(TABLE_AT, text, index) !== undefined) return { kind: "table", end: index };
  let start = index;
  while (start < end && (text[start] === " " || text[start] === "\t")) start += 1;
  const token = reading.tokens.get(start);
  return token !== undefined && token.end <= end && isBlockToken(token, reading)
    ? { kind: "macro", end: token.end, token }
    : undefined;
}

const BLOCK_MACROS = new Set([
  "code",
  "expand",
  "info",
  "noformat",
  "note",
  "panel",
  "quote",
  "tip",
  "warning",
]);

/** True for a macro that is a block wherever it stands. */
function isBlockToken(token: Token, { text }: Reading): boolean {
  if (token.kind === "mono" || token.name === "status") return false;
  if (token.kind === "single") return isAlone(text, token.start, token.end);
  if (BLOCK_MACROS.has(token.name)) return true;
  const body = text.slice(token.bodyStart, token.bodyEnd);
  if (token.name === "color") return /\n[ \t]*\n/.test(body) || /^[ \t]*\n/.test(body);
  return body.includes("\n");
}

/**
 * End of the text that begins at an index: the first line end where `isOver` holds for the next
 * line, or the start of a block macro. Macros within the line are stepped over.
 */
export function textEnd(
  index: number,
  end: number,
  reading: Reading,
  isOver: (nextLine: number) => boolean,
  overBlocks = false,
): number {
  const { text, tokens } = reading;
  for (let at = index; at < end; at += 1) {
    const char = text[at];
    if (char === "\\") at += 1;
    if (char === "\n" && isOver(at + 1)) return at;
    const token = char === "{" ? tokens.get(at) : undefined;
    if (token === undefined || token.end > end) continue;
    if (!overBlocks && isBlockToken(token, reading)) return at;
    at = token.end - 1;
  }
  return end;
}

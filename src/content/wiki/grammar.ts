import { entityText } from "../storage/entities.ts";
import type { Mark, PanelKind } from "../tree.ts";

/** Phrase signs and their marks. A citation is emphasis in the tree. */
export const SIGNS: ReadonlyMap<string, Mark> = new Map<string, Mark>([
  ["*", { kind: "strong" }],
  ["_", { kind: "em" }],
  ["+", { kind: "underline" }],
  ["-", { kind: "strike" }],
  ["~", { kind: "sub" }],
  ["^", { kind: "sup" }],
  ["??", { kind: "em" }],
]);

/** Characters that a backslash makes literal. */
export const ESCAPABLE = "*_-+^~?!{}[]|#";

/** Deepest nesting of macros that is read, and of blocks that is written. */
export const MAX_DEPTH = 100;

/** Deepest nesting of lists: longer runs of list signs are drawn lines. */
export const MAX_SIGNS = 20;

/** Jira Cloud's own colours for panels in wiki markup; plain panels are all that every Jira knows. */
export const PANEL_COLORS: ReadonlyMap<PanelKind, string> = new Map([
  ["info", "#deebff"],
  ["note", "#eae6ff"],
  ["success", "#e3fcef"],
  ["warning", "#fffae6"],
  ["error", "#ffebe6"],
]);

/** Text colours that stand for a status, after the colours of Atlassian's lozenges. */
export const STATUS_COLORS: ReadonlyMap<string, string> = new Map([
  ["neutral", "#42526e"],
  ["purple", "#403294"],
  ["blue", "#0747a6"],
  ["red", "#bf2600"],
  ["yellow", "#ff991f"],
  ["green", "#006644"],
]);

/** Sticky patterns, to be tried at an index with {@link matchAt}. */
const URL_AT = /(?:(?:https?|ftps?|file):\/\/|mailto:)[^\s|[\]{}<>"\\^`]+/iy;
export const EMOTICON_AT = /\((?:\*[rgby]?|[/x!?+\-iyn]|on|off|flag|flagoff)\)/y;
export const ENTITY_AT = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z][a-z0-9]*));/iy;

/** A match of a sticky pattern that begins at an index. */
export function matchAt(pattern: RegExp, text: string, index: number): RegExpExecArray | undefined {
  pattern.lastIndex = index;
  return pattern.exec(text) ?? undefined;
}

/** A bare address that begins at an index, without the punctuation that closes the sentence. */
export function urlAt(text: string, index: number): string | undefined {
  if (!/[hfm]/i.test(text[index] ?? "") || isWord(text[index - 1])) return undefined;
  const url = matchAt(URL_AT, text, index)?.[0];
  if (url === undefined) return undefined;
  const entity = url.search(/&#\w+;/);
  let end = entity < 0 ? url.length : entity;
  while (end > 0 && ".,;:!?)'*_~+-".includes(url[end - 1] ?? " ")) end -= 1;
  return /[^:/]$/.test(url.slice(0, end)) || /\/\/.+\/$/.test(url.slice(0, end))
    ? url.slice(0, end)
    : undefined;
}

/** Letter or digit: next to one a phrase sign is an ordinary character. */
export function isWord(char: string | undefined): boolean {
  return char !== undefined && /[\p{L}\p{N}]/u.test(char);
}

export function isSpace(char: string | undefined): boolean {
  return char !== undefined && /\s/.test(char);
}

/** True if a sign between these characters can begin its phrase. */
export function canOpen(sign: string, before: string | undefined, after: string | undefined) {
  const char = sign[0];
  return (
    after !== undefined && !isWord(before) && !isSpace(after) && before !== char && after !== char
  );
}

/** True if a sign between these characters can end its phrase. */
export function canClose(sign: string, before: string | undefined, after: string | undefined) {
  const char = sign[0];
  return (
    before !== undefined && !isSpace(before) && !isWord(after) && before !== char && after !== char
  );
}

/** Text of an entity that begins at an index, with the length of its source. */
export function entityAt(
  text: string,
  index: number,
): { text: string; length: number } | undefined {
  const match = matchAt(ENTITY_AT, text, index);
  if (match === undefined) return undefined;
  const [source, decimal, hex, name = ""] = match;
  const digits = decimal ?? hex;
  if (digits === undefined) {
    const found = entityText(name);
    return found === undefined ? undefined : { text: found, length: source.length };
  }
  const code = Number.parseInt(digits, decimal === undefined ? 16 : 10);
  const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return isCharacter ? { text: String.fromCodePoint(code), length: source.length } : undefined;
}

/** Undoes backslash escapes and entities. */
export function plainText(source: string): string {
  let out = "";
  for (let i = 0; i < source.length; ) {
    const char = source[i] ?? "";
    const next = source[i + 1];
    const entity = char === "&" ? entityAt(source, i) : undefined;
    if (char === "\\" && next !== undefined && ESCAPABLE.includes(next)) {
      out += next;
      i += 2;
    } else {
      out += entity?.text ?? char;
      i += entity?.length ?? 1;
    }
  }
  return out;
}

import type { Inline } from "../tree.ts";
import {
  canClose,
  canOpen,
  EMOTICON_AT,
  ENTITY_AT,
  ESCAPABLE,
  isSpace,
  isWord,
  matchAt,
  SIGNS,
  urlAt,
} from "./grammar.ts";

/** Where a text stands, as far as its escapes depend on it. */
export interface Surroundings {
  /** Signs that may find a partner in the same paragraph. */
  readonly signs: ReadonlySet<string>;
  /** Last character written before the text. */
  readonly before: string | undefined;
  /** At the start of a line, where list signs and `h1.` count. */
  readonly isStart: boolean;
  readonly inCell: boolean;
  readonly inLink: boolean;
}

/** The signs that occur often enough in a paragraph to form a pair, as text or as marks. */
export function pairable(inlines: readonly Inline[]): ReadonlySet<string> {
  const found = new Set<string>();
  const seen = new Set<string>();
  const count = (sign: string) => void (seen.has(sign) ? found.add(sign) : seen.add(sign));
  for (const inline of inlines) {
    if (inline.type === "image") found.add("!");
    if (inline.type !== "text") continue;
    for (const [sign, mark] of SIGNS) {
      if (inline.marks.some(({ kind }) => kind === mark.kind)) found.add(sign);
    }
    for (const [sign] of inline.text.matchAll(/[*_+~^!-]|\?\?/g)) count(sign);
  }
  return found;
}

const SIGN_CHARS = /[*_+~^?-]/;
/** How far a bracket or an image is looked for. */
const REACH = 1000;

/** Writes text so that it reads back as the same text and never as markup. */
export function escapeText(source: string, around: Surroundings): string {
  const text = source.replace(/[\r\n]+/g, " ");
  let out = startOf(text, around);
  for (let i = out.length > 0 ? 1 : 0; i < text.length; ) {
    const before = i > 0 ? text[i - 1] : around.before;
    const verbatim = verbatimAt(text, i, around);
    if (verbatim !== undefined) {
      out += verbatim;
      i += verbatim.length;
    } else if (SIGN_CHARS.test(text[i] ?? "")) {
      const run = signsAt(text, i);
      out += isSigns(run, i, before, text, around) ? run.replace(/./gs, "\\$&") : run;
      i += run.length;
    } else {
      out += escapeAt(text, i, before, around);
      i += 1;
    }
  }
  return out;
}

/** The first character where a line that begins so would be a list, heading, quote, rule or row. */
function startOf(text: string, { isStart, before }: Surroundings): string {
  if (!isStart && before !== undefined) return "";
  const [first = ""] = text;
  if (/^(?:[*#-]{1,20}(?:[ \t]|$)|-{4,5}|\||\[[ xX]\])/.test(text)) return `\\${first}`;
  return isStart && /^(?:h[1-6]|bq)\./.test(text) ? `&#${first.charCodeAt(0)};` : "";
}

/** Stretches that the reader takes as they are: bare addresses and emoticons. */
function verbatimAt(text: string, i: number, around: Surroundings): string | undefined {
  if (around.inLink) return undefined;
  if (text[i] === "(") return matchAt(EMOTICON_AT, text, i)?.[0];
  if (i === 0 && isWord(around.before)) return undefined;
  return urlAt(text, i);
}

function escapeAt(
  text: string,
  i: number,
  before: string | undefined,
  around: Surroundings,
): string {
  const char = text[i] ?? "";
  const after = text[i + 1];
  switch (char) {
    case "\\":
      return after === undefined || after === "\\" || ESCAPABLE.includes(after) || before === "\\"
        ? "&#92;"
        : "\\";
    case "{":
      return "\\{";
    case "}":
      // One more brace behind a monospaced phrase would belong to it.
      return around.inLink || (i === 0 && before === "}") ? "\\}" : "}";
    case "[":
      return around.inLink || mayBeLink(text, i) ? "\\[" : "[";
    case "]":
      return around.inLink ? "\\]" : "]";
    case "|":
      return around.inLink || around.inCell ? "\\|" : "|";
    case "&":
      // The number ends an address before it, the name would be part of it.
      if (matchAt(ENTITY_AT, text, i) === undefined) return "&";
      return after === "#" ? "&#38;" : "&amp;";
    case "!":
      return around.signs.has("!") && mayBeImage(text, i, before) ? "\\!" : "!";
    default:
      return char;
  }
}

/** The stretch of one and the same character that begins at an index. */
function signsAt(text: string, start: number): string {
  let end = start + 1;
  while (text[end] === text[start]) end += 1;
  return text.slice(start, end);
}

function isSigns(
  run: string,
  start: number,
  before: string | undefined,
  text: string,
  { signs }: Surroundings,
): boolean {
  const sign = run.startsWith("?") ? "??" : run.charAt(0);
  const end = start + run.length;
  if (!signs.has(sign) || run.length < sign.length) return false;
  // A longer run is no sign as long as it stays together, so all of it is escaped or nothing.
  if (run.length > sign.length) return start === 0 || end === text.length;
  return mayCount(sign, start, end, before, text);
}

function mayCount(
  sign: string,
  start: number,
  end: number,
  before: string | undefined,
  text: string,
): boolean {
  // A blank at the end of the text may become an entity, and what follows the text is not known
  // here: both may be anything that lets the sign count.
  const first = start === 1 && isSpace(before) ? undefined : before;
  const after = end === text.length - 1 && isSpace(text[end]) ? undefined : text[end];
  const opens = after === undefined ? !isWord(first) : canOpen(sign, first, after);
  return opens || first === undefined || after === undefined || canClose(sign, first, after);
}

/** True unless a blank follows, or a word comes before and no file's name behind. */
function mayBeImage(text: string, i: number, before: string | undefined): boolean {
  if (isSpace(text[i + 1]) && i + 2 < text.length) return false;
  const near = text.slice(i + 1, i + REACH);
  const end = near.indexOf("!");
  return !isWord(before) || end < 0 || /[.:|]/.test(near.slice(0, end));
}

/** True unless the bracket closes within the text around something that is no link. */
function mayBeLink(text: string, i: number): boolean {
  const near = text.slice(i + 1, i + REACH);
  const end = near.indexOf("]");
  return end < 0 || /[|:#^~$@/\\]/.test(near.slice(0, end));
}

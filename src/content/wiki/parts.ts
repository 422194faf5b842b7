import { isSpace, isWord } from "./grammar.ts";

/** How far back an address may begin that still goes on. */
const TAIL = 2000;

/** A piece of a written line. */
export type Part =
  | { readonly kind: "text" | "raw" | "break"; readonly text: string }
  /** A bare address; in brackets where the reader would not see its end. */
  | { readonly kind: "url"; readonly text: string }
  | { readonly kind: "sign"; readonly text: string; readonly opens: boolean };

/** Last character of the line so far. Signs and addresses count as closed: their form is not chosen yet. */
export function lastChar(parts: readonly Part[]): string | undefined {
  const last = parts.at(-1);
  if (last === undefined || last.kind === "break") return undefined;
  return last.kind === "sign" || last.kind === "url" ? "}" : last.text.at(-1);
}

/** True if the line so far could still become a list sign, a heading or a row. */
export function isLineStart(parts: readonly Part[]): boolean {
  for (let i = parts.length - 1; i >= 0; i -= 1) {
    const part = parts[i];
    if (part?.kind === "break") return true;
    if (part === undefined || !/^[*#-]*$/.test(part.text)) return false;
  }
  return true;
}

/**
 * Joins the parts of a line. A sign takes its short form, or the one in braces where its neighbours
 * would hide the short one; blanks that would count as layout become entities.
 */
export function joinParts(parts: readonly Part[]): string {
  const written: string[] = [];
  // The end of what is written: reading the joined text anew for every part would take its square.
  let tail = "";
  parts.forEach((part, i) => {
    const text = writePart(part, tail, parts[i - 1], parts[i + 1]);
    written.push(text);
    tail = (tail + text).slice(-TAIL);
  });
  return written.join("");
}

function writePart(
  part: Part,
  tail: string,
  previous: Part | undefined,
  next: Part | undefined,
): string {
  switch (part.kind) {
    case "sign":
      return writeSign(part, tail, next);
    case "text":
      return writeBlanks(part.text, previous, next);
    case "url":
      return writeUrl(part.text, tail, next);
    case "break":
      return writeBreak(part.text, previous, next);
    case "raw":
      return part.text;
  }
}

function writeSign(
  { text: sign, opens }: Extract<Part, { kind: "sign" }>,
  tail: string,
  next: Part | undefined,
): string {
  const before = tail.at(-1);
  const after = isBlankEdge(next) ? "&" : next?.text[0];
  const fits = opens
    ? !isWord(before) && !isSpace(after)
    : !isWord(after) && !isSpace(before) && before !== undefined;
  const isApart = before !== sign && after !== sign;
  const isAfterUrl = /(?:[a-z]:\/\/|mailto:)\S*$/i.test(tail);
  const isEmoticon = before === "(" && /^[a-z]?\)/.test(next?.text ?? "");
  return fits && isApart && !isAfterUrl && !isEmoticon ? sign : `{${sign}}`;
}

/** A line end would be lost at the ends of a text and twice in a row; before a macro it would make that a block. */
function writeBreak(text: string, previous: Part | undefined, next: Part | undefined): string {
  if (next === undefined) return "\\\\";
  const isPlain = [previous, next].every(
    (part) => part !== undefined && /^(text|sign|url)$/.test(part.kind),
  );
  return isPlain ? text : "\\\\ ";
}

function isBlankEdge(next: Part | undefined): boolean {
  return next?.kind === "text" && /^[ \t]/.test(next.text);
}

function writeBlanks(text: string, previous: Part | undefined, next: Part | undefined): string {
  const isFirst = isEdge(previous) || (previous?.kind === "sign" && previous.opens);
  const isLast = isEdge(next) || (next?.kind === "sign" && !next.opens);
  const entity = (blank: string) => `&#${blank.charCodeAt(0)};`;
  const start = isFirst ? text.replace(/^[ \t]/, entity) : text;
  return isLast ? start.replace(/[ \t]$/, entity) : start;
}

function isEdge(part: Part | undefined): boolean {
  return part === undefined || part.kind === "break";
}

function writeUrl(url: string, tail: string, next: Part | undefined): string {
  const isOpen = next === undefined || /^[\s[\\|{]/.test(next.text);
  return isOpen && !isWord(tail.at(-1)) ? url : `[${url}]`;
}

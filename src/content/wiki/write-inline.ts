import { AtlassianMcpError } from "../../errors.ts";
import { checkMention, type MentionKinds } from "../mention.ts";
import { sameMark } from "../normalize.ts";
import { takeOriginal } from "../opaque.ts";
import { spanMarks } from "../storage/marks.ts";
import type { Inline, Mark, MarkKind, Originals } from "../tree.ts";
import { escapeText, pairable } from "./escape.ts";
import { SIGNS, STATUS_COLORS, urlAt } from "./grammar.ts";
import { writeImage, writeTarget } from "./links.ts";
import { isLineStart, joinParts, lastChar, type Part } from "./parts.ts";

/** What decides how a line is written. */
export interface LineContext {
  readonly originals: Originals | undefined;
  readonly mentions: MentionKinds | undefined;
  /** In a table cell bars are escaped. */
  readonly inCell: boolean;
  /** Where a line end would end the block breaks are written as `\\`. */
  readonly oneLine: boolean;
}

const SIGN: Partial<Record<MarkKind, string>> = {
  strong: "*",
  em: "_",
  underline: "+",
  strike: "-",
  sub: "~",
  sup: "^",
};
const NESTING: readonly MarkKind[] = [
  "link",
  "color",
  "strong",
  "em",
  "underline",
  "strike",
  "sub",
  "sup",
];
const ALL_SIGNS: ReadonlySet<string> = new Set([...SIGNS.keys(), "!"]);

interface Piece {
  readonly inline: Inline;
  readonly marks: readonly Mark[];
}
interface Output extends LineContext {
  readonly signs: ReadonlySet<string>;
  readonly inLink: boolean;
  readonly parts: Part[];
}

/** Writes the content of a paragraph, cell or heading. */
export function writeLine(inlines: readonly Inline[], context: LineContext): string {
  const spans = spanMarks(inlines);
  // Signs count within a line only, so every line begins and ends its own.
  const pieces = inlines.map((inline, i) => ({
    inline,
    marks: inline.type === "break" ? [] : (spans[i] ?? []),
  }));
  const output: Output = { ...context, signs: pairable(inlines), inLink: false, parts: [] };
  writePieces(pieces, 0, output);
  return joinParts(output.parts);
}

function writePieces(pieces: readonly Piece[], level: number, output: Output): void {
  const kind = NESTING[level];
  if (kind === undefined) {
    for (const { inline, marks } of pieces) output.parts.push(partOf(inline, marks, output));
    return;
  }
  for (let i = 0; i < pieces.length; ) {
    const mark = markOf(pieces[i], kind);
    let end = i + 1;
    while (end < pieces.length && isAlike(mark, markOf(pieces[end], kind))) end += 1;
    const group = pieces.slice(i, end);
    if (mark === undefined) writePieces(group, level + 1, output);
    else writeMark(mark, group, level + 1, output);
    i = end;
  }
}

function markOf(piece: Piece | undefined, kind: MarkKind): Mark | undefined {
  return piece?.marks.find((mark) => mark.kind === kind);
}

function isAlike(a: Mark | undefined, b: Mark | undefined): boolean {
  return a === undefined || b === undefined ? a === b : sameMark(a, b);
}

function writeMark(mark: Mark, group: readonly Piece[], level: number, output: Output): void {
  const { parts } = output;
  if (mark.kind === "link") parts.push(writeLink(mark, group, level, output));
  else if (mark.kind === "color") {
    parts.push({ kind: "raw", text: `{color:${mark.value.replace(/[{}|\s]/g, "")}}` });
    writePieces(group, level, output);
    parts.push({ kind: "raw", text: "{color}" });
  } else {
    const text = SIGN[mark.kind] ?? "";
    parts.push({ kind: "sign", text, opens: true });
    writePieces(group, level, output);
    parts.push({ kind: "sign", text, opens: false });
  }
}

function writeLink(
  mark: Extract<Mark, { kind: "link" }>,
  group: readonly Piece[],
  level: number,
  output: Output,
): Part {
  const target = writeTarget(mark.href);
  const [only, ...others] = group;
  if (only?.inline.type === "text" && only.marks.length === 1 && others.length === 0) {
    const isOwn = only.inline.text === mark.href && target === mark.href;
    if (isOwn && mark.title === undefined && urlAt(target, 0) === target) {
      return { kind: "url", text: target };
    }
  }
  const inner: Output = { ...output, inLink: true, parts: [] };
  writePieces(group, level, inner);
  const title = mark.title === undefined ? "" : `|${escapeInner(mark.title)}`;
  return { kind: "raw", text: `[${joinParts(inner.parts)}|${target}${title}]` };
}

function escapeInner(text: string): string {
  const around = { signs: new Set<string>(), before: "|", isStart: false };
  return escapeText(text, { ...around, inCell: true, inLink: true });
}

function partOf(inline: Inline, marks: readonly Mark[], output: Output): Part {
  const raw = (text: string): Part => ({ kind: "raw", text });
  const text = (value: string): Part => ({
    kind: "text",
    text: escapePart(value, output, ALL_SIGNS),
  });
  switch (inline.type) {
    case "text":
      return textPart(inline.text, marks, output);
    case "break":
      return { kind: "break", text: output.oneLine ? "\\\\ " : "\n" };
    case "mention":
      checkMention(inline, output.mentions);
      return raw(`[${writeTarget(`${inline.by}:${inline.id}`)}]`);
    case "emoji":
      return text(inline.text ?? inline.shortName);
    case "status":
      return raw(writeStatus(inline.text, inline.color, output));
    case "date":
      return raw(inline.date);
    case "card":
      return raw(`[${escapeInner(inline.url)}|${writeTarget(inline.url)}|smart-link]`);
    case "image": {
      const image = writeImage(inline);
      return image === "" ? text(inline.alt ?? "") : raw(image);
    }
    case "opaque":
      return raw(keptSource(inline, output.originals));
  }
}

function textPart(text: string, marks: readonly Mark[], output: Output): Part {
  for (const mark of marks) if (mark.kind === "opaque") throw foreign(mark.id);
  if (!marks.some(({ kind }) => kind === "code")) {
    return { kind: "text", text: escapePart(text, output, output.signs) };
  }
  const around = { signs: ALL_SIGNS, before: "{", isStart: false };
  const code = escapeText(text, { ...around, inCell: output.inCell, inLink: true });
  return { kind: "raw", text: `{{${code}}}` };
}

function escapePart(text: string, output: Output, signs: ReadonlySet<string>): string {
  const { parts, inCell, inLink } = output;
  const isStart = !inLink && isLineStart(parts);
  return escapeText(text, { signs, before: lastChar(parts), isStart, inCell, inLink });
}

function writeStatus(text: string, color: string, { inCell, inLink }: Output): string {
  const value = STATUS_COLORS.get(color) ?? STATUS_COLORS.get("neutral") ?? "";
  const around = { signs: ALL_SIGNS, before: " ", isStart: false, inCell, inLink };
  const bracket = /[|:#^~$@/\\]/.test(text) ? "\\[" : "[";
  return `{color:${value}}${bracket} ${escapeText(text, around)} ]{color}`;
}

/** Source text of an opaque node. Throws `input` where it comes from another format. */
export function keptSource(
  node: { readonly id: string; readonly data?: unknown },
  originals: Originals | undefined,
): string {
  const data = node.data ?? takeOriginal(originals ?? new Map(), node.id);
  if (typeof data === "string" && !data.startsWith("<")) return data;
  throw foreign(node.id);
}

/** The error for an original that wiki markup cannot hold. */
export function foreign(id: string): AtlassianMcpError {
  const message = `the placeholder ${id} stands for something that wiki markup cannot hold`;
  return new AtlassianMcpError("input", message, {
    next: "Leave the placeholder out, or write its content in Markdown.",
  });
}

import { isUnsafeLink, normalizeInlines } from "../normalize.ts";
import { cleanLabel, type OriginalsBuilder } from "../opaque.ts";
import type { Inline, Mark, Mention, Opaque } from "../tree.ts";
import { labelOf, marksLabel } from "./labels.ts";
import { readInlineMedia } from "./media.ts";
import {
  type AdfMark,
  type AdfNode,
  numberAttribute,
  optionsFrom,
  textAttribute,
} from "./types.ts";

const PLAIN_MARKS = new Map<string, "strong" | "em" | "underline" | "strike" | "code">([
  ["strong", "strong"],
  ["em", "em"],
  ["underline", "underline"],
  ["strike", "strike"],
  ["code", "code"],
]);

/** Phrases from inline nodes; what has no notation becomes a placeholder. */
export function readInlines(nodes: readonly AdfNode[], originals: OriginalsBuilder): Inline[] {
  return normalizeInlines(
    nodes.map((node) => readInline(node, originals) ?? opaque(node, originals)),
  );
}

/** A placeholder for a node. */
export function opaque(node: AdfNode, originals: OriginalsBuilder): Opaque {
  const label = cleanLabel(labelOf(node));
  return { type: "opaque", id: originals.add(label, node), label, data: node };
}

function readInline(node: AdfNode, originals: OriginalsBuilder): Inline | undefined {
  const url = textAttribute(node, "url");
  switch (node.type) {
    case "text":
      return { type: "text", text: node.text ?? "", marks: readMarks(node.marks ?? [], originals) };
    case "hardBreak":
      return { type: "break" };
    case "mention":
      return readMention(node);
    case "emoji":
      return readEmoji(node);
    case "status": {
      const text = textAttribute(node, "text");
      const color = textAttribute(node, "color");
      return text && color ? { type: "status", text, color } : undefined;
    }
    case "date":
      return readDate(node);
    case "inlineCard":
      return url === undefined ? undefined : { type: "card", url };
    case "mediaInline":
      return readInlineMedia(node);
    default:
      return undefined;
  }
}

function readMention(node: AdfNode): Mention | undefined {
  const id = textAttribute(node, "id");
  if (id === undefined) return undefined;
  const name = textAttribute(node, "text")?.replace(/^@/, "");
  const { userType, ...rest } =
    optionsFrom(node, { accessLevel: "accessLevel", userType: "userType" }) ?? {};
  const extra = { ...rest, ...(userType && userType !== "DEFAULT" && { userType }) };
  return {
    type: "mention",
    by: "accountid",
    id,
    ...(name && { name }),
    ...(Object.keys(extra).length > 0 && { extra }),
  };
}

function readEmoji(node: AdfNode): Inline | undefined {
  const shortName = textAttribute(node, "shortName");
  if (shortName === undefined) return undefined;
  const id = textAttribute(node, "id");
  const text = textAttribute(node, "text");
  return { type: "emoji", shortName, ...(id && { id }), ...(text && { text }) };
}

function readDate(node: AdfNode): Inline | undefined {
  const timestamp = Number(textAttribute(node, "timestamp") ?? numberAttribute(node, "timestamp"));
  const time = new Date(timestamp);
  if (Number.isNaN(time.getTime())) return undefined;
  const [date = ""] = time.toISOString().split("T");
  return /^\d{4}-/.test(date) ? { type: "date", date } : undefined;
}

function readMarks(marks: readonly AdfMark[], originals: OriginalsBuilder): Mark[] {
  const known: Mark[] = [];
  const unknown: AdfMark[] = [];
  for (const mark of marks) {
    const read = readMark(mark);
    if (read === undefined) unknown.push(mark);
    else known.push(read);
  }
  if (unknown.length === 0) return known;
  const data = unknown.length === 1 ? unknown[0] : unknown;
  return [...known, { kind: "opaque", id: originals.share(marksLabel(unknown), data), data }];
}

function readMark(mark: AdfMark): Mark | undefined {
  const plain = PLAIN_MARKS.get(mark.type);
  if (plain !== undefined) return { kind: plain };
  const color = textAttribute(mark, "color");
  switch (mark.type) {
    case "link":
      return readLink(mark);
    case "subsup":
      return { kind: mark.attrs?.type === "sup" ? "sup" : "sub" };
    case "textColor":
      return color === undefined ? undefined : { kind: "color", value: color };
    case "backgroundColor":
      return color === undefined ? undefined : { kind: "background", value: color };
    default:
      return undefined;
  }
}

function readLink(mark: AdfMark): Mark | undefined {
  const href = textAttribute(mark, "href");
  const title = textAttribute(mark, "title");
  if (href === undefined || isUnsafeLink(href)) return undefined;
  const target = /^#./.test(href) ? `anchor:${href.slice(1)}` : href;
  return { kind: "link", href: target, ...(title && { title }) };
}

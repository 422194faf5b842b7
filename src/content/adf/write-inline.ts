import { AtlassianMcpError } from "../../errors.ts";
import { checkMention } from "../mention.ts";
import type { Block, Image, Inline, Mark, Mention, Text } from "../tree.ts";
import { hexColor, statusColor } from "./colors.ts";
import { inlineMedia } from "./media.ts";
import { BLOCK_TYPES } from "./rules.ts";
import { type AdfMark, type AdfNode, asMarks, asNode, node } from "./types.ts";
import { type AdfOptions, originalOf, textNode } from "./writing.ts";

/** Phrases as nodes, and blocks that stand between them because they are no phrases. */
type Flow = readonly (AdfNode | { readonly block: Block })[];

const PLAIN: Readonly<Record<string, string>> = {
  strong: "strong",
  em: "em",
  underline: "underline",
  strike: "strike",
  code: "code",
};
const CODE_MARKS = new Set(["code", "link", "annotation"]);
const IN_CAPTION = new Set([
  "text",
  "hardBreak",
  "mention",
  "emoji",
  "date",
  "placeholder",
  "inlineCard",
  "status",
]);
const USER_TYPES = new Set(["DEFAULT", "SPECIAL", "APP"]);

/** Phrases as inline nodes. Where images may not stand between paragraphs they become links. */
export function writeFlow(inlines: readonly Inline[], options: AdfOptions, images: boolean): Flow {
  return inlines.flatMap((inline) => writeInline(inline, options, images));
}

/** Nodes with adjacent text of the same marks as one node. */
export function joinText(nodes: readonly AdfNode[]): AdfNode[] {
  const joined: AdfNode[] = [];
  for (const node of nodes) {
    const last = joined.at(-1);
    const merged = last && mergeText(last, node);
    if (merged) joined[joined.length - 1] = merged;
    else joined.push(node);
  }
  return joined;
}

/** Two text nodes as one; `undefined` unless their marks are the same. */
function mergeText(first: AdfNode, second: AdfNode): AdfNode | undefined {
  if (first.text === undefined || second.text === undefined) return undefined;
  if (JSON.stringify(first.marks) !== JSON.stringify(second.marks)) return undefined;
  return { ...first, text: first.text + second.text };
}

/** The nodes of a flow, and apart from them the blocks it holds. */
export function splitFlow(flow: Flow): { nodes: AdfNode[]; blocks: Block[] } {
  const nodes: AdfNode[] = [];
  const blocks: Block[] = [];
  for (const piece of flow) {
    if ("block" in piece) blocks.push(piece.block);
    else nodes.push(piece);
  }
  return { nodes: joinText(nodes), blocks };
}

/** A caption, which takes fewer kinds of nodes, and what has to move out of it. */
export function writeCaption(
  inlines: readonly Inline[],
  options: AdfOptions,
): { nodes: AdfNode[]; blocks: Block[] } {
  const { nodes, blocks } = splitFlow(writeFlow(inlines, options, false));
  const misplaced = nodes.filter(({ type }) => !IN_CAPTION.has(type));
  return {
    nodes: joinText(nodes.filter(({ type }) => IN_CAPTION.has(type))),
    blocks: [
      ...blocks,
      ...misplaced.map((data): Block => ({ type: "opaque", id: "", label: data.type, data })),
    ],
  };
}

function writeInline(inline: Inline, options: AdfOptions, images: boolean): Flow {
  switch (inline.type) {
    case "text":
      return [writeText(inline, options)];
    case "break":
      return [node("hardBreak")];
    case "mention":
      checkMention(inline, options.mentions);
      return [writeMention(inline)];
    case "emoji": {
      const { shortName, id, text } = inline;
      return [node("emoji", { shortName, id, text })];
    }
    case "status":
      return [node("status", { text: inline.text, color: statusColor(inline.color) })];
    case "date":
      return [writeDate(inline.date)];
    case "card":
      return [node("inlineCard", { url: inline.url })];
    case "image":
      return writeImage(inline, options, images);
    case "opaque": {
      const original = asNode(originalOf(options, inline));
      if (original === undefined) throw foreign(inline.id);
      const data = originalOf(options, inline);
      return [BLOCK_TYPES.has(original.type) ? { block: { ...inline, data } } : original];
    }
  }
}

/** The error for an original of another format. */
export function foreign(id: string): AtlassianMcpError {
  return new AtlassianMcpError("input", `The original behind placeholder ${id} is not ADF.`, {
    next: "Remove the placeholder, or write the text back where it was read.",
  });
}

function writeText({ text, marks }: Text, options: AdfOptions): AdfNode {
  const code = marks.some(({ kind }) => kind === "code");
  const written = new Map<string, AdfMark>();
  for (const mark of marks.flatMap((one) => writeMark(one, options))) {
    const fits = !code || CODE_MARKS.has(mark.type);
    if (fits && !written.has(mark.type)) written.set(mark.type, mark);
  }
  return { ...textNode(text), ...(written.size > 0 && { marks: [...written.values()] }) };
}

function writeMark(mark: Mark, options: AdfOptions): readonly AdfMark[] {
  switch (mark.kind) {
    case "link": {
      const href = resolve(mark.href, options);
      if (href === undefined) return [];
      return [{ type: "link", attrs: { href, ...(mark.title && { title: mark.title }) } }];
    }
    case "color":
    case "background": {
      const color = hexColor(mark.value);
      if (color === undefined) return [];
      return [{ type: mark.kind === "color" ? "textColor" : "backgroundColor", attrs: { color } }];
    }
    case "sub":
    case "sup":
      return [{ type: "subsup", attrs: { type: mark.kind } }];
    case "opaque":
      return asMarks(originalOf(options, mark));
    default:
      return [{ type: PLAIN[mark.kind] ?? mark.kind }];
  }
}

/** The address of a link; `undefined` for a name that nobody resolves. */
function resolve(href: string, { links }: AdfOptions): string | undefined {
  if (href.startsWith("anchor:")) return `#${href.slice("anchor:".length)}`;
  const resolved = links?.(href);
  return resolved ?? (/^(?:page|attachment):/.test(href) ? undefined : href);
}

/** Cloud knows people by account id alone; where others are let through they are named in plain text. */
function writeMention({ by, id, name, extra = {} }: Mention): AdfNode {
  if (by !== "accountid") return textNode(`@${name ?? id}`);
  const { accessLevel, userType = "" } = extra;
  const known = USER_TYPES.has(userType) ? userType : undefined;
  return node("mention", { id, text: name && `@${name}`, accessLevel, userType: known });
}

function writeDate(date: string): AdfNode {
  const time = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(time) ? textNode(date) : node("date", { timestamp: String(time) });
}

function writeImage(image: Image, options: AdfOptions, images: boolean): Flow {
  const { source } = image;
  if (source.kind === "media")
    return [inlineMedia(image, { id: source.id, collection: source.collection })];
  if (source.kind === "attachment") {
    const file = options.media?.(source.filename);
    return [file === undefined ? imageText(image, options) : inlineMedia(image, file)];
  }
  return [images ? { block: { type: "image-block", image } } : imageText(image, options)];
}

/** An image as a link to it, for places that take none. */
export function imageText({ source, alt }: Image, options: AdfOptions): AdfNode {
  if (source.kind === "url") return linked(alt ?? source.url, source.url, options);
  if (source.kind === "media") return textNode(alt ?? source.id);
  return linked(alt ?? source.filename, `attachment:${source.filename}`, options);
}

function linked(text: string, href: string, options: AdfOptions): AdfNode {
  return writeText({ type: "text", text, marks: [{ kind: "link", href }] }, options);
}

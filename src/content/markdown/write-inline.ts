import type { Image, Inline, Mark, Text } from "../tree.ts";
import { escapeText, firstCharacter, lastCharacter } from "./escape.ts";
import { type Node, nestMarks } from "./marks.ts";
import { formatEmoji, formatStatus } from "./phrase.ts";
import {
  type Attributes,
  bareUrlAt,
  bracedAttributes,
  encode,
  encodeTarget,
  isBlank,
  isPunctuation,
} from "./syntax.ts";

/** Where phrases are written: what is allowed there and which characters stand around. */
interface Place {
  readonly before: string;
  readonly after: string;
  readonly inLink: boolean;
  /** Whether a hard break may end the line. */
  readonly lines: boolean;
}

type Link = Extract<Mark, { kind: "link" }>;
/** The next two nodes behind one. */
type Following = readonly [Node | undefined, Node | undefined];

/** Phrases as Markdown; on one line unless `lines`. */
export function writePhrases(inlines: readonly Inline[], lines: boolean): string {
  return writeNodes(nestMarks(inlines), { before: "", after: "", inLink: false, lines });
}

function writeNodes(nodes: readonly Node[], place: Place): string {
  let result = "";
  for (const [index, node] of nodes.entries()) {
    const next = nodes[index + 1];
    const before = result === "" ? place.before : lastCharacter(result);
    const after = next === undefined ? place.after : firstOf(next);
    const here = { ...place, before, after };
    result +=
      node.type === "leaf"
        ? writeLeaf(node.inline, here)
        : writeMark(node, here, [next, nodes[index + 2]]);
  }
  return result;
}

/** The character a node will begin with, as far as its neighbours must know it. */
function firstOf(node: Node): string {
  if (node.type === "mark") {
    if (node.mark.kind === "strong" || node.mark.kind === "em") return "*";
    if (node.mark.kind === "strike") return "~";
    return node.mark.kind === "link" ? "[" : "<";
  }
  const { inline } = node;
  switch (inline.type) {
    case "text":
      return inline.marks.some(({ kind }) => kind === "code") ? "`" : textStart(inline);
    case "break":
      return "\\";
    case "mention":
      return "@";
    case "card":
      return "[";
    case "image":
      return "!";
    default:
      return "{";
  }
}

function textStart({ text }: Text): string {
  return text.startsWith("\n") ? "&" : firstCharacter(text);
}

function writeLeaf(inline: Inline, place: Place): string {
  switch (inline.type) {
    case "text":
      if (inline.marks.some(({ kind }) => kind === "code")) return codeSpan(inline.text);
      return escapeText(inline.text, place);
    case "break":
      return place.lines && place.after !== "" ? "\\\n" : "<br>";
    case "mention":
      return writeMention(inline);
    case "emoji": {
      const text = formatEmoji(inline);
      const inWord = /[A-Za-z0-9:]/.test(place.before) || /[A-Za-z0-9:]/.test(place.after);
      return text.startsWith(":") && inWord ? `{emoji${text.slice(0, -1)}}` : text;
    }
    case "status":
      return formatStatus(inline);
    case "date":
      return `{date:${inline.date}}`;
    case "card":
      return writeCard(inline.url, "inline");
    case "image":
      return writeImage(inline);
    case "opaque":
      return writePlaceholder(inline);
  }
}

/** `{opaque:ID label}` */
export function writePlaceholder({ id, label }: { id: string; label: string }): string {
  return label === "" ? `{opaque:${id}}` : `{opaque:${id} ${encode(label, "{}")}}`;
}

function writeMention({ by, id, name = "", extra }: Extract<Inline, { type: "mention" }>): string {
  return `@[${encode(name, "[]")}](${by}:${encodeTarget(id)})${bracedAttributes(extra)}`;
}

function codeSpan(text: string): string {
  const runs = new Set((text.match(/`+/g) ?? []).map((run) => run.length));
  let length = 1;
  while (runs.has(length)) length += 1;
  const fence = "`".repeat(length);
  const padded = /^`|`$|^ .*[^ ].* $/s.test(text) ? ` ${text} ` : text;
  return fence + padded + fence;
}

/** `[url](url "card:kind"){options}` */
export function writeCard(url: string, kind: string, options?: Attributes): string {
  const text = escapeText(url, { before: "[", after: "]", inLink: true });
  return `[${text}](${destination(url)} "card:${kind}")${bracedAttributes(options)}`;
}

/** `![alt](source "title"){width=…}` */
export function writeImage(image: Image): string {
  const { alt = "", title, width, height, extra } = image;
  const text = escapeText(alt, { before: "[", after: "]", inLink: true });
  const attributes = {
    ...(width === undefined ? {} : { width: String(width) }),
    ...(height === undefined ? {} : { height: String(height) }),
    ...extra,
  };
  return `![${text}](${imageTarget(image)}${titled(title)})${bracedAttributes(attributes)}`;
}

function imageTarget({ source }: Image): string {
  if (source.kind === "url") return destination(source.url);
  if (source.kind === "attachment") return `attachment:${encodeTarget(source.filename)}`;
  const collection = source.collection && `?collection=${encodeTarget(source.collection)}`;
  return `media:${encodeTarget(source.id).replaceAll("?", "%3F")}${collection}`;
}

function titled(title: string | undefined): string {
  return title === undefined ? "" : ` "${encode(title, '"')}"`;
}

/** An address as a link destination that reads back as the same characters. */
function destination(address: string): string {
  if (/^(?:page|attachment):/.test(address)) return encodeTarget(address);
  if (address.startsWith("anchor:")) return `#${encodeTarget(address.slice("anchor:".length))}`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they end a destination
  const encoded = encode(address.replace(/[\u0000-\u001f\u007f]/g, encodeURIComponent), "");
  if (!/[\s<>()]/.test(encoded)) return encoded;
  return `<${encoded.replace(/[<>]/g, "\\$&")}>`;
}

function writeMark(
  { mark, children }: Extract<Node, { type: "mark" }>,
  place: Place,
  next: Following,
): string {
  switch (mark.kind) {
    case "link":
      return writeLink(mark, children, place, next);
    case "strong":
    case "em":
    case "strike":
      return writeEmphasis(mark.kind, children, place);
    case "underline":
      return tagged("u", children, place);
    case "sub":
    case "sup":
      return tagged(mark.kind, children, place);
    case "color":
      return tagged("span", children, place, ` style="color:${encode(mark.value, '";<>')}"`);
    case "background":
      return tagged("mark", children, place, ` style="background:${encode(mark.value, '";<>')}"`);
    case "opaque":
      return `{mark:${mark.id}}${inside(children, place, "}", "{")}{/mark}`;
    default:
      return writeNodes(children, place);
  }
}

function inside(children: readonly Node[], place: Place, before: string, after: string): string {
  return writeNodes(children, { ...place, before, after });
}

function tagged(name: string, children: readonly Node[], place: Place, attributes = ""): string {
  return `<${name}${attributes}>${inside(children, place, ">", "<")}</${name}>`;
}

const TAGS = { strong: "b", em: "i", strike: "s" } as const;

/** Stars or tildes where CommonMark takes them for what they are meant to be, else a tag. */
function writeEmphasis(kind: keyof typeof TAGS, children: readonly Node[], place: Place): string {
  const delimiter =
    kind === "strong" ? "**" : kind === "strike" ? "~~" : emDelimiter(children, place);
  const [character = ""] = delimiter;
  const content = inside(children, place, character, character);
  const first = firstCharacter(content);
  const last = lastCharacter(content);
  const fits =
    ![place.before, place.after, first, last].includes(character) &&
    flanks(place.before, first) &&
    flanks(place.after, last);
  return fits ? delimiter + content + delimiter : tagged(TAGS[kind], children, place);
}

/** CommonMark's rule for a delimiter run between an outer and an inner character. */
function flanks(outer: string, inner: string): boolean {
  if (isBlank(inner)) return false;
  return !isPunctuation(inner) || isBlank(outer) || isPunctuation(outer);
}

/** Stars, or an underscore beside other stars where it does not stand in a word. */
function emDelimiter(children: readonly Node[], { before, after }: Place): "*" | "_" {
  const beside = [children[0], children.at(-1)].some(
    (node) => node?.type === "mark" && node.mark.kind === "strong",
  );
  const apart = [before, after].every((one) => isBlank(one) || isPunctuation(one));
  return (before === "*" || after === "*" || beside) && apart ? "_" : "*";
}

function writeLink(mark: Link, children: readonly Node[], place: Place, next: Following): string {
  const [only] = children;
  if (children.length === 1 && only?.type === "leaf" && only.inline.type === "text") {
    const auto = autolink(mark, only.inline, place, next);
    if (auto !== undefined) return auto;
  }
  const text = writeNodes(children, { ...place, before: "[", after: "]", inLink: true });
  return `[${text}](${destination(mark.href)}${titled(mark.title)})`;
}

/** The address alone, bare or in angle brackets, when that is all there is to the link. */
function autolink(
  { href, title }: Link,
  { text, marks }: Text,
  place: Place,
  next: Following,
): string | undefined {
  if (text !== href || title !== undefined || marks.some(({ kind }) => kind === "code"))
    return undefined;
  if (isBlank(place.before) || place.before === "(") {
    const follows = followingText(next, place);
    if (follows !== undefined && bareUrlAt(href + follows, 0) === href) return href;
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they end an autolink
  return /^https?:[^<>\u0000-\u0020\u007f]+$/.test(href) ? `<${href}>` : undefined;
}

/** What stands directly behind an address, or `undefined` when that cannot be told. */
function followingText([next, later]: Following, place: Place): string | undefined {
  if (next === undefined) return place.after;
  if (next.type !== "leaf") return undefined;
  if (next.inline.type === "break") return "\\";
  if (next.inline.type !== "text" || next.inline.marks.length > 0) return undefined;
  const text = next.inline.text.slice(0, 80).replace(/\n/g, "&#10;");
  return later === undefined ? text : `${text}x`;
}

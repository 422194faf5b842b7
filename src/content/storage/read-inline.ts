import { normalizeInlines } from "../normalize.ts";
import type { Inline, Mark } from "../tree.ts";
import { readImage } from "./image.ts";
import { readTarget } from "./links.ts";
import { type MarkTags, withMark } from "./marks.ts";
import { EMOTICONS, MARKS, PHRASES, STATUS_COLORS } from "./names.ts";
import { colorOf, keep, labelOf, openTag, type Reading, takeStyle, telling } from "./reading.ts";
import { child, elements, textOf, type XmlElement, type XmlNode } from "./xml.ts";

/** Reads the content of a line: white space collapsed as in HTML, trimmed at both ends. */
export function readLine(nodes: readonly XmlNode[], reading: Reading): Inline[] {
  const inlines = readNodes(nodes, [], reading).map((inline) =>
    inline.type === "text"
      ? { ...inline, marks: inline.marks.map((mark) => named(mark, reading)) }
      : inline,
  );
  return normalizeInlines(collapse(inlines));
}

function readNodes(nodes: readonly XmlNode[], marks: readonly Mark[], reading: Reading): Inline[] {
  return nodes.flatMap((node) => readNode(node, marks, reading));
}

function readNode(node: XmlNode, marks: readonly Mark[], reading: Reading): Inline[] {
  if (node.kind === "text") return [{ type: "text", text: node.text, marks }];
  if (node.kind === "aside") return reading.lenient ? [] : [keep(node, reading)];
  const mark = MARKS.get(node.name);
  if (mark !== undefined && (reading.lenient || telling(node).size === 0)) {
    return readNodes(node.children, withMark(marks, { kind: mark }), reading);
  }
  const known = readKnown(node, marks, reading);
  if (known !== undefined) return known;
  if (reading.lenient) return readNodes(node.children, marks, reading);
  if (mark !== undefined || PHRASES.has(node.name)) return readPhrase(node, marks, reading);
  return [keep(node, reading)];
}

function readKnown(
  node: XmlElement,
  marks: readonly Mark[],
  reading: Reading,
): Inline[] | undefined {
  switch (node.name) {
    case "br":
      return [{ type: "break" }];
    case "a":
      return readAnchor(node, marks, reading);
    case "span":
      return readSpan(node, marks, reading);
    case "ac:link":
      return readLink(node, marks, reading);
    case "ac:image":
    case "img": {
      const image = readImage(node);
      return image === undefined ? undefined : [image];
    }
    case "ac:emoticon":
      return readEmoticon(node);
    case "time":
      return readTime(node);
    case "ac:structured-macro":
      return readStatus(node);
    default:
      return undefined;
  }
}

function readAnchor(node: XmlElement, marks: readonly Mark[], reading: Reading) {
  const attributes = telling(node);
  const href = attributes.get("href");
  const title = attributes.get("title");
  const isCard = attributes.get("data-card-appearance") === "inline";
  for (const name of ["href", "title", "data-card-appearance"]) attributes.delete(name);
  const isPlain = reading.lenient || attributes.size === 0;
  if (href === undefined || href === "" || !isPlain) return undefined;
  if (isCard) return [{ type: "card", url: href } as const];
  return readLinked(node.children, { kind: "link", href, title }, marks, reading);
}

/** The linked text, or nothing where the link holds more than text: the tree's link is a text mark. */
function readLinked(
  nodes: readonly XmlNode[],
  link: Mark,
  marks: readonly Mark[],
  reading: Reading,
): Inline[] | undefined {
  if (reading.lenient) return readNodes(nodes, withMark(marks, link), reading);
  if (!nodes.every(isPhrase)) return undefined;
  const inlines = readNodes(nodes, withMark(marks, link), reading);
  return inlines.every((one) => one.type === "text" && one.text !== "") && inlines.length > 0
    ? inlines
    : undefined;
}

function isPhrase(node: XmlNode): boolean {
  if (node.kind !== "element") return node.kind === "text";
  return (
    (MARKS.has(node.name) || PHRASES.has(node.name)) &&
    node.name !== "br" &&
    node.children.every(isPhrase)
  );
}

function readLink(
  node: XmlElement,
  marks: readonly Mark[],
  reading: Reading,
): Inline[] | undefined {
  const attributes = telling(node);
  const title = attributes.get("ac:tooltip");
  const isCard = attributes.get("ac:card-appearance") === "inline";
  for (const name of ["ac:tooltip", "ac:anchor", "ac:card-appearance"]) attributes.delete(name);
  const target = readTarget(node);
  if (target === undefined || attributes.size > 0) return undefined;
  const body = child(node, "ac:link-body") ?? child(node, "ac:plain-text-link-body");
  const [, by] = /^(accountid|userkey|user):/.exec(target.href) ?? [];
  if (body === undefined && (by === "accountid" || by === "userkey" || by === "user")) {
    return [{ type: "mention", by, id: target.text }];
  }
  if (isCard) return [{ type: "card", url: target.href }];
  const link: Mark = { kind: "link", href: target.href, title };
  if (body === undefined) {
    return [{ type: "text", text: target.text, marks: withMark(marks, link) }];
  }
  return readLinked(body.children, link, marks, reading);
}

function readSpan(node: XmlElement, marks: readonly Mark[], reading: Reading) {
  const attributes = telling(node);
  const color = takeStyle(attributes, "color");
  const background = takeStyle(attributes, "background-color");
  if (reading.lenient) return readNodes(node.children, marks, reading);
  if (attributes.size > 0) return undefined;
  let inner = marks;
  if (color) inner = withMark(inner, { kind: "color", value: colorOf(color) });
  if (background) inner = withMark(inner, { kind: "background", value: colorOf(background) });
  return readNodes(node.children, inner, reading);
}

/** Text in an element without a notation: the element becomes an opaque mark, the text stays. */
function readPhrase(node: XmlElement, marks: readonly Mark[], reading: Reading): Inline[] {
  const outer = marks.find((mark) => mark.kind === "opaque");
  const around = outer?.data as MarkTags | undefined; // opaque marks of this reader hold MarkTags
  const tags: MarkTags = {
    open: (around?.open ?? "") + openTag(node, reading),
    close: reading.source.slice(node.innerEnd, node.end) + (around?.close ?? ""),
  };
  const mark: Mark = { kind: "opaque", id: labelOf(bare(node)), data: tags };
  const texts = textOf(node).trim() !== "" && !node.children.some((one) => isBlock(one));
  return texts ? readNodes(node.children, withMark(marks, mark), reading) : [keep(node, reading)];
}

function isBlock(node: XmlNode): boolean {
  if (node.kind !== "element") return false;
  return /^(p|div|ul|ol|table|h[1-6]|pre|blockquote|hr)$/.test(node.name);
}

function bare(node: XmlElement): XmlElement {
  return { ...node, children: [] };
}

/** While a line is read an opaque mark carries its label as id: wrapped ones are never registered. */
function named(mark: Mark, reading: Reading): Mark {
  if (mark.kind !== "opaque") return mark;
  return { ...mark, id: reading.originals.share(mark.id, mark.data) };
}

function readEmoticon(node: XmlElement): Inline[] | undefined {
  const attributes = telling(node);
  const name = attributes.get("ac:name");
  const shortName = attributes.get("ac:emoji-shortname");
  const id = attributes.get("ac:emoji-id");
  const text = attributes.get("ac:emoji-fallback");
  if (shortName !== undefined && /^:[^:]+:$/.test(shortName)) {
    return [{ type: "emoji", shortName, id, text }];
  }
  return name !== undefined && EMOTICONS.has(name)
    ? [{ type: "emoji", shortName: `:${name}:` }]
    : undefined;
}

function readTime(node: XmlElement): Inline[] | undefined {
  const date = node.attributes.datetime ?? "";
  const isPlain = telling(node).size === 1 && node.children.length === 0;
  return isPlain && /^\d{4}-\d\d-\d\d$/.test(date) ? [{ type: "date", date }] : undefined;
}

function readStatus(node: XmlElement): Inline[] | undefined {
  if (node.attributes["ac:name"] !== "status" || telling(node).size > 1) return undefined;
  const parameters = new Map(
    elements(node).map((one) => [one.attributes["ac:name"] ?? one.name, textOf(one)] as const),
  );
  const colour = parameters.get("colour") ?? "Grey";
  const text = parameters.get("title") ?? colour;
  for (const name of ["colour", "title"]) parameters.delete(name);
  if (parameters.get("subtle") === "false") parameters.delete("subtle");
  const color = STATUS_COLORS.get(colour.toLowerCase());
  return color === undefined || text === "" || parameters.size > 0
    ? undefined
    : [{ type: "status", text, color }];
}

/** White space as a browser shows it: one blank at most, none at the ends of a line. */
function collapse(inlines: readonly Inline[]): Inline[] {
  let isOpen = false;
  const out = inlines.map((inline): Inline => {
    if (inline.type !== "text") {
      isOpen = inline.type !== "break";
      return inline;
    }
    let text = inline.text.replace(/[ \t\r\n\f]+/g, " ");
    if (!isOpen && text.startsWith(" ")) text = text.slice(1);
    if (text !== "") isOpen = !text.endsWith(" ");
    return { ...inline, text };
  });
  return trimEnds(out);
}

function trimEnds(inlines: Inline[]): Inline[] {
  let isEnd = true;
  for (let i = inlines.length - 1; i >= 0; i -= 1) {
    const inline = inlines[i];
    if (inline?.type === "text" && isEnd) {
      const text = inline.text.endsWith(" ") ? inline.text.slice(0, -1) : inline.text;
      inlines[i] = { ...inline, text };
      isEnd = text === "";
    } else isEnd = inline?.type === "break";
  }
  return inlines;
}

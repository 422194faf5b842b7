import { normalizeDocument } from "../normalize.ts";
import { OriginalsBuilder } from "../opaque.ts";
import type { Align, Block, Document, Originals } from "../tree.ts";
import { readImage } from "./image.ts";
import { BLOCKS, INLINE, MARKS, PHRASES } from "./names.ts";
import { readLine } from "./read-inline.ts";
import { readList, readTaskList } from "./read-list.ts";
import { frame, isBlockMacro, readMacro, readPre, retagged } from "./read-macro.ts";
import { readTable } from "./read-table.ts";
import { keep, optionOf, type Reading, takeStyle, telling } from "./reading.ts";
import { child, elements, isBlank, parseXml, type XmlElement, type XmlNode } from "./xml.ts";

/**
 * Reads Confluence storage format. What has no notation is kept by its exact source text in
 * `originals`. Left out: ids which the editor makes anew (`local-id`, macro ids), classes that only
 * rendering uses, attributes of list items. Line ends become LF.
 * Throws `shape` with line and column where the XML is malformed or nested deeper than 200 elements.
 */
export function readStorage(xml: string): { document: Document; originals: Originals } {
  const source = xml.replaceAll("\r\n", "\n");
  return readTree(parseXml(source, "shape"), source, false);
}

/** Reads a parsed text; `lenient` dissolves what is unknown, for rendered HTML. */
export function readTree(
  root: XmlElement,
  source: string,
  lenient: boolean,
): { document: Document; originals: Originals } {
  const originals = new OriginalsBuilder();
  const reading: Reading = {
    source,
    lenient,
    originals,
    blocks: (nodes) => readBlocks(nodes, reading),
  };
  const children = readBlocks(root.children, reading);
  const document = normalizeDocument({ type: "document", children });
  return { document, originals: originals.map };
}

type Place = "block" | "inline" | "either" | "blank";

function placeOf(node: XmlNode, reading: Reading): Place {
  if (node.kind === "aside") return "either";
  if (node.kind === "text") return isBlank(node) ? "blank" : "inline";
  if (BLOCKS.has(node.name) || isBlockMacro(node)) return "block";
  if (isCard(node)) return "either";
  if (MARKS.has(node.name) || PHRASES.has(node.name) || INLINE.has(node.name)) return "inline";
  if (node.name === "ac:structured-macro" && node.attributes["ac:name"] === "status") {
    return "inline";
  }
  return reading.lenient && node.name !== "img" ? "block" : "either";
}

/** Content of a container: what stands in line becomes paragraphs, the rest stays apart. */
function readBlocks(nodes: readonly XmlNode[], reading: Reading): Block[] {
  const out: Block[] = [];
  let run: { node: XmlNode; place: Place }[] = [];
  const flush = () => {
    const isLine = run.some((one) => one.place === "inline");
    const line = isLine
      ? readLine(
          run.map((one) => one.node),
          reading,
        )
      : [];
    // A lone <br/> is how editors fill an empty cell.
    if (line.some((one) => one.type !== "break")) out.push({ type: "paragraph", children: line });
    if (!isLine) for (const one of run) out.push(...readAlone(one.node, reading));
    run = [];
  };
  for (const node of nodes) {
    const place = placeOf(node, reading);
    if (place !== "block" || node.kind !== "element") {
      run.push({ node, place });
      continue;
    }
    flush();
    for (const block of readBlock(node, reading)) out.push(block);
  }
  flush();
  return out;
}

/** A node that stands alone between blocks. */
function readAlone(node: XmlNode, reading: Reading): Block[] {
  if (node.kind === "text") return [];
  if (node.kind === "aside") return reading.lenient ? [] : [keep(node, reading)];
  const card = isCard(node) ? cardOf(node) : undefined;
  if (card !== undefined) return [card];
  if (node.name === "ac:image" || node.name === "img") {
    const image = readImage(node);
    const caption = readCaption(node, reading);
    if (image !== undefined && caption !== undefined) {
      return [{ type: "image-block", image, ...caption }];
    }
  }
  return reading.lenient ? [] : [keep(node, reading)];
}

function readCaption(node: XmlElement, reading: Reading) {
  const caption = child(node, "ac:caption");
  if (caption === undefined) return {};
  const [first, ...others] = readBlocks(caption.children, reading);
  if (first === undefined) return {};
  return first.type === "paragraph" && others.length === 0
    ? { caption: first.children }
    : undefined;
}

function isCard(node: XmlElement): boolean {
  return node.name === "a" && /^(block|embed)$/.test(node.attributes["data-card-appearance"] ?? "");
}

function cardOf(node: XmlElement): Block | undefined {
  const attributes = telling(node);
  const take = (name: string) => {
    const value = attributes.get(name);
    attributes.delete(name);
    return value;
  };
  const kind = take("data-card-appearance");
  const url = take("href");
  const options = { layout: take("data-layout"), width: take("data-width") };
  const given = Object.entries(options).flatMap(([key, value]) => (value ? [[key, value]] : []));
  const isPlain = attributes.size === 0 && url;
  return isPlain && (kind === "block" || kind === "embed")
    ? { type: "card-block", url, kind, options: Object.fromEntries(given) }
    : undefined;
}

function readBlock(node: XmlElement, reading: Reading): Block[] {
  const heading = /^h([1-6])$/.exec(node.name);
  if (heading !== null || node.name === "p") return readParagraph(node, reading);
  switch (node.name) {
    case "ul":
    case "ol":
      return [readList(node, reading)];
    case "ac:task-list":
      return [readTaskList(node, reading)];
    case "table":
      return [readTable(node, reading)];
    case "pre":
      return [readPre(node, reading)];
    case "hr":
      return [{ type: "rule" }];
    case "blockquote":
      return [tagged(node, { type: "quote", children: reading.blocks(node.children) }, reading)];
    case "ac:layout":
      return readLayout(node, reading);
    case "ac:structured-macro":
      return readMacro(node, reading);
    default:
      if (reading.lenient) return reading.blocks(node.children);
      return [frame(node, node, reading.blocks(node.children), reading)];
  }
}

function readParagraph(node: XmlElement, reading: Reading): Block[] {
  const wrapped = node.name === "p" ? wrappedBlock(node) : undefined;
  if (wrapped !== undefined && telling(node).size === 0) {
    const card = cardOf(wrapped);
    return card === undefined ? readMacro(wrapped, reading) : [card];
  }
  const attributes = telling(node);
  const align = alignOf(attributes);
  const children = readLine(node.children, reading);
  const level = Number(node.name.slice(1));
  const block: Block =
    level === 1 || level === 2 || level === 3 || level === 4 || level === 5 || level === 6
      ? { type: "heading", level, children, align }
      : { type: "paragraph", children, align };
  return attributes.size === 0 || reading.lenient ? [block] : [retagged(node, block, reading)];
}

/** The only thing in a paragraph, where that is a block: older editors wrap macros so. */
function wrappedBlock(node: XmlElement): XmlElement | undefined {
  const [only, ...others] = elements(node);
  const texts = node.children.filter((one) => one.kind !== "element");
  if (only === undefined || others.length > 0 || !texts.every(isBlank)) return undefined;
  return isBlockMacro(only) || (isCard(only) && cardOf(only) !== undefined) ? only : undefined;
}

function alignOf(attributes: Map<string, string>): Align | undefined {
  const style = attributes.get("style");
  const align = takeStyle(attributes, "text-align");
  if (align === "center" || align === "right" || align === "left") return align;
  if (style !== undefined) attributes.set("style", style);
  return undefined;
}

function tagged(node: XmlElement, block: Block, reading: Reading): Block {
  return telling(node).size === 0 || reading.lenient ? block : retagged(node, block, reading);
}

/** One layout block per section; the attributes of the section are its options. */
function readLayout(node: XmlElement, reading: Reading): Block[] {
  const isCell = (cell: XmlElement) => cell.name === "ac:layout-cell" && telling(cell).size === 0;
  const sections = elements(node);
  const isPlain =
    telling(node).size === 0 &&
    node.children.every((one) => one.kind === "element" || isBlank(one)) &&
    sections.every((one) => one.name === "ac:layout-section" && elements(one).every(isCell));
  if (!isPlain) return [keep(node, reading)];
  return sections.map((section) => {
    const options = [...telling(section)].map(
      ([name, value]) => [optionOf(name.replace(/^ac:/, "")), value] as const,
    );
    const columns = elements(section).map((cell) => ({ children: reading.blocks(cell.children) }));
    return {
      type: "layout",
      columns,
      options: options.length > 0 ? Object.fromEntries(options) : undefined,
    };
  });
}

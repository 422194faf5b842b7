import type { Block } from "../tree.ts";
import { CODE_MACROS, PANELS } from "./names.ts";
import {
  type FrameData,
  keep,
  labelOf,
  openTag,
  optionOf,
  type Reading,
  telling,
} from "./reading.ts";
import { child, elements, isBlank, textOf, type XmlElement } from "./xml.ts";

/** True for a macro that is a block wherever it stands. */
export function isBlockMacro(node: XmlElement): boolean {
  const name = node.attributes["ac:name"] ?? "";
  if (node.name !== "ac:structured-macro") return false;
  return CODE_MACROS.has(name) || child(node, "ac:rich-text-body") !== undefined;
}

/** Reads a macro that stands as a block: code, panel, expand, a frame around its body, or opaque. */
export function readMacro(node: XmlElement, reading: Reading): Block[] {
  const name = node.attributes["ac:name"] ?? "";
  const settings = readSettings(node);
  const body = child(node, "ac:rich-text-body");
  if (CODE_MACROS.has(name) && settings !== undefined && body === undefined) {
    return [readCode(name, node, settings)];
  }
  const isEmpty =
    body === undefined || (body.children.length === 0 && body.innerStart === body.end);
  if (isEmpty) return reading.lenient ? [] : [keep(node, reading)];
  const children = reading.blocks(body.children);
  const kind = PANELS.get(name);
  const { title, ...options } = settings ?? {};
  if (kind !== undefined && settings !== undefined) {
    return [{ type: "panel", kind, title: title || undefined, children, options: filled(options) }];
  }
  if (name === "expand" && settings !== undefined && filled(options) === undefined) {
    return [{ type: "expand", title: title || undefined, children }];
  }
  return reading.lenient ? children : [frame(node, body, children, reading)];
}

/** A frame: the content stays readable, everything around it is kept as written. */
export function frame(
  node: XmlElement,
  body: XmlElement,
  children: readonly Block[],
  reading: Reading,
): Block {
  const data: FrameData = {
    open: reading.source.slice(node.start, body.innerStart),
    close: reading.source.slice(body.innerEnd, node.end),
  };
  const label = labelOf({ ...node, children: node.children.filter((one) => one !== body) });
  return { type: "frame", id: reading.originals.add(label, data), label, data, children };
}

/** A preformatted block, or its source text where it holds more than text. */
export function readPre(node: XmlElement, reading: Reading): Block {
  const isPlain = elements(node).length === 0 && telling(node).size === 0;
  if (!isPlain && !reading.lenient) return keep(node, reading);
  const text = reading.lenient ? textOf(node).replace(/^\n|\n$/g, "") : textOf(node);
  return { type: "code", text, options: reading.lenient ? undefined : { format: "pre" } };
}

function readCode(name: string, node: XmlElement, settings: Record<string, string>): Block {
  const { language, ...options } = settings;
  if (name !== "code") options.format = name;
  const body = child(node, "ac:plain-text-body");
  const text = body === undefined ? "" : textOf(body);
  return { type: "code", text, language: language || undefined, options: filled(options) };
}

/**
 * Parameters by name, telling attributes as `attribute.name`; `undefined` where one is more than
 * plain text or has no name that an option can have.
 */
function readSettings(node: XmlElement): Record<string, string> | undefined {
  const found = new Map<string, string>();
  for (const [name, value] of telling(node)) {
    if (name !== "ac:name") found.set(`attribute.${optionOf(name)}`, value);
  }
  for (const one of node.children) {
    if (isBlank(one)) continue;
    if (one.kind !== "element") return undefined;
    if (one.name !== "ac:parameter") continue;
    const name = one.attributes["ac:name"] ?? "";
    if (elements(one).length > 0 || found.has(name)) return undefined;
    if (name === "format" || !/^[A-Za-z][\w-]*$/.test(name)) return undefined;
    found.set(name, textOf(one));
  }
  return Object.fromEntries(found);
}

function filled(options: Record<string, string>): Record<string, string> | undefined {
  return Object.keys(options).length > 0 ? options : undefined;
}

/** Label and data of a frame that only gives its single block another opening tag. */
export function retagged(node: XmlElement, block: Block, reading: Reading): Block {
  const data: FrameData = { tag: openTag(node, reading).replace(/\s*\/>$/, ">") };
  const attributes = [...telling(node)].map(([name, value]) => `${name}=${value}`);
  const label = [node.name, ...attributes].join(" ");
  return { type: "frame", id: reading.originals.add(label, data), label, data, children: [block] };
}

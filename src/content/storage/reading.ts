import type { OriginalsBuilder } from "../opaque.ts";
import type { Block, Opaque } from "../tree.ts";
import { elements, textOf, type XmlElement, type XmlNode } from "./xml.ts";

/** What the readers of one text share. */
export interface Reading {
  readonly source: string;
  /** Rendered HTML: what has no notation dissolves into its content instead of being kept. */
  readonly lenient: boolean;
  readonly originals: OriginalsBuilder;
  readonly blocks: (nodes: readonly XmlNode[]) => Block[];
}

/** The original of a frame: what stands around the content, or the tag its only block begins with. */
export type FrameData =
  | { readonly open: string; readonly close: string }
  | { readonly tag: string };

const NOISE = new Set([
  "local-id",
  "ac:local-id",
  "ri:local-id",
  "data-local-id",
  "ac:macro-id",
  "ac:schema-version",
  "ac:task-list-id",
  "ri:version-at-save",
  "rel",
]);
const NOISE_CLASSES = new Set([
  "auto-cursor-target",
  "confluenceTable",
  "confluenceTd",
  "confluenceTh",
  "confluenceTr",
  "external-link",
  "placeholder-inline-tasks",
]);
const NOISE_STYLES = new Set(["letter-spacing"]);
const LABEL_LENGTH = 80;

/** The exact source text of a node. */
function sourceOf(node: { start: number; end: number }, reading: Reading): string {
  return reading.source.slice(node.start, node.end);
}

/** The opening tag of an element as written. */
export function openTag(node: XmlElement, reading: Reading): string {
  return reading.source.slice(node.start, node.innerStart);
}

/** A node without a notation as placeholder for its exact source text. */
export function keep(node: Exclude<XmlNode, { kind: "text" }>, reading: Reading): Opaque {
  const label = node.kind === "aside" ? "comment" : labelOf(node);
  const data = sourceOf(node, reading);
  return { type: "opaque", id: reading.originals.add(label, data), label, data };
}

/** Attributes that say something: without ids and classes which the editor makes up anew. */
export function telling(node: XmlElement): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(node.attributes)) {
    if (NOISE.has(name)) continue;
    if (name === "class") {
      const classes = value.split(/\s+/).filter((one) => one !== "" && !NOISE_CLASSES.has(one));
      if (classes.length > 0) found.set(name, classes.join(" "));
    } else if (name !== "style" || styles(value).size > 0) found.set(name, value);
  }
  return found;
}

/** The declarations of a style attribute, names in lower case. */
function styles(value: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const part of value.split(";")) {
    const colon = part.indexOf(":");
    const name = part.slice(0, Math.max(0, colon)).trim().toLowerCase();
    if (name !== "" && !NOISE_STYLES.has(name)) found.set(name, part.slice(colon + 1).trim());
  }
  return found;
}

/** An attribute's name as key of an option, which knows no colon: `ri:version` is `ri.version`. */
export function optionOf(attribute: string): string {
  return attribute.replaceAll(":", ".");
}

/** The attribute that an option holds, or `undefined` where the key cannot be one. */
export function attributeOf(option: string): string | undefined {
  return /^[a-z][a-z0-9-]*(\.[a-z0-9-]+)?$/i.test(option) ? option.replace(".", ":") : undefined;
}

/** Takes one declaration out of the `style` among telling attributes. */
export function takeStyle(attributes: Map<string, string>, name: string): string | undefined {
  const all = styles(attributes.get("style") ?? "");
  const value = all.get(name);
  if (value === undefined) return undefined;
  all.delete(name);
  const rest = [...all].map(([key, one]) => `${key}: ${one};`).join(" ");
  if (rest === "") attributes.delete("style");
  else attributes.set("style", rest);
  return value;
}

/** `rgb(1,2,3)` as `#010203`; other CSS colours as they are. */
export function colorOf(value: string): string {
  const rgb = /^rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)$/.exec(value);
  if (rgb === null) return value;
  const parts = rgb.slice(1).map(Number);
  if (parts.some((part) => part > 255)) return value;
  return `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

/** What an element is, for a reader: `macro jira key=ABC-1`. One line, at most 80 characters. */
export function labelOf(node: XmlElement): string {
  const name = node.attributes["ac:name"];
  const isMacro = node.name === "ac:structured-macro" || node.name === "ac:macro";
  const words = isMacro ? ["macro", name ?? ""] : [node.name.replace(/^\w+:/, "")];
  for (const one of isMacro ? elements(node) : []) {
    if (one.name !== "ac:parameter") continue;
    const key = one.attributes["ac:name"] ?? "";
    const value = textOf(one).trim() || target(one);
    words.push(key === "" ? value : `${key}=${value}`);
  }
  if (!isMacro) words.push(target(node), textOf(node).trim());
  const label = words.filter(Boolean).join(" ").replace(/\s+/g, " ");
  return label.length > LABEL_LENGTH ? `${label.slice(0, LABEL_LENGTH - 1)}…` : label;
}

function target(node: XmlElement): string {
  const reference = elements(node).find((one) => one.name.startsWith("ri:"));
  if (reference === undefined) return "";
  const { attributes } = reference;
  return (
    attributes["ri:content-title"] ?? attributes["ri:filename"] ?? attributes["ri:value"] ?? ""
  );
}

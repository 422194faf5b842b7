import { SaxesParser } from "saxes";
import { badRequest } from "../refused.ts";
import { entities } from "./entities.ts";

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlNode[];
}

/** Text is plain: entities are resolved and CDATA sections are unwrapped. */
export type XmlNode = XmlElement | string;

// Without a prototype, so that "&constructor;" is unknown.
const known: Record<string, string> = Object.assign(Object.create(null), entities);

const prefixes = new Set(["ac", "ri", "at"]);

/**
 * Reads a storage format fragment.
 *
 * @throws Refused 400 for anything that is not well-formed, as Confluence does.
 */
export function parseStorage(source: string): XmlNode[] {
  const root: XmlNode[] = [];
  const open: XmlNode[][] = [root];
  const append = (node: XmlNode): void => {
    open[open.length - 1]?.push(node);
  };
  const parser = new SaxesParser({ fragment: true, xmlns: false as const });
  parser.ENTITIES = known;
  parser.on("text", append);
  parser.on("cdata", append);
  parser.on("opentag", ({ name, attributes }) => {
    const prefix = name.includes(":") ? name.slice(0, name.indexOf(":")) : undefined;
    if (prefix !== undefined && !prefixes.has(prefix)) {
      throw new Error(`Undeclared namespace prefix "${prefix}"`);
    }
    const element: XmlElement = { name, attributes, children: [] };
    append(element);
    open.push(element.children);
  });
  parser.on("closetag", () => {
    open.pop();
  });
  try {
    parser.write(source).close();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const at = `[row,col {unknown-source}]: [${parser.line},${parser.column}]`;
    throw badRequest(`Error parsing xhtml: ${reason}\n at ${at}`);
  }
  return root;
}

export function isElement(node: XmlNode | undefined, name?: string): node is XmlElement {
  return typeof node === "object" && (name === undefined || node.name === name);
}

/** The first child element of that name. */
export function child(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((node): node is XmlElement => isElement(node, name));
}

/** All text below a node, joined as it stands. */
export function textOf(node: XmlNode): string {
  return typeof node === "string" ? node : node.children.map(textOf).join("");
}

/** `ac:parameter` values of a macro by name; the default parameter has the name `""`. */
export function macroParameters(macro: XmlElement): Record<string, string> {
  const found: Record<string, string> = {};
  for (const node of macro.children) {
    if (!isElement(node, "ac:parameter")) continue;
    const reference = node.children.find((inner) => isElement(inner));
    const value = isElement(reference) ? Object.values(reference.attributes)[0] : undefined;
    found[node.attributes["ac:name"] ?? ""] = value ?? textOf(node);
  }
  return found;
}

export function escapeXml(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

export function escapeAttribute(text: string): string {
  return escapeXml(text).replace(/"/g, "&quot;");
}

/** A CDATA section; a closing sequence inside is split over two sections. */
export function cdata(text: string): string {
  return `<![CDATA[${text.replaceAll("]]>", "]]]]><![CDATA[>")}]]>`;
}

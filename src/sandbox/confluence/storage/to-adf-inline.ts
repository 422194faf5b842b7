import type { AdfMark, AdfNode, BodyContext } from "./adf.ts";
import { child, isElement, macroParameters, textOf, type XmlElement, type XmlNode } from "./xml.ts";

const markOf: Readonly<Record<string, string>> = {
  strong: "strong",
  b: "strong",
  em: "em",
  i: "em",
  u: "underline",
  s: "strike",
  del: "strike",
  code: "code",
};

const inlineNames = new Set([
  ...Object.keys(markOf),
  "sub",
  "sup",
  "a",
  "span",
  "br",
  "time",
  "ac:link",
  "ac:emoticon",
  "ac:inline-comment-marker",
  "ac:placeholder",
]);

/** Macros that stand inside a line of text. */
const inlineMacros = new Set(["status", "jira", "anchor"]);

export function isInline(node: XmlNode): boolean {
  if (typeof node === "string") return true;
  if (node.name !== "ac:structured-macro") return inlineNames.has(node.name);
  return inlineMacros.has(node.attributes["ac:name"] ?? "") && !macroParameters(node)["jqlQuery"];
}

const statusColors: Readonly<Record<string, string>> = {
  grey: "neutral",
  green: "green",
  yellow: "yellow",
  red: "red",
  blue: "blue",
  purple: "purple",
};

function withMark(marks: readonly AdfMark[], mark: AdfMark): AdfMark[] {
  const kept = marks.filter(({ type }) => {
    if (type === mark.type) return false;
    const plain = type === "link" || type === "annotation";
    return plain || mark.type !== "code";
  });
  if (marks.some(({ type }) => type === "code") && !["link", "annotation"].includes(mark.type)) {
    return [...marks];
  }
  return [...kept, mark];
}

function styleMark(element: XmlElement): AdfMark | undefined {
  const style = element.attributes["style"] ?? "";
  const color = /(?:^|;)\s*color:\s*(#[0-9a-fA-F]{6}|rgb\((\d+),\s*(\d+),\s*(\d+)\))/.exec(style);
  if (color === null) return undefined;
  const parts = [color[2], color[3], color[4]];
  const hex = parts.map((part) => Number(part).toString(16).padStart(2, "0")).join("");
  const value = color[1]?.startsWith("#") ? color[1].toLowerCase() : `#${hex}`;
  return { type: "textColor", attrs: { color: value } };
}

function markFor(element: XmlElement): AdfMark | undefined {
  const simple = markOf[element.name];
  if (simple !== undefined) return { type: simple };
  switch (element.name) {
    case "sub":
    case "sup":
      return { type: "subsup", attrs: { type: element.name } };
    case "a":
      return { type: "link", attrs: { href: element.attributes["href"] ?? "" } };
    case "span":
      return styleMark(element);
    case "ac:inline-comment-marker": {
      const id = element.attributes["ac:ref"] ?? "";
      return { type: "annotation", attrs: { id, annotationType: "inlineComment" } };
    }
    default:
      return undefined;
  }
}

function linkNode(link: XmlElement, marks: readonly AdfMark[], context: BodyContext): AdfNode[] {
  const target = link.children.find((node): node is XmlElement => isElement(node));
  if (target?.name === "ri:user") {
    const id = target.attributes["ri:account-id"] ?? target.attributes["ri:userkey"] ?? "";
    return [{ type: "mention", attrs: { id, text: `@${context.nameOf(id) ?? id}` } }];
  }
  const body = child(link, "ac:link-body") ?? child(link, "ac:plain-text-link-body");
  const title = target?.attributes["ri:content-title"] ?? target?.attributes["ri:filename"] ?? "";
  const space = target?.attributes["ri:space-key"];
  const anchor = link.attributes["ac:anchor"];
  const page = `/wiki/search?title=${encodeURIComponent(title)}`;
  const place = space === undefined ? page : `${page}&space=${encodeURIComponent(space)}`;
  const href = title === "" ? `#${anchor ?? ""}` : place;
  const text = (body === undefined ? "" : textOf(body)) || title || (anchor ?? "");
  if (text === "") return [];
  return [{ type: "text", text, marks: withMark(marks, { type: "link", attrs: { href } }) }];
}

function macroNode(macro: XmlElement): AdfNode {
  const parameters = macroParameters(macro);
  const name = macro.attributes["ac:name"] ?? "";
  if (name === "status") {
    const color = statusColors[(parameters["colour"] ?? "").toLowerCase()] ?? "neutral";
    const localId = macro.attributes["ac:macro-id"] ?? "";
    return {
      type: "status",
      attrs: { text: parameters["title"] ?? "", color, localId, style: "" },
    };
  }
  return { type: "inlineExtension", attrs: extensionAttributes(macro) };
}

/** The attributes by which ADF carries a macro that it has no node for. */
export function extensionAttributes(macro: XmlElement): Readonly<Record<string, unknown>> {
  const name = macro.attributes["ac:name"] ?? "";
  const entries = Object.entries(macroParameters(macro)).map(([key, value]) => [key, { value }]);
  const plain = child(macro, "ac:plain-text-body");
  if (plain !== undefined) entries.push(["__bodyContent", { value: textOf(plain) }]);
  const macroId = { value: macro.attributes["ac:macro-id"] ?? "" };
  return {
    extensionType: "com.atlassian.confluence.macro.core",
    extensionKey: name,
    parameters: {
      macroParams: Object.fromEntries(entries),
      macroMetadata: { macroId, schemaVersion: { value: "1" }, title: name },
    },
  };
}

/** A `datetime` attribute as ADF wants it: milliseconds in a string. */
function timestampOf(time: XmlElement): string {
  return String(Date.parse(`${time.attributes["datetime"] ?? ""}T00:00:00Z`) || 0);
}

function inlineElement(
  element: XmlElement,
  marks: readonly AdfMark[],
  context: BodyContext,
): AdfNode[] {
  switch (element.name) {
    case "br":
      return [{ type: "hardBreak" }];
    case "time":
      return [{ type: "date", attrs: { timestamp: timestampOf(element) } }];
    case "ac:link":
      return linkNode(element, marks, context);
    case "ac:structured-macro":
      return [macroNode(element)];
    case "ac:emoticon": {
      const shortName = element.attributes["ac:emoji-shortname"];
      const text = element.attributes["ac:emoji-fallback"] ?? "";
      const fallback = `:${element.attributes["ac:name"] ?? "smile"}:`;
      const id = element.attributes["ac:emoji-id"] ?? "";
      return [{ type: "emoji", attrs: { shortName: shortName ?? fallback, id, text } }];
    }
    case "ac:placeholder":
      return [{ type: "placeholder", attrs: { text: textOf(element) } }];
    case "a":
      if (element.attributes["data-card-appearance"] === "inline") {
        return [{ type: "inlineCard", attrs: { url: element.attributes["href"] ?? "" } }];
      }
  }
  const mark = markFor(element);
  const inner = mark === undefined ? marks : withMark(marks, mark);
  return collect(element.children, inner, context);
}

function collect(
  nodes: readonly XmlNode[],
  marks: readonly AdfMark[],
  context: BodyContext,
): AdfNode[] {
  return nodes.flatMap((node) => {
    if (typeof node !== "string") return inlineElement(node, marks, context);
    const text = node.replace(/[ \t\r\n]+/g, " ");
    if (text === "") return [];
    return [marks.length === 0 ? { type: "text", text } : { type: "text", text, marks }];
  });
}

function trimEdge(node: AdfNode | undefined, edge: RegExp): AdfNode | undefined {
  if (node?.type !== "text" || node.text === undefined) return node;
  const text = node.text.replace(edge, "");
  return text === "" ? undefined : { ...node, text };
}

/** Inline content of one line or paragraph, without blanks at its ends and without empty text. */
export function inlineToAdf(nodes: readonly XmlNode[], context: BodyContext): AdfNode[] {
  const found = collect(nodes, [], context);
  while (found.length > 0) {
    const first = trimEdge(found[0], /^ +/);
    if (first !== undefined) {
      found[0] = first;
      break;
    }
    found.shift();
  }
  while (found.length > 0) {
    const last = trimEdge(found.at(-1), / +$/);
    if (last !== undefined) {
      found[found.length - 1] = last;
      break;
    }
    found.pop();
  }
  return found;
}

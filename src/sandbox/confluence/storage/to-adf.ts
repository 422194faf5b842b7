import type { AdfDocument, AdfNode, BodyContext } from "./adf.ts";
import { extensionAttributes, inlineToAdf, isInline } from "./to-adf-inline.ts";
import { child, isElement, macroParameters, textOf, type XmlElement, type XmlNode } from "./xml.ts";

/** Panel macros and the panels that Confluence Cloud turns them into. */
export const panelTypes: Readonly<Record<string, string>> = {
  info: "info",
  tip: "success",
  note: "warning",
  warning: "error",
};

const layoutWidths: Readonly<Record<string, readonly number[]>> = {
  single: [100],
  two_equal: [50, 50],
  two_left_sidebar: [33.33, 66.66],
  two_right_sidebar: [66.66, 33.33],
  three_equal: [33.33, 33.33, 33.33],
  three_with_sidebars: [25, 50, 25],
};

type Convert = (nodes: readonly XmlNode[]) => AdfNode[];

function elements(parent: XmlElement, ...names: readonly string[]): XmlElement[] {
  return parent.children.filter(
    (node): node is XmlElement => isElement(node) && names.includes(node.name),
  );
}

/** Containers must not be empty in ADF. */
function atLeastParagraph(content: readonly AdfNode[]): readonly AdfNode[] {
  return content.length === 0 ? [{ type: "paragraph", content: [] }] : content;
}

function list(element: XmlElement, blocks: Convert): AdfNode {
  const content = elements(element, "li").map((item): AdfNode => {
    const inner = atLeastParagraph(blocks(item.children));
    const startsWell = ["paragraph", "mediaSingle", "codeBlock"].includes(inner[0]?.type ?? "");
    const start: readonly AdfNode[] = startsWell ? [] : [{ type: "paragraph", content: [] }];
    return { type: "listItem", content: [...start, ...inner] };
  });
  if (element.name === "ul") return { type: "bulletList", content };
  return {
    type: "orderedList",
    attrs: { order: Number(element.attributes["start"] ?? 1) },
    content,
  };
}

function table(element: XmlElement, blocks: Convert): AdfNode {
  const rows = [element, ...elements(element, "thead", "tbody", "tfoot")].flatMap((part) =>
    elements(part, "tr"),
  );
  const content = rows.map((row): AdfNode => {
    const cells = elements(row, "td", "th").map((cell): AdfNode => {
      const spans = ["colspan", "rowspan"].flatMap((name) =>
        cell.attributes[name] === undefined ? [] : [[name, Number(cell.attributes[name])]],
      );
      return {
        type: cell.name === "th" ? "tableHeader" : "tableCell",
        attrs: Object.fromEntries(spans),
        content: atLeastParagraph(blocks(cell.children)),
      };
    });
    return { type: "tableRow", content: cells };
  });
  return { type: "table", attrs: { isNumberColumnEnabled: false, layout: "default" }, content };
}

function taskList(element: XmlElement, context: BodyContext): AdfNode {
  const content = elements(element, "ac:task", "ac:task-list").flatMap((task): AdfNode[] => {
    if (task.name === "ac:task-list") return [taskList(task, context)];
    const body = child(task, "ac:task-body")?.children ?? [];
    const state = textOf(child(task, "ac:task-status") ?? "") === "complete" ? "DONE" : "TODO";
    const localId = textOf(child(task, "ac:task-id") ?? "");
    const inline = inlineToAdf(body.filter(isInline), context);
    const nested = body.filter((node) => isElement(node, "ac:task-list"));
    const item: AdfNode = { type: "taskItem", attrs: { localId, state }, content: inline };
    return [item, ...nested.flatMap((node) => (isElement(node) ? [taskList(node, context)] : []))];
  });
  return { type: "taskList", attrs: { localId: "" }, content };
}

function media(image: XmlElement, { files, containerId }: BodyContext): AdfNode {
  const url = child(image, "ri:url")?.attributes["ri:value"];
  const name = child(image, "ri:attachment")?.attributes["ri:filename"] ?? "";
  const alt = image.attributes["ac:alt"] ?? name;
  const id = files.find((file) => file.name === name)?.mediaId ?? "";
  const attrs =
    url === undefined
      ? { type: "file", id, collection: `contentId-${containerId}`, alt }
      : { type: "external", url, alt };
  return { type: "mediaSingle", attrs: { layout: "center" }, content: [{ type: "media", attrs }] };
}

function macro(element: XmlElement, blocks: Convert): AdfNode {
  const name = element.attributes["ac:name"] ?? "";
  const parameters = macroParameters(element);
  const rich = child(element, "ac:rich-text-body");
  const content = atLeastParagraph(rich === undefined ? [] : blocks(rich.children));
  const panelType = panelTypes[name];
  if (name === "code") {
    const text = textOf(child(element, "ac:plain-text-body") ?? "");
    const code: AdfNode[] = text === "" ? [] : [{ type: "text", text }];
    const language = parameters["language"];
    const attrs = language === undefined ? {} : { language };
    return { type: "codeBlock", attrs, content: code };
  }
  if (panelType !== undefined) return { type: "panel", attrs: { panelType }, content };
  if (name === "expand") {
    return { type: "expand", attrs: { title: parameters["title"] ?? "" }, content };
  }
  const attrs = { ...extensionAttributes(element), layout: "default" };
  if (rich === undefined) return { type: "extension", attrs };
  return { type: "bodiedExtension", attrs, content };
}

/** Panels without a macro of their own are kept in an extension element. */
function adfExtension(element: XmlElement, blocks: Convert): AdfNode[] {
  const node = child(element, "ac:adf-node");
  const content = node === undefined ? undefined : child(node, "ac:adf-content");
  if (node === undefined || node.attributes["type"] !== "panel") return [];
  const panelType = textOf(child(node, "ac:adf-attribute") ?? "note");
  const inner = atLeastParagraph(blocks(content?.children ?? []));
  return [{ type: "panel", attrs: { panelType }, content: inner }];
}

function layout(element: XmlElement, blocks: Convert): AdfNode[] {
  return elements(element, "ac:layout-section").flatMap((section): AdfNode[] => {
    const cells = elements(section, "ac:layout-cell");
    if (cells.length < 2) return cells.flatMap((cell) => blocks(cell.children));
    const widths = layoutWidths[section.attributes["ac:type"] ?? ""] ?? [];
    const columns = cells.map((cell, index): AdfNode => {
      const width = widths[index] ?? 100 / cells.length;
      const content = atLeastParagraph(blocks(cell.children));
      return { type: "layoutColumn", attrs: { width }, content };
    });
    return [{ type: "layoutSection", content: columns }];
  });
}

function block(element: XmlElement, context: BodyContext): AdfNode[] {
  const blocks: Convert = (nodes) => toBlocks(nodes, context);
  const heading = /^h([1-6])$/.exec(element.name);
  if (heading !== null) {
    const content = inlineToAdf(element.children, context);
    return [{ type: "heading", attrs: { level: Number(heading[1]) }, content }];
  }
  switch (element.name) {
    case "p":
      if (!element.children.every(isInline)) return blocks(element.children);
      return [{ type: "paragraph", content: inlineToAdf(element.children, context) }];
    case "ul":
    case "ol":
      return [list(element, blocks)];
    case "table":
      return [table(element, blocks)];
    case "blockquote":
      return [{ type: "blockquote", content: atLeastParagraph(blocks(element.children)) }];
    case "pre":
      return [{ type: "codeBlock", content: [{ type: "text", text: textOf(element) }] }];
    case "hr":
      return [{ type: "rule" }];
    case "ac:task-list":
      return [taskList(element, context)];
    case "ac:image":
      return [media(element, context)];
    case "ac:structured-macro":
      return [macro(element, blocks)];
    case "ac:adf-extension":
      return adfExtension(element, blocks);
    case "ac:layout":
      return layout(element, blocks);
    default:
      return blocks(element.children);
  }
}

function toBlocks(nodes: readonly XmlNode[], context: BodyContext): AdfNode[] {
  const found: AdfNode[] = [];
  let line: XmlNode[] = [];
  const flush = (): void => {
    const content = inlineToAdf(line, context);
    if (content.length > 0) found.push({ type: "paragraph", content });
    line = [];
  };
  for (const node of nodes) {
    if (typeof node === "string" || isInline(node)) {
      line.push(node);
      continue;
    }
    flush();
    found.push(...block(node, context));
  }
  flush();
  return found;
}

/** Storage format as the document that Confluence Cloud shows for `atlas_doc_format`. */
export function storageToAdf(nodes: readonly XmlNode[], context: BodyContext): AdfDocument {
  return { type: "doc", version: 1, content: toBlocks(nodes, context) };
}

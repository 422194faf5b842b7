import {
  type AdfDocument,
  type AdfMark,
  type AdfNode,
  attribute,
  type BodyContext,
} from "./adf.ts";
import { panelTypes } from "./to-adf.ts";
import { cdata, escapeAttribute, escapeXml } from "./xml.ts";

const panelMacros = Object.fromEntries(
  Object.entries(panelTypes).map(([macroName, panel]) => [panel, macroName]),
);

const statusColors: Readonly<Record<string, string>> = {
  neutral: "Grey",
  green: "Green",
  yellow: "Yellow",
  red: "Red",
  blue: "Blue",
  purple: "Purple",
};

const markTags: Readonly<Record<string, string>> = {
  strong: "strong",
  em: "em",
  underline: "u",
  strike: "del",
  code: "code",
};

interface MacroParts {
  readonly id?: string | undefined;
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
}

function macro(name: string, { id, parameters = {}, body = "" }: MacroParts): string {
  const attributes = id ? ` ac:macro-id="${escapeAttribute(id)}"` : "";
  const written = Object.entries(parameters).map(
    ([key, value]) =>
      `<ac:parameter ac:name="${escapeAttribute(key)}">${escapeXml(value)}</ac:parameter>`,
  );
  return (
    `<ac:structured-macro ac:name="${escapeAttribute(name)}" ac:schema-version="1"${attributes}>` +
    `${written.join("")}${body}</ac:structured-macro>`
  );
}

function richBody(inner: string): string {
  return `<ac:rich-text-body>${inner}</ac:rich-text-body>`;
}

function marked(inner: string, mark: AdfMark): string {
  const tag = markTags[mark.type];
  if (tag !== undefined) return `<${tag}>${inner}</${tag}>`;
  switch (mark.type) {
    case "link":
      return `<a href="${escapeAttribute(attribute(mark, "href"))}">${inner}</a>`;
    case "subsup": {
      const name = attribute(mark, "type") === "sup" ? "sup" : "sub";
      return `<${name}>${inner}</${name}>`;
    }
    case "textColor":
      return `<span style="color: ${escapeAttribute(attribute(mark, "color"))};">${inner}</span>`;
    case "annotation": {
      const ref = escapeAttribute(attribute(mark, "id"));
      return `<ac:inline-comment-marker ac:ref="${ref}">${inner}</ac:inline-comment-marker>`;
    }
    default:
      return inner;
  }
}

interface MacroAttributes {
  readonly macroParams?: Readonly<Record<string, { readonly value?: unknown }>> | undefined;
  readonly macroMetadata?: { readonly macroId?: { readonly value?: unknown } } | undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function macroAttributes(node: AdfNode): MacroAttributes {
  const parameters = node.attrs?.["parameters"];
  return isRecord(parameters) ? parameters : {};
}

function extension(node: AdfNode, inner: string | undefined): string {
  const { macroParams = {}, macroMetadata } = macroAttributes(node);
  const all = Object.entries(macroParams).map(([key, held]) => [key, String(held?.value ?? "")]);
  const plain = all.find(([key]) => key === "__bodyContent")?.[1];
  const parameters = Object.fromEntries(all.filter(([key]) => key !== "__bodyContent"));
  const plainBody = `<ac:plain-text-body>${cdata(plain ?? "")}</ac:plain-text-body>`;
  const rich = inner === undefined ? undefined : richBody(inner);
  const body = plain === undefined ? rich : plainBody;
  const id = String(macroMetadata?.macroId?.value ?? "");
  return macro(attribute(node, "extensionKey"), { id, parameters, body });
}

function inlineNode(node: AdfNode): string {
  switch (node.type) {
    case "text":
      return [...(node.marks ?? [])].reverse().reduce(marked, escapeXml(node.text ?? ""));
    case "hardBreak":
      return "<br/>";
    case "mention": {
      const id = escapeAttribute(attribute(node, "id"));
      return `<ac:link><ri:user ri:account-id="${id}"/></ac:link>`;
    }
    case "emoji": {
      const text = (name: string): string => escapeAttribute(attribute(node, name));
      return (
        `<ac:emoticon ac:name="blue-star" ac:emoji-shortname="${text("shortName")}" ` +
        `ac:emoji-id="${text("id")}" ac:emoji-fallback="${text("text")}"/>`
      );
    }
    case "status": {
      const colour = statusColors[attribute(node, "color")] ?? "Grey";
      const parameters = { title: attribute(node, "text"), colour };
      return macro("status", { id: attribute(node, "localId"), parameters });
    }
    case "date": {
      const date = new Date(Number(attribute(node, "timestamp")) || 0);
      return `<time datetime="${date.toISOString().slice(0, 10)}"/>`;
    }
    case "inlineCard": {
      const url = escapeAttribute(attribute(node, "url"));
      return `<a href="${url}" data-card-appearance="inline">${url}</a>`;
    }
    case "inlineExtension":
      return extension(node, undefined);
    case "placeholder":
      return `<ac:placeholder>${escapeXml(attribute(node, "text"))}</ac:placeholder>`;
    default:
      return escapeXml(node.text ?? "");
  }
}

function inline(node: AdfNode): string {
  return (node.content ?? []).map(inlineNode).join("");
}

function taskList(node: AdfNode): string {
  const tasks = (node.content ?? []).map((item) => {
    if (item.type === "taskList") return taskList(item);
    const status = attribute(item, "state") === "DONE" ? "complete" : "incomplete";
    return (
      `<ac:task><ac:task-id>${escapeXml(attribute(item, "localId"))}</ac:task-id>` +
      `<ac:task-status>${status}</ac:task-status>` +
      `<ac:task-body>${inline(item)}</ac:task-body></ac:task>`
    );
  });
  return `<ac:task-list>${tasks.join("")}</ac:task-list>`;
}

function media(node: AdfNode, context: BodyContext): string {
  const alt = attribute(node, "alt");
  const name = context.files.find((file) => file.mediaId === attribute(node, "id"))?.name ?? alt;
  const source =
    attribute(node, "type") === "external"
      ? `<ri:url ri:value="${escapeAttribute(attribute(node, "url"))}"/>`
      : `<ri:attachment ri:filename="${escapeAttribute(name)}"/>`;
  return `<ac:image ac:alt="${escapeAttribute(alt)}">${source}</ac:image>`;
}

function cell(node: AdfNode, context: BodyContext): string {
  const tag = node.type === "tableHeader" ? "th" : "td";
  const spans = ["colspan", "rowspan"].map((name) => {
    const value = attribute(node, name);
    return value === "" ? "" : ` ${name}="${escapeAttribute(value)}"`;
  });
  return `<${tag}${spans.join("")}>${blocks(node, context)}</${tag}>`;
}

function panel(node: AdfNode, inner: string): string {
  const kind = attribute(node, "panelType");
  const name = panelMacros[kind];
  if (name !== undefined) return macro(name, { body: richBody(inner) });
  return (
    `<ac:adf-extension><ac:adf-node type="panel">` +
    `<ac:adf-attribute key="panel-type">${escapeXml(kind)}</ac:adf-attribute>` +
    `<ac:adf-content>${inner}</ac:adf-content></ac:adf-node></ac:adf-extension>`
  );
}

const wrappers: Readonly<Record<string, string>> = {
  blockquote: "blockquote",
  bulletList: "ul",
  listItem: "li",
  tableRow: "tr",
  layoutColumn: "ac:layout-cell",
};

function codeBlock(node: AdfNode): string {
  const language = attribute(node, "language");
  const code = (node.content ?? []).map(({ text }) => text ?? "").join("");
  const body = `<ac:plain-text-body>${cdata(code)}</ac:plain-text-body>`;
  return macro("code", { parameters: language === "" ? {} : { language }, body });
}

function block(node: AdfNode, context: BodyContext): string {
  const tag = wrappers[node.type];
  if (tag !== undefined) return `<${tag}>${blocks(node, context)}</${tag}>`;
  switch (node.type) {
    case "paragraph":
      return `<p>${inline(node)}</p>`;
    case "heading": {
      const name = `h${attribute(node, "level") || "1"}`;
      return `<${name}>${inline(node)}</${name}>`;
    }
    case "orderedList":
      return `<ol start="${attribute(node, "order") || "1"}">${blocks(node, context)}</ol>`;
    case "table":
      return `<table><tbody>${blocks(node, context)}</tbody></table>`;
    case "tableHeader":
    case "tableCell":
      return cell(node, context);
    case "rule":
      return "<hr/>";
    case "codeBlock":
      return codeBlock(node);
    case "taskList":
      return taskList(node);
    case "media":
      return media(node, context);
    case "panel":
      return panel(node, blocks(node, context));
    case "expand":
    case "nestedExpand": {
      const title = attribute(node, "title");
      const body = richBody(blocks(node, context));
      return macro("expand", { parameters: title === "" ? {} : { title }, body });
    }
    case "extension":
      return extension(node, undefined);
    case "bodiedExtension":
      return extension(node, blocks(node, context));
    case "blockCard":
    case "embedCard": {
      const url = escapeAttribute(attribute(node, "url"));
      const look = node.type === "blockCard" ? "block" : "embed";
      return `<p><a href="${url}" data-card-appearance="${look}">${url}</a></p>`;
    }
    default:
      return node.content === undefined ? inlineNode(node) : blocks(node, context);
  }
}

function blocks(node: AdfNode, context: BodyContext): string {
  let inSections = false;
  let written = "";
  for (const inner of node.content ?? []) {
    const section = inner.type === "layoutSection";
    if (section !== inSections) written += section ? "<ac:layout>" : "</ac:layout>";
    inSections = section;
    written += section ? layoutSection(inner, context) : block(inner, context);
  }
  return inSections ? `${written}</ac:layout>` : written;
}

function layoutSection(node: AdfNode, context: BodyContext): string {
  const columns = node.content?.length ?? 0;
  const kind = columns === 3 ? "three_equal" : "two_equal";
  const first = Number(node.content?.[0]?.attrs?.["width"] ?? 50);
  const sided = first < 50 ? "two_left_sidebar" : "two_right_sidebar";
  const type = columns === 2 && first !== 50 ? sided : kind;
  return `<ac:layout-section ac:type="${type}">${blocks(node, context)}</ac:layout-section>`;
}

/** A document as the storage format that Confluence keeps beside it. */
export function adfToStorage(document: AdfDocument, context: BodyContext): string {
  return blocks(document, context);
}

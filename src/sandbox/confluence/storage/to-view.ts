import type { BodyContext } from "./adf.ts";
import {
  child,
  escapeAttribute,
  escapeXml,
  isElement,
  macroParameters,
  textOf,
  type XmlElement,
  type XmlNode,
} from "./xml.ts";

const panelClasses: Readonly<Record<string, string>> = {
  info: "information",
  tip: "tip",
  note: "note",
  warning: "warning",
};

const voidTags = new Set(["br", "hr", "col"]);

function link(element: XmlElement, context: BodyContext): string {
  const target = element.children.find((node): node is XmlElement => isElement(node));
  const body = child(element, "ac:link-body") ?? child(element, "ac:plain-text-link-body");
  const user = target?.attributes["ri:account-id"] ?? target?.attributes["ri:userkey"];
  if (user !== undefined) {
    const name = escapeXml(context.nameOf(user) ?? user);
    return `<a class="confluence-userlink user-mention" data-account-id="${user}">${name}</a>`;
  }
  const title = target?.attributes["ri:content-title"] ?? target?.attributes["ri:filename"] ?? "";
  const href = `/search?title=${encodeURIComponent(title)}`;
  const label = body === undefined ? escapeXml(title) : storageToView(body.children, context);
  return `<a href="${escapeAttribute(href)}">${label}</a>`;
}

function image(element: XmlElement, { containerId }: BodyContext): string {
  const url = child(element, "ri:url")?.attributes["ri:value"];
  const name = child(element, "ri:attachment")?.attributes["ri:filename"] ?? "";
  const src = url ?? `/download/attachments/${containerId}/${encodeURIComponent(name)}`;
  const alt = element.attributes["ac:alt"] ?? name;
  return `<img class="confluence-embedded-image" src="${escapeAttribute(src)}" alt="${escapeAttribute(alt)}"/>`;
}

function macro(element: XmlElement, context: BodyContext): string {
  const name = element.attributes["ac:name"] ?? "";
  const parameters = macroParameters(element);
  const rich = child(element, "ac:rich-text-body");
  const inner = rich === undefined ? "" : storageToView(rich.children, context);
  const plain = escapeXml(textOf(child(element, "ac:plain-text-body") ?? ""));
  const title = escapeXml(parameters["title"] ?? "");
  const panel = panelClasses[name];
  if (panel !== undefined) {
    return (
      `<div class="confluence-information-macro confluence-information-macro-${panel}">` +
      `<div class="confluence-information-macro-body">${inner}</div></div>`
    );
  }
  switch (name) {
    case "code": {
      const brush = escapeAttribute(parameters["language"] ?? "text");
      return (
        `<div class="code panel pdl"><pre class="syntaxhighlighter-pre" ` +
        `data-syntaxhighlighter-params="brush: ${brush}">${plain}</pre></div>`
      );
    }
    case "status":
      return `<span class="status-macro aui-lozenge">${title}</span>`;
    case "expand":
      return (
        `<div class="expand-container"><div class="expand-control">${title}</div>` +
        `<div class="expand-content">${inner}</div></div>`
      );
    case "jira": {
      const key = escapeXml(parameters["key"] ?? parameters["jqlQuery"] ?? "");
      return `<span class="jira-issue" data-jira-key="${escapeAttribute(key)}">${key}</span>`;
    }
    default:
      return `<div class="conf-macro" data-macro-name="${escapeAttribute(name)}">${inner}${plain}</div>`;
  }
}

function tasks(element: XmlElement, context: BodyContext): string {
  const items = element.children.filter((node): node is XmlElement => isElement(node, "ac:task"));
  const written = items.map((task) => {
    const done = textOf(child(task, "ac:task-status") ?? "") === "complete";
    const body = storageToView(child(task, "ac:task-body")?.children ?? [], context);
    return `<li${done ? ' class="checked"' : ""}>${body}</li>`;
  });
  return `<ul class="inline-task-list">${written.join("")}</ul>`;
}

function view(node: XmlNode, context: BodyContext): string {
  if (typeof node === "string") return escapeXml(node);
  switch (node.name) {
    case "ac:link":
      return link(node, context);
    case "ac:image":
      return image(node, context);
    case "ac:structured-macro":
      return macro(node, context);
    case "ac:task-list":
      return tasks(node, context);
    case "ac:emoticon":
      return escapeXml(node.attributes["ac:emoji-fallback"] ?? "");
    case "ac:placeholder":
    case "ac:adf-attribute":
      return "";
  }
  const inner = storageToView(node.children, context);
  if (node.name === "time") {
    return `<time datetime="${escapeAttribute(node.attributes["datetime"] ?? "")}">${inner}</time>`;
  }
  if (node.name.startsWith("ac:layout")) return `<div class="columnLayout">${inner}</div>`;
  if (node.name.includes(":")) return inner;
  const attributes = Object.entries(node.attributes).map(
    ([name, value]) => ` ${name}="${escapeAttribute(value)}"`,
  );
  const open = `<${node.name}${attributes.join("")}`;
  return voidTags.has(node.name) ? `${open}/>` : `${open}>${inner}</${node.name}>`;
}

/** Storage format rendered as the HTML of a page, with macros drawn in a plain way. */
export function storageToView(nodes: readonly XmlNode[], context: BodyContext): string {
  return nodes.map((node) => view(node, context)).join("");
}

const ends = /^(p|h[1-6]|li|td|th|tr|pre|blockquote|br|hr|ac:task-body|ac:layout-cell)$/;

/** The words of a body, as the search index sees them: no macro parameters, blocks apart. */
export function storageToText(nodes: readonly XmlNode[]): string {
  const text = (node: XmlNode): string => {
    if (typeof node === "string") return node;
    const status = node.attributes["ac:name"] === "status" ? macroParameters(node)["title"] : "";
    if (/^ac:(parameter|task-id|task-status|adf-attribute)$/.test(node.name)) return "";
    const inner = node.children.map(text).join("");
    return `${status}${inner}${ends.test(node.name) ? " " : ""}`;
  };
  return nodes.map(text).join("").replace(/\s+/g, " ").trim();
}

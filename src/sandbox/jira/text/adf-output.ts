import type { AdfNode } from "../model.ts";

/** What a reader would see, without marks; blocks are separated by line breaks. */
export function adfToPlain(node: AdfNode): string {
  if (node.type === "text") return node.text ?? "";
  if (node.type === "hardBreak") return "\n";
  const label = node.attrs?.["text"] ?? node.attrs?.["shortName"] ?? node.attrs?.["url"];
  if (typeof label === "string" && node.content === undefined) return label;
  const inline = node.type === "paragraph" || node.type === "heading";
  return (node.content ?? []).map(adfToPlain).join(inline ? "" : "\n");
}

/** The HTML of `renderedFields`, for the nodes that Jira's editor makes most often. */
export function adfToHtml(node: AdfNode): string {
  if (node.type === "text") return marked(node);
  const inner = (node.content ?? []).map(adfToHtml).join("");
  switch (node.type) {
    case "paragraph":
      return `<p>${inner}</p>`;
    case "heading":
      return `<h${level(node)}>${inner}</h${level(node)}>`;
    case "codeBlock":
      return `<pre class="code-${escapeHtml(attribute(node, "language"))}"><code>${inner}</code></pre>`;
    case "hardBreak":
      return "<br/>";
    case "rule":
      return "<hr/>";
    case "mention":
      return `<a class="user-hover" rel="${escapeHtml(attribute(node, "id"))}">${escapeHtml(attribute(node, "text"))}</a>`;
    default: {
      const tag = htmlTags[node.type];
      if (tag !== undefined) return `<${tag}>${inner}</${tag}>`;
      return inner === "" ? escapeHtml(adfToPlain(node)) : inner;
    }
  }
}

const htmlTags: Readonly<Record<string, string>> = {
  bulletList: "ul",
  orderedList: "ol",
  listItem: "li",
  blockquote: "blockquote",
  table: "table",
  tableRow: "tr",
  tableHeader: "th",
  tableCell: "td",
  panel: "div",
};

function marked(node: AdfNode): string {
  return (node.marks ?? []).reduce(
    (html, mark) => {
      const tag = { strong: "b", em: "em", code: "tt", strike: "del", underline: "ins" }[mark.type];
      if (tag !== undefined) return `<${tag}>${html}</${tag}>`;
      if (mark.type !== "link") return html;
      return `<a href="${escapeHtml(String(mark.attrs?.["href"]))}">${html}</a>`;
    },
    escapeHtml(node.text ?? ""),
  );
}

/** Wiki markup of a document, as the v2 API of Cloud shows it. Nodes without a notation become their text. */
export function adfToWiki(node: AdfNode, list = ""): string {
  const children = node.content ?? [];
  const inline = () => children.map((child) => adfToWiki(child)).join("");
  switch (node.type) {
    case "doc":
      return children.map((child) => adfToWiki(child)).join("\n\n");
    case "text":
      return wikiText(node);
    case "hardBreak":
      return "\n";
    case "heading":
      return `h${level(node)}. ${inline()}`;
    case "codeBlock": {
      const language = attribute(node, "language");
      return `{code${language === "" ? "" : `:${language}`}}\n${inline()}\n{code}`;
    }
    case "rule":
      return "----";
    case "mention":
      return `[~accountid:${attribute(node, "id")}]`;
    case "blockquote":
      return `{quote}\n${children.map((child) => adfToWiki(child)).join("\n\n")}\n{quote}`;
    case "bulletList":
      return children.map((child) => adfToWiki(child, `${list}*`)).join("\n");
    case "orderedList":
      return children.map((child) => adfToWiki(child, `${list}#`)).join("\n");
    case "listItem":
      return children
        .map((child) =>
          child.type === "paragraph" ? `${list} ${adfToWiki(child)}` : adfToWiki(child, list),
        )
        .join("\n");
    case "tableRow":
      return children
        .map((cell) => `${cell.type === "tableHeader" ? "||" : "|"}${adfToPlain(cell)}`)
        .concat("|")
        .join("");
    case "table":
      return children.map((child) => adfToWiki(child)).join("\n");
    default:
      return children.length > 0 ? inline() : adfToPlain(node);
  }
}

function wikiText(node: AdfNode): string {
  return (node.marks ?? []).reduce((text, mark) => {
    const around = { strong: "*", em: "_", strike: "-", underline: "+" }[mark.type];
    if (around !== undefined) return `${around}${text}${around}`;
    if (mark.type === "code") return `{{${text}}}`;
    return mark.type === "link" ? `[${text}|${String(mark.attrs?.["href"])}]` : text;
  }, node.text ?? "");
}

function level(node: AdfNode): number {
  const value = Number(node.attrs?.["level"]);
  return value >= 1 && value <= 6 ? value : 1;
}

function attribute(node: AdfNode, name: string): string {
  const value = node.attrs?.[name];
  return typeof value === "string" ? value : "";
}

function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

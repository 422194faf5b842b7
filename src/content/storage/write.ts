import { AtlassianMcpError } from "../../errors.ts";
import { checkPlaceholders } from "../opaque.ts";
import type { Block, Document, ListItem, PanelKind } from "../tree.ts";
import { cdata, escapeText } from "./entities.ts";
import { writeImage } from "./image.ts";
import { attribute } from "./links.ts";
import { attributeOf } from "./reading.ts";
import { writeLine } from "./write-inline.ts";
import { writeTable } from "./write-table.ts";
import { keptFrame, keptSource, type StorageOptions, type Writing } from "./writing.ts";
import { MAX_DEPTH } from "./xml.ts";

/** Panels of the tree by macro. Confluence's red panel is the warning macro, its green one the tip. */
const PANEL_MACROS: Readonly<Record<PanelKind, string>> = {
  info: "info",
  note: "note",
  tip: "tip",
  success: "tip",
  warning: "warning",
  error: "warning",
  custom: "panel",
};

const MACRO_ATTRIBUTES = new Set(["ac:name", "ac:schema-version", "ac:macro-id"]);

/**
 * Writes Confluence storage format, for Cloud and Data Center alike. Placeholders are exchanged for
 * their originals byte for byte. Throws `input` for an unknown or doubled placeholder, an original of
 * another format, an image known only by its media id, a mention of a kind that is not among
 * `mentions`, and nesting deeper than 200.
 */
export function writeStorage(document: Document, options: StorageOptions = {}): string {
  checkPlaceholders(document, options.originals);
  let depth = 0;
  const writing: Writing = {
    originals: options.originals,
    mentions: options.mentions,
    blocks: (blocks) => {
      depth += 1;
      if (depth > MAX_DEPTH) {
        throw new AtlassianMcpError("input", `the text is nested deeper than ${MAX_DEPTH} blocks`);
      }
      const out = writeBlocks(blocks, writing);
      depth -= 1;
      return out;
    },
  };
  return writing.blocks(document.children);
}

function writeBlocks(blocks: readonly Block[], writing: Writing): string {
  let out = "";
  for (let i = 0; i < blocks.length; ) {
    const block = blocks[i];
    if (block === undefined) break;
    let end = i + 1;
    if (block.type === "layout") {
      while (blocks[end]?.type === "layout") end += 1;
      const sections = blocks.slice(i, end).map((one) => writeSection(one, writing));
      out += `<ac:layout>${sections.join("")}</ac:layout>`;
    } else out += writeBlock(block, writing);
    i = end;
  }
  return out;
}

function writeBlock(block: Block, writing: Writing): string {
  switch (block.type) {
    case "paragraph":
    case "heading": {
      const tag = block.type === "heading" ? `h${block.level}` : "p";
      const style =
        block.align === undefined ? "" : attribute("style", `text-align: ${block.align};`);
      const line = writeLine(block.children, writing);
      return line === "" ? `<${tag}${style} />` : `<${tag}${style}>${line}</${tag}>`;
    }
    case "code":
      return writeCode(block);
    case "quote":
      return `<blockquote>${writing.blocks(block.children)}</blockquote>`;
    case "list":
      return writeList(block, writing);
    case "table":
      return writeTable(block, writing);
    case "rule":
      return "<hr />";
    case "panel":
      return writeMacro(
        PANEL_MACROS[block.kind],
        { title: block.title, ...block.options },
        richBody(block.children, writing),
      );
    case "expand":
      return writeMacro("expand", { title: block.title }, richBody(block.children, writing));
    case "layout":
      return `<ac:layout>${writeSection(block, writing)}</ac:layout>`;
    case "image-block":
      return writeImage(
        block.image,
        block.caption && `<ac:caption><p>${writeLine(block.caption, writing)}</p></ac:caption>`,
      );
    case "card-block":
      return writeCard(block);
    case "frame":
      return writeFrame(block, writing);
    case "opaque":
      return keptSource(block, writing);
  }
}

function richBody(children: readonly Block[], writing: Writing): string {
  const content = children.length === 0 ? "<p />" : writing.blocks(children);
  return `<ac:rich-text-body>${content}</ac:rich-text-body>`;
}

function writeCode(block: Extract<Block, { type: "code" }>): string {
  const { format, ...options } = block.options ?? {};
  if (format === "pre") return `<pre>${escapeText(block.text)}</pre>`;
  return writeMacro(
    format === "noformat" ? "noformat" : "code",
    { language: block.language, ...options },
    `<ac:plain-text-body>${cdata(block.text)}</ac:plain-text-body>`,
  );
}

/** Settings that begin with `attribute.` are attributes of the macro, the others its parameters. */
function writeMacro(
  name: string,
  settings: Readonly<Record<string, string | undefined>>,
  body: string,
): string {
  let attributes = attribute("ac:name", name) + attribute("ac:schema-version", "1");
  let parameters = "";
  for (const [key, value] of Object.entries(settings)) {
    if (value === undefined) continue;
    const [, option] = /^attribute\.(.*)$/.exec(key) ?? [];
    const own = option === undefined ? undefined : attributeOf(option);
    if (option === undefined) {
      parameters += `<ac:parameter${attribute("ac:name", key)}>${escapeText(value)}</ac:parameter>`;
    } else if (own !== undefined && !MACRO_ATTRIBUTES.has(own)) attributes += attribute(own, value);
  }
  return `<ac:structured-macro${attributes}>${parameters}${body}</ac:structured-macro>`;
}

function writeList(block: Extract<Block, { type: "list" }>, writing: Writing): string {
  if (block.kind === "task") {
    return `<ac:task-list>${block.items.map((item) => writeTask(item, writing)).join("")}</ac:task-list>`;
  }
  const items = block.items.map((item) => {
    return `<li>${item.children.length === 0 ? "<p />" : writing.blocks(item.children)}</li>`;
  });
  if (block.kind === "bullet") return `<ul>${items.join("")}</ul>`;
  const start = (block.start ?? 1) === 1 ? "" : attribute("start", String(block.start));
  return `<ol${start}>${items.join("")}</ol>`;
}

function writeTask(item: ListItem, writing: Writing): string {
  const [id = "", uuid = ""] = item.task?.id?.split("/") ?? [];
  const [first, ...others] = item.children;
  const isLine = first?.type === "paragraph" && first.align === undefined;
  const body = isLine
    ? writeLine(first.children, writing) + writing.blocks(others)
    : writing.blocks(item.children);
  const head =
    (id === "" ? "" : `<ac:task-id>${escapeText(id)}</ac:task-id>`) +
    (uuid === "" ? "" : `<ac:task-uuid>${escapeText(uuid)}</ac:task-uuid>`);
  const status = item.task?.done ? "complete" : "incomplete";
  return `<ac:task>${head}<ac:task-status>${status}</ac:task-status><ac:task-body>${body}</ac:task-body></ac:task>`;
}

function writeSection(block: Block, writing: Writing): string {
  if (block.type !== "layout") return "";
  const { type, ...options } = block.options ?? {};
  let attributes = attribute("ac:type", type ?? sectionType(block.columns));
  for (const [name, value] of Object.entries(options)) {
    if (/^[a-z][a-z-]*$/.test(name)) attributes += attribute(`ac:${name}`, value);
  }
  const cells = block.columns.map(({ children }) => {
    const content = children.length === 0 ? "<p />" : writing.blocks(children);
    return `<ac:layout-cell>${content}</ac:layout-cell>`;
  });
  return `<ac:layout-section${attributes}>${cells.join("")}</ac:layout-section>`;
}

function sectionType(columns: readonly { readonly width?: number | undefined }[]): string {
  const [first, second, third] = columns.map(({ width }) => width ?? 0);
  if (second === undefined) return "single";
  if (third === undefined) {
    if (first === second) return "two_equal";
    return (first ?? 0) < second ? "two_left_sidebar" : "two_right_sidebar";
  }
  if (columns.length > 3) return columns.length === 4 ? "four_equal" : "five_equal";
  return first === second ? "three_equal" : "three_with_sidebars";
}

function writeCard({ url, kind, options }: Extract<Block, { type: "card-block" }>): string {
  const { layout, width } = options ?? {};
  const attributes = [
    attribute("href", url),
    layout === undefined ? "" : attribute("data-layout", layout),
    width === undefined ? "" : attribute("data-width", width),
    attribute("data-card-appearance", kind),
  ];
  return `<a${attributes.join("")}>${escapeText(url)}</a>`;
}

function writeFrame(block: Extract<Block, { type: "frame" }>, writing: Writing): string {
  const data = keptFrame(block, writing);
  const content = writing.blocks(block.children);
  if (!("tag" in data)) return data.open + content + data.close;
  const [tag, name] = /^<([\w:-]+)[^>]*>/.exec(content) ?? [];
  if (tag === undefined || !data.tag.startsWith(`<${name}`)) return content;
  const isEmpty = tag.endsWith("/>");
  return data.tag + (isEmpty ? `</${name}>` : "") + content.slice(tag.length);
}

import { AtlassianMcpError } from "../../errors.ts";
import type { MentionKinds } from "../mention.ts";
import { normalizeInlines } from "../normalize.ts";
import { checkPlaceholders, takeOriginal } from "../opaque.ts";
import { columnsOf } from "../storage/grid.ts";
import { withMark } from "../storage/marks.ts";
import { isTags } from "../storage/writing.ts";
import type { Block, Document, Inline, ListItem, Originals, TableCell } from "../tree.ts";
import { MAX_DEPTH, MAX_SIGNS, PANEL_COLORS } from "./grammar.ts";
import { foreign, keptSource, type LineContext, writeLine } from "./write-inline.ts";

const STRONG = { kind: "strong" } as const;

export interface WikiOptions {
  /** The originals of the stored version, for the placeholders of a text. */
  readonly originals?: Originals | undefined;
  /** How the site names people; any other mention is refused. Absent: every mention is written. */
  readonly mentions?: MentionKinds | undefined;
}

interface Writing extends LineContext {
  /** In a list item blank lines and line signs would end the list. */
  readonly inItem: boolean;
  readonly depth: number;
  /** Macros around, by name: an end tag closes the innermost. */
  readonly open: readonly string[];
}

/**
 * Writes Jira's wiki markup; text is escaped so that it never becomes markup. What the markup does
 * not know is written so that it can be read:
 * task items as `* [ ] text` and `* [x] text` (read back as tasks, without their ids), panels as
 * `{panel}` with Jira's colours (a tip becomes a success panel), a status as coloured `[ TEXT ]`
 * (read back as a status), smart cards as smart links, emoji and dates as text, captions as a
 * paragraph. Lost are alignment, background colours, spans, widths and the first number of a list;
 * columns of a layout stand below each other, several paragraphs in an item or cell become lines,
 * a heading in an item a strong line, a table in an item or cell stands in a panel, and a quote in a
 * quote is part of the outer one.
 * Throws `input` for an unknown or doubled placeholder, an original of another format, and nesting
 * deeper than 100, and mentions of a kind that is not among `mentions`.
 */
export function writeWiki(document: Document, options: WikiOptions = {}): string {
  const { originals, mentions } = options;
  checkPlaceholders(document, originals);
  const place = { inCell: false, inItem: false, oneLine: false, depth: 0, open: [] };
  const writing = { originals, mentions, ...place };
  return writeBlocks(document.children, writing);
}

function writeBlocks(blocks: readonly Block[], writing: Writing): string {
  if (writing.depth > MAX_DEPTH) {
    throw new AtlassianMcpError("input", `the text is nested deeper than ${MAX_DEPTH} blocks`);
  }
  const deeper = { ...writing, depth: writing.depth + 1 };
  const parts = blocks.map((block) => writeBlock(block, deeper));
  return join(parts, writing);
}

function join(parts: readonly string[], { inCell, inItem }: Writing): string {
  return parts.filter((part) => part !== "").join(inCell || inItem ? "\n" : "\n\n");
}

/** The inside of a macro, where lines count as they do outside. */
function within(writing: Writing): Writing {
  return { ...writing, inCell: false, inItem: false, oneLine: false };
}

function writeBlock(block: Block, writing: Writing): string {
  switch (block.type) {
    case "paragraph":
      return writeLine(block.children, writing);
    case "heading": {
      const oneLine = { ...writing, oneLine: true };
      if (writing.inItem) return writeLine(normalizeInlines(block.children.map(strong)), oneLine);
      return `h${block.level}. ${writeLine(block.children, oneLine)}`;
    }
    case "code":
      return writeCode(block);
    case "quote":
      return writeQuote(block.children, writing);
    case "list":
      return writeList(block, "", writing).join("\n");
    case "table":
      // Within an item or cell only a macro can hold rows; this one has no look of its own.
      return writing.inItem || writing.inCell
        ? writeMacro("panel", { borderStyle: "none" }, [block], writing)
        : writeTable(block, writing);
    case "rule":
      return writing.inItem || writing.inCell ? "\\----" : "----";
    case "panel":
      return writePanel(block, writing);
    case "expand":
      return writeMacro("expand", { title: block.title }, block.children, writing);
    case "layout":
      return writeBlocks(
        block.columns.flatMap(({ children }) => children),
        writing,
      );
    case "image-block": {
      const caption = block.caption === undefined ? "" : writeLine(block.caption, writing);
      const image = writeLine([block.image], writing);
      return join([image, caption], writing);
    }
    case "card-block":
      return writeLine([{ type: "card", url: block.url }], writing).replace(
        /\|smart-link\]$/,
        block.kind === "embed" ? "|smart-embed]" : "|smart-card]",
      );
    case "frame":
      return writeFrame(block, writing);
    case "opaque":
      return keptSource(block, writing.originals);
  }
}

function strong(inline: Inline): Inline {
  return inline.type === "text" ? { ...inline, marks: withMark(inline.marks, STRONG) } : inline;
}

/** `{noformat}` holds code that has the end of a code block in it; in a text with both a mark of zero width parts one. */
function writeCode(block: Extract<Block, { type: "code" }>): string {
  const { format, ...options } = block.options ?? {};
  const isPlain = format === "noformat" || format === "pre" || block.text.includes("{code}");
  const name = isPlain && !block.text.includes("{noformat}") ? "noformat" : "code";
  const text = block.text.replaceAll(`{${name}}`, `{\u200b${name}}`);
  const language = name === "code" ? block.language : undefined;
  return `{${name}${params({ "": language, ...options })}}\n${text}\n{${name}}`;
}

function params(all: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(all).flatMap(([key, value]) => {
    const text = (value ?? "").replace(/[|{}&\\\n]/g, (char) => `&#${char.charCodeAt(0)};`);
    return text === "" ? [] : [key === "" ? text.replaceAll("=", "&#61;") : `${key}=${text}`];
  });
  return given.length > 0 ? `:${given.join("|")}` : "";
}

/** A macro around blocks; without settings it cannot stand in one of its own name. */
function writeMacro(
  name: string,
  settings: Readonly<Record<string, string | undefined>>,
  children: readonly Block[],
  writing: Writing,
): string {
  const given = params(settings);
  if (given === "" && writing.open.includes(name)) return writeBlocks(children, writing);
  const inner = { ...within(writing), open: [...writing.open, name] };
  return `{${name}${given}}\n${writeBlocks(children, inner)}\n{${name}}`;
}

function writeQuote(children: readonly Block[], writing: Writing): string {
  const [only, ...others] = children;
  const isLine = only?.type === "paragraph" && others.length === 0 && only.children.length > 0;
  if (isLine && !writing.inItem) {
    return `bq. ${writeLine(only.children, { ...writing, oneLine: true })}`;
  }
  return writeMacro("quote", {}, children, writing);
}

function writePanel(block: Extract<Block, { type: "panel" }>, writing: Writing): string {
  const kind = block.kind === "tip" ? "success" : block.kind;
  const color = PANEL_COLORS.get(kind);
  const own = color === undefined ? {} : { bgColor: color };
  const settings = { title: block.title, ...block.options, ...own };
  return writeMacro("panel", settings, block.children, writing);
}

function writeFrame(block: Extract<Block, { type: "frame" }>, writing: Writing): string {
  const data = block.data ?? takeOriginal(writing.originals ?? new Map(), block.id);
  if (!isTags(data) || data.open.startsWith("<")) throw foreign(block.id);
  return `${data.open}\n${writeBlocks(block.children, within(writing))}\n${data.close}`;
}

/** The lines of a list: one per item, with what else the item holds below it. */
function writeList(
  list: Extract<Block, { type: "list" }>,
  signs: string,
  writing: Writing,
): string[] {
  const own = (signs + (list.kind === "ordered" ? "#" : "*")).slice(-MAX_SIGNS);
  return list.items.flatMap((item, i) => {
    const lines = writeItem(item, list.kind, own, writing);
    // An item that only holds a list needs no line of its own where it is the first.
    return i === 0 && lines.length > 1 && lines[0] === `${own} ` ? lines.slice(1) : lines;
  });
}

function writeItem(
  item: ListItem,
  kind: "bullet" | "ordered" | "task",
  signs: string,
  writing: Writing,
): string[] {
  const box = kind === "task" ? `[${item.task?.done ? "x" : " "}] ` : "";
  const head: string[] = [];
  let below: string[] = [];
  let isAfterLine = false;
  for (const block of item.children) {
    if (block.type === "list") below = below.concat(writeList(block, signs, writing));
    else {
      const text = writeBlock(block, { ...writing, inItem: true });
      const isLine = block.type === "paragraph" || block.type === "heading";
      const joint = isLine && isAfterLine ? "\\\\ \\\\ " : "\n";
      if (text !== "") head.push(head.length === 0 ? text : joint + text);
      isAfterLine = isLine;
    }
  }
  const text = box + head.join("");
  return [`${signs} ${text}`, ...below];
}

function writeTable(table: Extract<Block, { type: "table" }>, writing: Writing): string {
  const firsts = columnsOf(table.rows);
  const rows = table.rows.map((row, y) => {
    let out = "";
    let column = 0;
    row.forEach((cell, x) => {
      for (; column < (firsts[y]?.[x] ?? column); column += 1) out += "| ";
      out += writeCell(cell, writing);
      for (let rest = (cell.colspan ?? 1) - 1; rest > 0; rest -= 1)
        out += cell.header ? "|| " : "| ";
      column += cell.colspan ?? 1;
    });
    return `${out}${row.at(-1)?.header ? "||" : "|"}`;
  });
  return rows.join("\n");
}

function writeCell(cell: TableCell, writing: Writing): string {
  const inner = { ...writing, inCell: true };
  let content = "";
  let isLine = false;
  for (const block of cell.children) {
    const text = writeBlock(block, inner);
    if (text === "") continue;
    const joint = isLine && block.type === "paragraph" ? "\\\\ \\\\ " : "\n";
    content += content === "" ? text : joint + text;
    isLine = block.type === "paragraph" || block.type === "list";
  }
  return `${cell.header ? "||" : "|"}${content === "" ? " " : content}`;
}

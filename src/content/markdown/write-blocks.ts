import type { Block, ListItem } from "../tree.ts";
import { escapeHeading, escapeLines } from "./escape.ts";
import { bracedAttributes, encode, formatAttributes } from "./syntax.ts";
import { writeCard, writeImage, writePhrases, writePlaceholder } from "./write-inline.ts";
import { writeTable } from "./write-table.ts";

type List = Extract<Block, { type: "list" }>;
type Code = Extract<Block, { type: "code" }>;
type Container = Extract<Block, { type: "panel" | "expand" | "layout" | "frame" }>;
type Paragraph = Extract<Block, { type: "paragraph" }>;

/** Where a block stands, as far as it changes how the block is written. */
interface Place {
  /** First thing in a list item. */
  readonly startsItem: boolean;
  /** The list marker directly before, which a separate list must not repeat. */
  readonly taken: string;
}

/** Blocks as Markdown, without a line break at the end. */
export function writeBlocks(blocks: readonly Block[]): string {
  return join(blocks, false, "");
}

function join(blocks: readonly Block[], startsItem: boolean, firstTaken: string): string {
  let result = "";
  let taken = firstTaken;
  for (const [index, block] of blocks.entries()) {
    const previous = blocks[index - 1];
    const text = writeBlock(block, { startsItem: startsItem && index === 0, taken });
    if (previous !== undefined) {
      const tight = startsItem && previous.type === "paragraph" && interrupts(block);
      result += tight ? "\n" : "\n\n";
    }
    result += text;
    taken = block.type === "list" ? text.replace(/^\d+/, "").charAt(0) : "";
  }
  return result;
}

/** Whether a list may follow its paragraph without a blank line between them. */
function interrupts(block: Block): boolean {
  if (block.type !== "list" || (block.start ?? 1) !== 1) return false;
  return (block.items[0]?.children.length ?? 0) > 0;
}

function writeBlock(block: Block, place: Place): string {
  switch (block.type) {
    case "paragraph":
      return writeParagraph(block, place.startsItem);
    case "heading": {
      const text = escapeHeading(writePhrases(block.children, false));
      return `${"#".repeat(block.level)} ${aligned(text, block.align)}`.trimEnd();
    }
    case "code":
      return writeCode(block);
    case "quote":
      return prefixLines(writeBlocks(block.children), "> ", ">");
    case "list":
      return writeList(block, place.taken);
    case "table":
      return writeTable(block, writeBlocks);
    case "rule":
      return place.startsItem ? "___" : "---";
    case "image-block": {
      const caption = block.caption && writePhrases(block.caption, false);
      return writeImage(block.image) + (caption ? `\n{caption} ${caption}` : "");
    }
    case "card-block":
      return writeCard(block.url, block.kind, block.options);
    case "opaque":
      return writePlaceholder(block);
    default:
      return writeContainer(block);
  }
}

function aligned(text: string, align: string | undefined, id?: string): string {
  const attributes = { ...(align && { align }), ...(id && { id }) };
  return [text, bracedAttributes(attributes)].filter((part) => part !== "").join(" ");
}

function writeParagraph(block: Paragraph, startsItem: boolean, id?: string): string {
  const text = escapeLines(writePhrases(block.children, true), startsItem);
  const [only] = block.children;
  const lone = block.children.length === 1 && (only?.type === "image" || only?.type === "opaque");
  return aligned(`${text || "<p/>"}${lone ? "{inline}" : ""}`, block.align, id);
}

function writeCode({ text, language, options = {} }: Code): string {
  const plain = language === undefined || /^[^\s="{}\\&`~]+$/.test(language);
  const attributes = formatAttributes(plain ? options : { language, ...options });
  const info = [plain ? language : "", attributes].filter(Boolean).join(" ");
  const character = info.includes("`") ? "~" : "`";
  const runs = text.match(character === "`" ? /`{3,}/g : /~{3,}/g) ?? [];
  const longest = runs.reduce((length, run) => Math.max(length, run.length), 2);
  const fence = character.repeat(longest + 1);
  const body = text === "" ? "" : `${text}\n`;
  return `${fence}${info}\n${body}${fence}`;
}

function prefixLines(text: string, prefix: string, blank: string): string {
  return text
    .split("\n")
    .map((line) => (line === "" ? blank : prefix + line))
    .join("\n");
}

function writeList(list: List, taken: string): string {
  const ordered = list.kind === "ordered";
  const delimiter = ordered ? (taken === "." ? ")" : ".") : taken === "-" ? "*" : "-";
  const items = list.items.map((item, index) => {
    const marker = ordered ? `${(list.start ?? 1) + index}${delimiter}` : delimiter;
    return writeItem(item, marker);
  });
  const loose = list.items.some(({ children }) => !isTight(children));
  return items.join(loose ? "\n\n" : "\n");
}

/** Text with lists below it needs no blank lines around. */
function isTight([first, ...rest]: readonly Block[]): boolean {
  if (first !== undefined && first.type !== "paragraph" && first.type !== "list") return false;
  return rest.every(
    (block) =>
      block.type === "list" &&
      interrupts(block) &&
      block.items.every((item) => isTight(item.children)),
  );
}

function writeItem(item: ListItem, marker: string): string {
  const body = item.task
    ? writeTask(item.children, item.task)
    : join(item.children, true, marker.slice(-1));
  if (body === "") return marker;
  const indent = " ".repeat(marker.length + 1);
  const [first = "", ...rest] = body.split("\n");
  const lines = rest.map((line) => (line === "" ? "" : indent + line));
  return [`${marker} ${first}`, ...lines].join("\n");
}

function writeTask(children: readonly Block[], task: NonNullable<ListItem["task"]>): string {
  const box = task.done ? "[x]" : "[ ]";
  const [first, ...rest] = children;
  const isText = first?.type === "paragraph";
  const line = isText ? writeParagraph(first, false, task.id) : aligned("", undefined, task.id);
  const head = line === "" ? box : `${box} ${line}`;
  const below = isText ? rest : children;
  if (below.length === 0) return head;
  const tight = isText && below[0] !== undefined && interrupts(below[0]);
  return `${head}${tight ? "\n" : "\n\n"}${join(below, false, "")}`;
}

function writeContainer(block: Container): string {
  if (block.type !== "layout") return fenced(containerHead(block), writeBlocks(block.children));
  const columns = block.columns.map(({ width, valign, children }) => {
    const attributes = { ...(width && { width: String(width) }), ...(valign && { valign }) };
    return fenced(headLine("column", "", attributes), writeBlocks(children));
  });
  return fenced(headLine("layout", "", block.options), columns.join("\n"));
}

function containerHead(block: Exclude<Container, { type: "layout" }>): string {
  if (block.type === "panel") return headLine(block.kind, block.title, block.options);
  if (block.type === "expand") return headLine("expand", block.title);
  return headLine("frame", `${block.id} ${block.label}`.trim());
}

function headLine(name: string, title = "", options?: Readonly<Record<string, string>>): string {
  return [name, encode(title, "{}"), bracedAttributes(options)].filter(Boolean).join(" ");
}

const COLONS = /^[\s>*+\-\d.)]*(:{3,})/gm;

/** A container whose colons outnumber those of every line inside. */
function fenced(head: string, body: string): string {
  let length = 3;
  for (const [, colons = ""] of body.matchAll(COLONS)) length = Math.max(length, colons.length + 1);
  const fence = ":".repeat(length);
  return [`${fence}${head}`, ...(body === "" ? [] : [body]), fence].join("\n");
}

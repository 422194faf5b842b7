import type { Align, Block, TableCell } from "../tree.ts";
import { bracedAttributes, encode } from "./syntax.ts";
import { writeCard, writeImage, writePhrases, writePlaceholder } from "./write-inline.ts";

type Table = Extract<Block, { type: "table" }>;
type Rows = Table["rows"];
type WriteBlocks = (blocks: readonly Block[]) => string;

const RESERVED = ["headers", "widths"];

/** A table with pipes where it fits in one, else in tags. */
export function writeTable(table: Table, writeBlocks: WriteBlocks): string {
  return pipeTable(table) ?? tagTable(table, writeBlocks);
}

function pipeTable({ rows, options = {} }: Table): string | undefined {
  const headers = headersOf(rows);
  const widths = widthsOf(rows);
  const regular = rows.every((row) => row.length > 0 && row.length === rows[0]?.length);
  if (headers === undefined || widths === undefined || !regular) return undefined;
  if (RESERVED.some((key) => key in options)) return undefined;
  const aligns = columnAligns(rows);
  const lines: string[] = [];
  for (const row of rows) {
    const cells = row.map((cell, column) => pipeCell(cell, aligns[column]));
    if (cells.includes(undefined)) return undefined;
    lines.push(`| ${cells.join(" | ")} |`);
  }
  lines.splice(1, 0, `| ${aligns.map(delimiter).join(" | ")} |`);
  const attributes = {
    ...options,
    ...(headers !== "row" && { headers }),
    ...(widths && { widths }),
  };
  return [bracedAttributes(attributes), ...lines].filter((line) => line !== "").join("\n");
}

function delimiter(align: Align | undefined): string {
  if (align === "center") return ":-:";
  if (align === "left") return ":--";
  return align === "right" ? "--:" : "---";
}

/** Which cells are headings, if in one of the regular ways. */
function headersOf(rows: Rows): string | undefined {
  const inRow = rows[0]?.every(({ header }) => header) === true;
  const inColumn = rows.length > 1 && rows.slice(1).every((row) => row[0]?.header === true);
  const firstIsColumn = inColumn && rows[0]?.[0]?.header === true;
  const name = inRow ? (inColumn ? "both" : "row") : firstIsColumn ? "column" : "none";
  const fits = rows.every((row, index) =>
    row.every(({ header }, column) => {
      const expected =
        (index === 0 && inRow) || (column === 0 && (name === "both" || name === "column"));
      return header === expected;
    }),
  );
  return fits ? name : undefined;
}

/** `100,200`, `""` when no cell has a width, `undefined` when the cells of a column disagree. */
function widthsOf(rows: Rows): string | undefined {
  const byRow = rows.map((row) => row.map(({ widths = [] }) => widths.join("+")).join(","));
  const [first = ""] = byRow;
  if (byRow.some((widths) => widths !== first)) return undefined;
  if (/^,*$/.test(first)) return "";
  return first.includes("+") ? undefined : first;
}

/** The alignment that all paragraphs of a column share. */
function columnAligns(rows: Rows): (Align | undefined)[] {
  return (rows[0] ?? []).map((_, column) => {
    const paragraphs = rows.flatMap((row) => row[column]?.children ?? []);
    const [first] = paragraphs;
    const align = first?.type === "paragraph" ? first.align : undefined;
    const shared = paragraphs.every((block) => block.type === "paragraph" && block.align === align);
    return shared ? align : undefined;
  });
}

function pipeCell(cell: TableCell, align: Align | undefined): string | undefined {
  if (cell.colspan || cell.rowspan || cell.background || cell.valign) return undefined;
  return oneLine(cell.children, align)?.replaceAll("|", "\\|");
}

/** Content that needs no line of its own, or `undefined`. */
function oneLine(children: readonly Block[], align: Align | undefined): string | undefined {
  const [block, second] = children;
  if (block === undefined) return "";
  if (second !== undefined) return undefined;
  switch (block.type) {
    case "paragraph": {
      const [only] = block.children;
      const lone =
        block.children.length === 1 && (only?.type === "image" || only?.type === "opaque");
      const text = writePhrases(block.children, false) || "<p/>";
      const own = block.align && block.align !== align ? ` {align=${block.align}}` : "";
      return `${text}${lone ? "{inline}" : ""}${own}`;
    }
    case "image-block": {
      if (block.caption === undefined) return writeImage(block.image);
      return `${writeImage(block.image)} {caption} ${writePhrases(block.caption, false)}`;
    }
    case "card-block":
      return writeCard(block.url, block.kind, block.options);
    case "opaque":
      return writePlaceholder(block);
    default:
      return undefined;
  }
}

function tagTable({ rows, options = {} }: Table, writeBlocks: WriteBlocks): string {
  const lines = rows.map((row) => {
    const cells = row.map((cell) => tagCell(cell, writeBlocks));
    return `<tr>${cells.join("")}</tr>`;
  });
  return [`<table${attributes(options)}>`, ...lines, "</table>"].join("\n");
}

function tagCell(cell: TableCell, writeBlocks: WriteBlocks): string {
  const { header, colspan, rowspan, background, widths, valign } = cell;
  const name = header ? "th" : "td";
  const open = `<${name}${attributes({
    ...(colspan && { colspan: String(colspan) }),
    ...(rowspan && { rowspan: String(rowspan) }),
    ...(background && { background }),
    ...(widths && { widths: widths.join(",") }),
    ...(valign && { valign }),
  })}>`;
  const line = oneLine(cell.children, undefined);
  // Blanks at the edge, kept as entities, are safe only on a line of their own.
  const fits = line !== undefined && !/^&#|&#\d+;$/.test(line);
  return `${open}${fits ? line : `\n\n${writeBlocks(cell.children)}\n\n`}</${name}>`;
}

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([key, value]) => ` ${key}="${encode(value, '"<>')}"`)
    .join("");
}

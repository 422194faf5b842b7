import type { Block, TableCell } from "../tree.ts";
import { columnsOf } from "./grid.ts";
import { colorOf, keep, optionOf, type Reading, takeStyle, telling } from "./reading.ts";
import { elements, isBlank, type XmlElement } from "./xml.ts";

/** Widest span that is read; browsers stop there too. */
const MAX_SPAN = 1000;

const PARTS = new Set(["colgroup", "tbody", "tfoot", "thead", "tr"]);

/** Names of table options that have one in the tree, and the attribute that holds them. */
export const TABLE_OPTIONS: ReadonlyMap<string, string> = new Map([
  ["data-layout", "layout"],
  ["data-table-width", "width"],
]);

/**
 * Reads a table. Attributes become options under their own name; those of rows and cells are
 * `row2.class` and `cell2.1.style` (counted from 1), column widths not in pixels are `columns`.
 */
export function readTable(node: XmlElement, reading: Reading): Block {
  const parts = partsOf(node, reading.lenient);
  if (parts === undefined) {
    return reading.lenient ? { type: "table", rows: [] } : keep(node, reading);
  }
  const options = new Map<string, string>();
  for (const [name, value] of telling(node))
    options.set(TABLE_OPTIONS.get(name) ?? optionOf(name), value);
  // What Cloud writes for a table that nobody has sized says nothing.
  if (options.get("layout") === "default") options.delete("layout");
  const rows = parts.rows.map((row, y) => {
    for (const [name, value] of telling(row)) options.set(`row${y + 1}.${optionOf(name)}`, value);
    return cellsOf(row).map((cell, x) => readCell(cell, `cell${y + 1}.${x + 1}`, options, reading));
  });
  if (parts.heads > 0) options.set("head", String(parts.heads));
  const sized = withWidths(rows, parts.columns, options);
  return {
    type: "table",
    rows: sized,
    options: options.size > 0 && !reading.lenient ? Object.fromEntries(options) : undefined,
  };
}

interface Parts {
  readonly columns: readonly XmlElement[];
  readonly rows: readonly XmlElement[];
  /** Rows inside `thead`. */
  readonly heads: number;
}

function partsOf(table: XmlElement, lenient: boolean): Parts | undefined {
  let columns: XmlElement[] = [];
  let rows: XmlElement[] = [];
  let heads = 0;
  for (const part of table.children) {
    if (isBlank(part)) continue;
    const isKnown = part.kind === "element" && PARTS.has(part.name);
    if (lenient && !isKnown) continue;
    if (part.kind !== "element" || (part.name === "tfoot" && !lenient)) return undefined;
    if (part.name === "tr") rows.push(part);
    else if (part.name === "colgroup") columns = columns.concat(elements(part));
    else if (/^t(body|foot)$/.test(part.name) || (part.name === "thead" && rows.length === 0)) {
      rows = rows.concat(elements(part));
      if (part.name === "thead") heads = rows.length;
    } else return undefined;
  }
  if (lenient) return { columns: [], rows: rows.filter((row) => row.name === "tr"), heads: 0 };
  return rows.length > 0 && rows.every(isRow) && columns.every((one) => one.name === "col")
    ? { columns, rows, heads }
    : undefined;
}

function isRow(row: XmlElement): boolean {
  const others = row.children.filter((one) => !isBlank(one));
  return row.name === "tr" && others.length === cellsOf(row).length;
}

function cellsOf(row: XmlElement): XmlElement[] {
  return elements(row).filter((cell) => /^t[dh]$/.test(cell.name));
}

function readCell(
  node: XmlElement,
  place: string,
  options: Map<string, string>,
  reading: Reading,
): TableCell {
  const attributes = telling(node);
  const take = (name: string) => {
    const value = attributes.get(name);
    attributes.delete(name);
    return value;
  };
  const styled = takeStyle(attributes, "background-color");
  const background = take("data-highlight-colour") ?? styled;
  const align = takeStyle(attributes, "text-align");
  const valign = takeStyle(attributes, "vertical-align");
  const colspan = span(take("colspan"));
  const rowspan = span(take("rowspan"));
  if (background !== undefined) dropHighlight(attributes);
  for (const [name, value] of attributes) options.set(`${place}.${optionOf(name)}`, value);
  const children = reading.blocks(node.children);
  return {
    header: node.name === "th",
    children: align === "center" || align === "right" ? aligned(children, align) : children,
    colspan,
    rowspan,
    background: background ? colorOf(background) : undefined,
    valign: valign === "top" || valign === "middle" || valign === "bottom" ? valign : undefined,
  };
}

function dropHighlight(attributes: Map<string, string>): void {
  const classes = (attributes.get("class") ?? "").split(" ");
  const rest = classes.filter((name) => !name.startsWith("highlight-")).join(" ");
  if (rest === "") attributes.delete("class");
  else attributes.set("class", rest);
}

function aligned(children: readonly Block[], align: "center" | "right"): Block[] {
  return children.map((block) =>
    (block.type === "paragraph" || block.type === "heading") && block.align === undefined
      ? { ...block, align }
      : block,
  );
}

function span(value: string | undefined): number | undefined {
  const count = value !== undefined && /^\d+$/.test(value) ? Number(value) : 1;
  return count > 1 ? Math.min(count, MAX_SPAN) : undefined;
}

function withWidths(
  rows: readonly (readonly TableCell[])[],
  columns: readonly XmlElement[],
  options: Map<string, string>,
): readonly (readonly TableCell[])[] {
  if (columns.length === 0) return rows;
  const raw = columns.map((column) => {
    const attributes = telling(column);
    const width = takeStyle(attributes, "width");
    return attributes.size === 0 ? (width ?? "") : undefined;
  });
  const pixels = raw.map((width) => /^(\d+(?:\.\d+)?)px$/.exec(width ?? "")?.[1]);
  const firsts = columnsOf(rows);
  const first = rows.map((row, y) =>
    row.map((cell, x) => {
      const start = firsts[y]?.[x] ?? 0;
      return pixels.slice(start, start + (cell.colspan ?? 1));
    }),
  );
  const count = rows.reduce((most, row, y) => Math.max(most, ends(row, firsts[y] ?? [])), 0);
  if (pixels.includes(undefined) || count !== columns.length) {
    if (raw.some((width) => width !== "")) options.set("columns", raw.join(","));
    return rows;
  }
  return rows.map((row, y) =>
    row.map((cell, x) => ({ ...cell, widths: (first[y]?.[x] ?? []).map(Number) })),
  );
}

function ends(row: readonly TableCell[], firsts: readonly number[]): number {
  return (firsts.at(-1) ?? 0) + (row.at(-1)?.colspan ?? 1);
}

import type { Block, Inline, TableCell } from "../tree.ts";
import type { Context } from "./rules.ts";
import { allows } from "./rules.ts";
import { type AdfNode, node } from "./types.ts";
import { EMPTY_PARAGRAPH, type Placed, placed, settle, type Writing } from "./writing.ts";

type Table = Extract<Block, { type: "table" }>;

const MAX_SPAN = 100;
const LAYOUTS = new Set(["wide", "full-width", "center", "align-end", "align-start"]);

/**
 * A table, its rows padded to equal width. In a cell a table becomes its lines; elsewhere where
 * tables may not stand it moves out. What may not stand in a cell follows the table.
 */
export function writeTable(table: Table, context: Context, writing: Writing): Placed[] {
  if (context === "cell") return flatten(table, writing);
  if (!allows(context, "table")) return [{ kind: "out", block: table }];
  const moved: Placed[] = [];
  const rows = pad(table.rows).map((row) => {
    const cells = row.map((cell) => {
      const content = cell.children.flatMap((block) => writing.block(block, "cell"));
      moved.push(...content.filter(({ kind }) => kind !== "node"));
      return writeCell(
        cell,
        content.flatMap((one) => (one.kind === "node" ? [one.node] : [])),
      );
    });
    return node("tableRow", undefined, cells);
  });
  const result = placed(node("table", attributes(table, writing), rows));
  return [result, ...moved.flatMap((one) => settle(writing, one, context))];
}

function attributes({ options = {} }: Table, writing: Writing) {
  const { layout = "", width, numbered, displayMode, localId } = options;
  return {
    isNumberColumnEnabled: numbered === "true" ? true : undefined,
    layout: LAYOUTS.has(layout) ? layout : undefined,
    width: Number(width) > 0 ? Number(width) : undefined,
    displayMode: displayMode === "fixed" || displayMode === "default" ? displayMode : undefined,
    localId: localId && writing.ids.take(localId, options),
  };
}

function writeCell(cell: TableCell, content: readonly AdfNode[]): AdfNode {
  const { header, colspan, rowspan, background, widths, valign } = cell;
  const attrs = { colspan, rowspan, background, colwidth: widths, valign };
  const filled = content.length > 0 ? content : [EMPTY_PARAGRAPH];
  return node(header ? "tableHeader" : "tableCell", attrs, filled);
}

/** Rows with spans that stay inside the table, each filled up with empty cells to the widest. */
function pad(rows: Table["rows"]): TableCell[][] {
  const covered: number[] = rows.map(() => 0);
  const clipped = rows.map((row, index) =>
    row.map((cell): TableCell => {
      const colspan = Math.min(cell.colspan ?? 1, MAX_SPAN);
      const rowspan = Math.min(cell.rowspan ?? 1, rows.length - index);
      for (let below = index; below < index + rowspan; below += 1) {
        covered[below] = (covered[below] ?? 0) + colspan;
      }
      return {
        ...cell,
        colspan: colspan > 1 ? colspan : undefined,
        rowspan: rowspan > 1 ? rowspan : undefined,
      };
    }),
  );
  const width = covered.reduce((widest, columns) => Math.max(widest, columns), 1);
  return clipped.map((row, index) => {
    const header = row.length > 0 && row.every((cell) => cell.header);
    const missing = width - (covered[index] ?? 0);
    return [...row, ...Array.from({ length: missing }, () => ({ header, children: [] }))];
  });
}

/** A row of plain cells as one paragraph, any other row as its content. */
function flatten(table: Table, writing: Writing): Placed[] {
  return table.rows.flatMap((row) => {
    const lines = row.map(({ children }) => lineOf(children));
    if (lines.includes(undefined)) {
      return row.flatMap(({ children }) =>
        children.flatMap((block) => writing.block(block, "cell")),
      );
    }
    const children = lines.flatMap((line = [], index) =>
      index === 0 ? line : [SEPARATOR, ...line],
    );
    return writing.block({ type: "paragraph", children }, "cell");
  });
}

const SEPARATOR: Inline = { type: "text", text: " | ", marks: [] };

function lineOf(children: readonly Block[]): readonly Inline[] | undefined {
  const [only, second] = children;
  if (only === undefined) return [];
  return only.type === "paragraph" && second === undefined ? only.children : undefined;
}

import type { Block, TableCell } from "../tree.ts";
import { type AdfNode, numberAttribute, optionsFrom, textAttribute } from "./types.ts";

const OPTIONS = {
  layout: "layout",
  width: "width",
  numbered: "isNumberColumnEnabled",
  displayMode: "displayMode",
  localId: "localId",
};

/** A table; `undefined` when it holds something else than rows of cells. */
export function readTable(
  table: AdfNode,
  readBlocks: (nodes: readonly AdfNode[]) => Block[],
): Block | undefined {
  const rows = table.content ?? [];
  const regular = rows.every((row) => row.type === "tableRow" && (row.content ?? []).every(isCell));
  if (!regular || !rows.some((row) => row.content?.length)) return undefined;
  const { layout, ...rest } = optionsFrom(table, OPTIONS) ?? {};
  const options = { ...(layout && layout !== "default" && { layout }), ...rest };
  return {
    type: "table",
    rows: rows.map((row) => (row.content ?? []).map((cell) => readCell(cell, readBlocks))),
    ...(Object.keys(options).length > 0 && { options }),
  };
}

function isCell({ type }: AdfNode): boolean {
  return type === "tableCell" || type === "tableHeader";
}

function readCell(cell: AdfNode, readBlocks: (nodes: readonly AdfNode[]) => Block[]): TableCell {
  const colspan = numberAttribute(cell, "colspan");
  const rowspan = numberAttribute(cell, "rowspan");
  const background = textAttribute(cell, "background");
  const widths = widthsOf(cell.attrs?.colwidth);
  const valign = valignOf(cell);
  return {
    header: cell.type === "tableHeader",
    children: readBlocks(cell.content ?? []),
    ...(colspan && colspan > 1 && { colspan }),
    ...(rowspan && rowspan > 1 && { rowspan }),
    ...(background && { background }),
    ...(widths && { widths }),
    ...(valign && { valign }),
  };
}

function widthsOf(value: unknown): number[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const widths = value.filter((width) => typeof width === "number" && width >= 0);
  return widths.length === value.length ? widths : undefined;
}

/** The vertical alignment of a cell or column. */
export function valignOf(node: AdfNode): TableCell["valign"] {
  const value = node.attrs?.valign;
  return value === "top" || value === "middle" || value === "bottom" ? value : undefined;
}

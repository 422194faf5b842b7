import type { Block, TableCell } from "../tree.ts";
import { decode } from "./syntax.ts";

const EACH = /([A-Za-z][\w.-]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g;

/** A `<table>` that is being read: rows so far, and blocks that stood outside its cells. */
export interface OpenTable {
  readonly type: "table";
  readonly attributes: Readonly<Record<string, string>>;
  readonly rows: TableCell[][];
  readonly trailing: Block[];
}

/** The attributes of a tag. */
export function tagAttributes(source: string): Record<string, string> {
  const found: [string, string][] = [];
  for (const [, key = "", double, single, plain] of source.matchAll(EACH)) {
    found.push([key, decode(double ?? single ?? plain ?? "")]);
  }
  return Object.fromEntries(found);
}

/** The numbers of a comma-separated list, or `undefined` unless all are above 0. */
export function numberList(source: string | undefined): number[] | undefined {
  const numbers = (source ?? "").split(",").map(Number);
  return numbers.every((number) => number > 0) ? numbers : undefined;
}

/** A table cell from its tag and content. */
export function cellOf(open: {
  readonly header: boolean;
  readonly attributes: Readonly<Record<string, string>>;
  readonly blocks: readonly Block[];
}): TableCell {
  const { colspan, rowspan, background, widths, valign } = open.attributes;
  const list = numberList(widths);
  return {
    header: open.header,
    children: open.blocks,
    ...(Number(colspan) > 1 ? { colspan: Number(colspan) } : {}),
    ...(Number(rowspan) > 1 ? { rowspan: Number(rowspan) } : {}),
    ...(background ? { background } : {}),
    ...(list ? { widths: list } : {}),
    ...(valign === "top" || valign === "middle" || valign === "bottom" ? { valign } : {}),
  };
}

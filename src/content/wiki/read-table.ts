import type { Block, TableCell } from "../tree.ts";
import { startAt } from "./lines.ts";
import { bracketAt, imageAt } from "./links.ts";
import type { Reading } from "./read-inline.ts";

interface Row {
  readonly cells: TableCell[];
  readonly end: number;
}

/** Reads the rows that begin at an index. Cells may go over several lines; rows become equally long. */
export function readTable(
  start: number,
  end: number,
  reading: Reading,
  readContent: (start: number, end: number) => Block[],
): { block: Block; end: number } {
  const rows: TableCell[][] = [];
  let index = start;
  while (index < end && startAt(index, end, reading)?.kind === "table") {
    const row = readRow(index, end, reading, readContent);
    rows.push(row.cells);
    index = row.end < end ? row.end + 1 : end;
  }
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0);
  for (const row of rows) {
    while (row.length < width) row.push({ header: row.at(-1)?.header ?? false, children: [] });
  }
  return { block: { type: "table", rows }, end: index };
}

function readRow(
  start: number,
  end: number,
  reading: Reading,
  readContent: (start: number, end: number) => Block[],
): Row {
  const { text } = reading;
  const cells: TableCell[] = [];
  let index = text.indexOf("|", start);
  while (index < end && text[index] === "|") {
    const header = text[index + 1] === "|";
    const from = index + (header ? 2 : 1);
    const stop = cellEnd(from, end, reading);
    const isLast = stop >= end || text[stop] === "\n";
    if (!isLast || text.slice(from, stop).trim() !== "") {
      cells.push({ header, children: readContent(from, stop) });
    }
    index = stop;
  }
  return { cells, end: index };
}

/** Index of the bar or line end that closes a cell. */
function cellEnd(start: number, end: number, reading: Reading): number {
  const { text, tokens } = reading;
  const signs = /[|\n\\{[!]/g;
  signs.lastIndex = start;
  for (let match = signs.exec(text); match !== null; match = signs.exec(text)) {
    const at = match.index;
    if (at >= end) break;
    switch (match[0]) {
      case "|":
        return at;
      case "\n": {
        const isEmpty = /^\s*$/.test(text.slice(start, at));
        const next = startAt(at + 1, end, reading)?.kind;
        if (isEmpty || next === "blank" || next === "table") return at;
        break;
      }
      case "\\":
        signs.lastIndex = at + 2;
        break;
      case "{":
        signs.lastIndex = Math.min(tokens.get(at)?.end ?? at + 1, end);
        break;
      case "[":
        signs.lastIndex = bracketAt(text, at, end)?.end ?? at + 1;
        break;
      default:
        signs.lastIndex = imageAt(text, at, end)?.end ?? at + 1;
    }
  }
  return end;
}

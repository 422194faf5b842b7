import type { Align, Block, TableCell } from "../tree.ts";
import { numberList } from "./html-table.ts";
import type { Token } from "./library.ts";
import { alignOf, readParagraph } from "./read-paragraph.ts";

/**
 * A table from the tokens of a pipe table. Of the attributes in front of it `headers` says which
 * cells are headings (`row`, `column`, `both`, `none`) and `widths` how wide the columns are.
 */
export function readPipeTable(
  tokens: readonly Token[],
  attributes: Readonly<Record<string, string>>,
): Block {
  const { headers = "row", widths, ...options } = attributes;
  const columns = widths === undefined ? [] : widths.split(",").map((one) => numberList(one));
  const rows: TableCell[][] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.type === "tr_open") rows.push([]);
    if (token.type !== "th_open" && token.type !== "td_open") continue;
    const row = rows.at(-1);
    const column = row?.length ?? 0;
    const inHeader = rows.length === 1 && (headers === "row" || headers === "both");
    const inColumn = column === 0 && (headers === "column" || headers === "both");
    const width = columns[column];
    row?.push({
      header: inHeader || inColumn,
      children: cellContent(tokens[index + 1], alignOfCell(token)),
      ...(width && { widths: width }),
    });
  }
  return { type: "table", rows, ...(Object.keys(options).length > 0 ? { options } : {}) };
}

function alignOfCell(token: Token): Align | undefined {
  return alignOf(/text-align:(\w+)/.exec(String(token.attrGet("style") ?? ""))?.[1]);
}

function cellContent(line: Token | undefined, align: Align | undefined): Block[] {
  const tokens = line?.children ?? [];
  if (tokens.length === 0) return [];
  const { block } = readParagraph(tokens);
  return [block.type === "paragraph" && align && !block.align ? { ...block, align } : block];
}

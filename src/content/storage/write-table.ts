import type { Block, TableCell } from "../tree.ts";
import { columnsOf } from "./grid.ts";
import { attribute } from "./links.ts";
import { TABLE_OPTIONS } from "./read-table.ts";
import { attributeOf } from "./reading.ts";
import type { Writing } from "./writing.ts";

/** Options that are not attributes of the table. */
const OTHERS = /^(columns|head|numbered|row\d+\..*|cell\d+\..*)$|[A-Z]/;

type Table = Extract<Block, { type: "table" }>;

/** Writes a table with the options that `readTable` gives. */
export function writeTable(table: Table, writing: Writing): string {
  const options = new Map(Object.entries(table.options ?? {}));
  const heads = Number(options.get("head") ?? 0);
  const rows = table.rows.map((row, y) => {
    const cells = row.map((cell, x) => writeCell(cell, `cell${y + 1}.${x + 1}`, options, writing));
    return `<tr${placed(`row${y + 1}`, options)}>${cells.join("")}</tr>`;
  });
  const head = heads > 0 ? `<thead>${rows.slice(0, heads).join("")}</thead>` : "";
  const body = heads > 0 ? rows.slice(heads) : rows;
  return `<table${own(options)}>${columns(table, options)}${head}<tbody>${body.join("")}</tbody></table>`;
}

function own(options: ReadonlyMap<string, string>): string {
  const names = new Map([...TABLE_OPTIONS].map(([name, option]) => [option, name]));
  return [...options]
    .map(([option, value]) => {
      const name = names.get(option) ?? attributeOf(option);
      const isOwn = name !== undefined && /^[a-z]/.test(name) && !OTHERS.test(option);
      return isOwn ? attribute(name, value) : "";
    })
    .join("");
}

/** Attributes kept for a row or cell by its place. */
function placed(place: string, options: ReadonlyMap<string, string>): string {
  return [...options]
    .filter(([option]) => option.startsWith(`${place}.`))
    .map(([option, value]) => [attributeOf(option.slice(place.length + 1)), value] as const)
    .map(([name, value]) => (name === undefined ? "" : attribute(name, value)))
    .join("");
}

function columns(table: Table, options: ReadonlyMap<string, string>): string {
  const raw = options.get("columns")?.split(",") ?? widths(table);
  if (raw.length === 0) return "";
  const cols = raw.map((width) => {
    return width === "" ? "<col />" : `<col${attribute("style", `width: ${width};`)} />`;
  });
  return `<colgroup>${cols.join("")}</colgroup>`;
}

function widths(table: Table): string[] {
  const found: string[] = [];
  const firsts = columnsOf(table.rows);
  table.rows.forEach((row, y) => {
    row.forEach((cell, x) => {
      (cell.widths ?? []).forEach((width, i) => {
        found[(firsts[y]?.[x] ?? 0) + i] ??= `${width.toFixed(1)}px`;
      });
    });
  });
  return Array.from(found, (width) => width ?? "");
}

function writeCell(
  cell: TableCell,
  place: string,
  options: ReadonlyMap<string, string>,
  writing: Writing,
): string {
  const { background } = cell;
  const tag = cell.header ? "th" : "td";
  let attributes = placed(place, options);
  if (background !== undefined && background !== "") {
    // The class is what Data Center renders, the other attribute what Cloud reads.
    const highlight = `highlight-${background}`;
    attributes = / class="/.test(attributes)
      ? attributes.replace(' class="', attribute("class", highlight).replace(/"$/, " "))
      : attributes + attribute("class", highlight);
    attributes += attribute("data-highlight-colour", background);
  }
  if (cell.valign !== undefined && !/ style="/.test(attributes)) {
    attributes += attribute("style", `vertical-align: ${cell.valign};`);
  }
  if ((cell.rowspan ?? 1) > 1) attributes += attribute("rowspan", String(cell.rowspan));
  if ((cell.colspan ?? 1) > 1) attributes += attribute("colspan", String(cell.colspan));
  const content = cell.children.length === 0 ? "<p />" : writing.blocks(cell.children);
  return `<${tag}${attributes}>${content}</${tag}>`;
}

import type { Block, LayoutColumn } from "../tree.ts";
import { TABLE_TAG } from "./grammar.ts";
import { cellOf, type OpenTable, tagAttributes } from "./html-table.ts";
import type { Piece } from "./read-inline.ts";
import { paragraphOf } from "./read-paragraph.ts";
import { ATTRIBUTES_SOURCE, decode, isPanelKind, parseAttributes } from "./syntax.ts";

const MAX_OPEN = 40;
const TRAILING_ATTRIBUTES = new RegExp(`(?:^|(?<=\\s))${ATTRIBUTES_SOURCE}$`);

interface OpenContainer {
  readonly type: "container";
  readonly name: string;
  /** Number of colons; 0 for `{expand}`. */
  readonly colons: number;
  readonly info: string;
  readonly blocks: Block[];
  readonly columns: LayoutColumn[];
}

interface OpenCell {
  readonly type: "cell";
  readonly header: boolean;
  readonly attributes: Readonly<Record<string, string>>;
  readonly blocks: Block[];
}

type Open =
  | { readonly type: "root"; readonly blocks: Block[] }
  | OpenContainer
  | OpenTable
  | OpenCell;

/** Pairs the flat lines of containers and tables in one run of blocks. What stays open ends with it. */
export class ContainerStack {
  readonly #root = { type: "root" as const, blocks: [] as Block[] };
  readonly #open: Open[] = [this.#root];
  readonly #tooDeep: () => Error;

  constructor(tooDeep: () => Error) {
    this.#tooDeep = tooDeep;
  }

  finish(): Block[] {
    this.#closeDownTo(1);
    return this.#root.blocks;
  }

  add(block: Block): void {
    const top = this.#open.at(-1);
    if (top === undefined) return;
    if (top.type === "table") top.trailing.push(block);
    else top.blocks.push(block);
  }

  containerLine(source: string, name: string, colons: number, info: string): void {
    if (name !== "") {
      this.#push(openContainer(name, colons, info.trim()));
      return;
    }
    const index =
      this.#find((open) => open.colons === colons) ??
      this.#find((open) => open.colons > 0 && open.colons <= colons);
    if (index === undefined) this.#addText(source);
    else this.#closeDownTo(index);
  }

  expandLine(source: string, info: string): void {
    const index = this.#find((open) => open.name === "expand" && open.colons === 0);
    const bare = /^\{expand\}/.test(source);
    if (bare && index !== undefined) this.#closeDownTo(index);
    else this.#push(openContainer("expand", 0, info));
  }

  /** Whether table tags on a line mean something: it starts with one, or a cell is open. */
  takesTags(atStart: boolean): boolean {
    return atStart || this.#open.some(({ type }) => type === "cell");
  }

  /** A line of table tags with phrases between them. */
  tableLine(pieces: readonly Piece[]): void {
    let run: Piece[] = [];
    for (const piece of pieces) {
      if (piece.type !== "table-tag" || !this.#tag(piece.source, run)) run.push(piece);
      else run = [];
    }
    this.#addRun(run);
  }

  #addText(source: string): void {
    this.add({ type: "paragraph", children: [{ type: "text", text: source, marks: [] }] });
  }

  #addRun(run: readonly Piece[]): void {
    const trimmed = trimPieces(run);
    if (trimmed.length > 0) this.add(paragraphOf(trimmed).block);
  }

  /** Applies a tag after the phrases before it; false when it means nothing here. */
  #tag(source: string, run: readonly Piece[]): boolean {
    TABLE_TAG.lastIndex = 0;
    const [, slash, rawName = "", attributes = ""] = TABLE_TAG.exec(source) ?? [];
    const name = rawName.toLowerCase();
    const table = this.#open.findLastIndex(({ type }) => type === "table");
    if (name !== "table" && table < 0) return false;
    if (slash === "/" && table < 0) return false;
    this.#addRun(run);
    if (name === "table" && slash !== "/") {
      this.#push({ type: "table", attributes: tagAttributes(attributes), rows: [], trailing: [] });
    } else if (name === "table") this.#closeDownTo(table);
    else this.#closeDownTo(table + 1);
    if (slash === "/") return true;
    const open = this.#open.at(-1);
    if (name === "tr" && open?.type === "table") open.rows.push([]);
    if (name === "td" || name === "th") {
      if (open?.type === "table" && open.rows.length === 0) open.rows.push([]);
      const header = name === "th";
      this.#push({ type: "cell", header, attributes: tagAttributes(attributes), blocks: [] });
    }
    return true;
  }

  #push(open: Open): void {
    if (this.#open.length > MAX_OPEN) throw this.#tooDeep();
    this.#open.push(open);
  }

  /** The innermost open container that fits, within the current cell. */
  #find(fits: (open: OpenContainer) => boolean): number | undefined {
    for (let index = this.#open.length - 1; index > 0; index -= 1) {
      const open = this.#open[index];
      if (open?.type !== "container") return undefined;
      if (fits(open)) return index;
    }
    return undefined;
  }

  #closeDownTo(index: number): void {
    while (this.#open.length > index) {
      const open = this.#open.pop();
      if (open !== undefined) this.#close(open);
    }
  }

  #close(open: Open): void {
    const parent = this.#open.at(-1);
    if (open.type === "cell") {
      if (parent?.type === "table") parent.rows.at(-1)?.push(cellOf(open));
    } else if (open.type === "table") {
      const { attributes, rows, trailing } = open;
      const options = Object.keys(attributes).length > 0 ? { options: attributes } : {};
      if (rows.some((row) => row.length > 0)) this.add({ type: "table", rows, ...options });
      for (const block of trailing) this.add(block);
    } else if (open.type === "container") this.#closeContainer(open, parent);
  }

  #closeContainer(open: OpenContainer, parent: Open | undefined): void {
    if (open.name !== "column") {
      const block = blockOf(open);
      if (block !== undefined) this.add(block);
      return;
    }
    if (parent?.type === "container" && parent.name === "layout") {
      flushColumn(parent);
      parent.columns.push(columnOf(open));
    } else for (const block of open.blocks) this.add(block);
  }
}

function openContainer(name: string, colons: number, info: string): OpenContainer {
  return { type: "container", name, colons, info, blocks: [], columns: [] };
}

/** Blocks of a layout outside any column make a column of their own. */
function flushColumn(layout: OpenContainer): void {
  if (layout.blocks.length === 0) return;
  layout.columns.push({ children: layout.blocks.splice(0) });
}

function columnOf({ info, blocks }: OpenContainer): LayoutColumn {
  const { width, valign } = titleAndOptions(info).options ?? {};
  return {
    ...(Number(width) > 0 ? { width: Number(width) } : {}),
    ...(valign === "top" || valign === "middle" || valign === "bottom" ? { valign } : {}),
    children: blocks,
  };
}

function titleAndOptions(info: string): { title?: string; options?: Record<string, string> } {
  const found = TRAILING_ATTRIBUTES.exec(info);
  const options = found ? parseAttributes(found[0]) : undefined;
  const title = decode((found ? info.slice(0, found.index) : info).trim());
  return { ...(title === "" ? {} : { title }), ...(options && { options }) };
}

function blockOf(open: OpenContainer): Block | undefined {
  const { name, info, blocks: children } = open;
  if (isPanelKind(name)) return { type: "panel", kind: name, ...titleAndOptions(info), children };
  if (name === "expand") {
    const title = decode(info).trim();
    return { type: "expand", ...(title === "" ? {} : { title }), children };
  }
  if (name === "frame") {
    const [, id = "", label = ""] = /^([\w-]+)(?:\s+(.*))?$/.exec(info) ?? [];
    return { type: "frame", id, label: decode(label).trim(), data: undefined, children };
  }
  flushColumn(open);
  if (open.columns.length === 0) return undefined;
  const { options } = titleAndOptions(info);
  return { type: "layout", columns: open.columns, ...(options && { options }) };
}

/** Without the blanks that stand between a tag and the text beside it. */
function trimPieces(run: readonly Piece[]): Piece[] {
  const pieces = [...run];
  trimPiece(pieces, 0, (text) => text.trimStart());
  trimPiece(pieces, pieces.length - 1, (text) => text.trimEnd());
  return pieces;
}

function trimPiece(pieces: Piece[], index: number, trim: (text: string) => string): void {
  const piece = pieces[index];
  if (piece?.type !== "text" || piece.marks.length > 0) return;
  const text = trim(piece.text);
  pieces.splice(index, 1, ...(text === "" ? [] : [{ ...piece, text }]));
}

import { normalizeDocument } from "../normalize.ts";
import { OriginalsBuilder } from "../opaque.ts";
import type { Block, Document, Originals, PanelKind } from "../tree.ts";
import { PANEL_COLORS } from "./grammar.ts";
import { startAt, textEnd } from "./lines.ts";
import { bracketAt, readTarget } from "./links.ts";
import { readParams, scanMacros, type Token } from "./macros.ts";
import { keep, labelOf, type Reading, readLine } from "./read-inline.ts";
import { readLists } from "./read-list.ts";
import { readTable } from "./read-table.ts";

const PANELS: ReadonlyMap<string, PanelKind> = new Map([
  ["panel", "custom"],
  ["info", "info"],
  ["note", "note"],
  ["tip", "tip"],
  ["warning", "warning"],
]);

/**
 * Reads Jira's wiki markup by Jira's own rules for words: signs inside a word are text, a line end
 * is a break. Macros without a notation are kept by their exact source text in `originals`; braces
 * that are no macro stay text. Throws `shape` when macros are nested deeper than 100.
 */
export function readWiki(text: string): { document: Document; originals: Originals } {
  const source = text.replace(/\r\n?/g, "\n");
  const originals = new OriginalsBuilder();
  const reading: Reading = { text: source, tokens: scanMacros(source), originals };
  const children = readBlocks(0, source.length, reading, "page");
  const document = normalizeDocument({ type: "document", children });
  return { document, originals: originals.map };
}

/** Where blocks stand. The first line of an item is no line of its own; cells have no rules. */
type Place = "page" | "item" | "cell";

/** Reads a range of the text. */
function readBlocks(start: number, end: number, reading: Reading, place: Place): Block[] {
  const out: Block[] = [];
  let index = start;
  while (index < end) {
    const isText = place === "item" && index === start && !reading.tokens.has(index);
    const found = isText ? undefined : startAt(index, end, reading);
    const line = place === "cell" && found?.kind === "rule" ? undefined : found;
    const { blocks, end: stop } = readBlock(index, end, line, reading);
    for (const block of blocks) out.push(block);
    index = Math.max(stop, index + 1);
  }
  return out;
}

interface Read {
  readonly blocks: readonly Block[];
  readonly end: number;
}

function readBlock(
  index: number,
  end: number,
  line: ReturnType<typeof startAt>,
  reading: Reading,
): Read {
  const content = (place: Place) => (from: number, to: number) =>
    readBlocks(from, to, reading, place);
  switch (line?.kind) {
    case "blank":
      return { blocks: [], end: line.end + 1 };
    case "rule":
      return { blocks: [{ type: "rule" }], end: line.end };
    case "heading": {
      const stop = textEnd(line.end, end, reading, () => true);
      const children = readLine(line.end, stop, reading);
      return { blocks: [{ type: "heading", level: levelOf(line.level), children }], end: stop };
    }
    case "quote": {
      const stop = textEnd(line.end, end, reading, () => true);
      const children = readLine(line.end, stop, reading);
      return {
        blocks: [{ type: "quote", children: [{ type: "paragraph", children }] }],
        end: stop,
      };
    }
    case "list":
      return readLists(index, end, reading, content("item"));
    case "table": {
      const { block, end: stop } = readTable(index, end, reading, content("cell"));
      return { blocks: [block], end: stop };
    }
    case "macro":
      return { blocks: [readMacro(line.token, reading, content("page"))], end: line.end };
    default: {
      const isOver = (next: number) => startAt(next, end, reading) !== undefined;
      const stop = textEnd(index, end, reading, isOver);
      return { blocks: readParagraph(index, stop, reading), end: stop };
    }
  }
}

function levelOf(level: number): 1 | 2 | 3 | 4 | 5 | 6 {
  return level === 1 || level === 2 || level === 3 || level === 4 || level === 5 ? level : 6;
}

/** A paragraph; an image or card that stands alone is a block of its own. */
function readParagraph(start: number, end: number, reading: Reading): Block[] {
  const card = readCard(reading.text.slice(start, end).trim());
  if (card !== undefined) return [card];
  const children = readLine(start, end, reading);
  const [only, ...others] = children;
  if (only === undefined) return [];
  return only.type === "image" && others.length === 0
    ? [{ type: "image-block", image: only }]
    : [{ type: "paragraph", children }];
}

function readCard(source: string): Block | undefined {
  if (!source.startsWith("[")) return undefined;
  const bracket = bracketAt(source, 0, source.length);
  const [, kind] = /^smart-(card|embed)$/.exec(bracket?.tip ?? "") ?? [];
  if (bracket === undefined || kind === undefined || bracket.end < source.length) return undefined;
  const url = readTarget(bracket.target);
  return { type: "card-block", url, kind: kind === "embed" ? "embed" : "block" };
}

function readMacro(
  token: Token,
  reading: Reading,
  content: (start: number, end: number) => Block[],
): Block {
  const { name, bodyStart, bodyEnd } = token;
  if (token.kind === "single") return keep(labelOf(token), token.start, token.end, reading);
  if (name === "code" || name === "noformat") return readCode(token, reading);
  if (name === "quote") return { type: "quote", children: content(bodyStart, bodyEnd) };
  const params = readParams(token.params);
  const kind = PANELS.get(name);
  if (kind !== undefined) return readPanel(kind, params, content(bodyStart, bodyEnd));
  if (name === "expand") {
    const title = params.get("title") ?? params.get("");
    return { type: "expand", title, children: content(bodyStart, bodyEnd) };
  }
  return readFrame(token, reading, content);
}

function readFrame(
  token: Token,
  reading: Reading,
  content: (start: number, end: number) => Block[],
): Block {
  const { text, originals } = reading;
  const label = labelOf(token);
  const data = {
    open: text.slice(token.start, token.bodyStart),
    close: text.slice(token.bodyEnd, token.end),
  };
  const isVerbatim = /^(html|style|latex|javascript|adf)$/.test(token.name);
  if (isVerbatim) return keep(label, token.start, token.end, reading);
  const children = content(token.bodyStart, token.bodyEnd);
  return { type: "frame", id: originals.add(label, data), label, data, children };
}

function readCode(token: Token, { text }: Reading): Block {
  const params = readParams(token.params);
  const language = params.get("") ?? params.get("language");
  for (const name of ["", "language"]) params.delete(name);
  if (token.name === "noformat") params.set("format", "noformat");
  const body = text.slice(token.bodyStart, token.bodyEnd);
  return {
    type: "code",
    text: body.replace(/^\n/, "").replace(/\n[ \t]*$/, ""),
    language: language?.toLowerCase() === "none" ? undefined : language,
    options: Object.fromEntries(params),
  };
}

function readPanel(name: PanelKind, params: Map<string, string>, children: Block[]): Block {
  const title = params.get("title");
  const color = params.get("bgColor")?.toLowerCase();
  const named = [...PANEL_COLORS].find(([, value]) => value === color)?.[0];
  const kind = name === "custom" && named !== undefined ? named : name;
  for (const key of ["title", "", ...(kind === named ? ["bgColor"] : [])]) params.delete(key);
  return { type: "panel", kind, title, children, options: Object.fromEntries(params) };
}

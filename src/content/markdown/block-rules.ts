import { AtlassianMcpError } from "../../errors.ts";
import { CONTAINER_LINE, EXPAND_LINE, TABLE_LINE } from "./grammar.ts";
import type { Parser, BlockRule as Rule, BlockState as State } from "./library.ts";
import { PANEL_KINDS, parseAttributes } from "./syntax.ts";

/** Tokens open around a block, two for each list. The library itself drops what is deeper than 100. */
const MAX_LEVEL = 90;
const CONTAINERS: ReadonlySet<string> = new Set([
  ...PANEL_KINDS,
  "expand",
  "layout",
  "column",
  "frame",
]);

/** The error for text nested beyond what any renderer shows. */
export function tooDeep(): AtlassianMcpError {
  return new AtlassianMcpError("input", "The text is nested too deeply.", {
    next: "Use at most 40 levels of lists, quotes and containers.",
  });
}

/**
 * Adds the line rules of our dialect. Containers and table tags become flat tokens, one a line;
 * `read-blocks.ts` pairs them, so that fences and lists inside are seen by the parser as ever.
 */
export function addBlockRules(md: Parser): void {
  const { ruler } = md.block;
  const alt = ["paragraph", "reference", "blockquote", "list"];
  ruler.before("table", "depth", depth);
  ruler.before("table", "table_attributes", tableAttributes, { alt });
  ruler.before("fence", "container", container, { alt });
  ruler.before("fence", "table_line", tableLine, { alt });
}

const depth: Rule = (state) => {
  if (state.level >= MAX_LEVEL) throw tooDeep();
  return false;
};

/** The text of a line without indentation, or `undefined` where the line is indented code. */
function lineText(state: State, line: number): string | undefined {
  const indent = (state.sCount[line] ?? 0) - state.blkIndent;
  if (indent >= 4) return undefined;
  return state.src.slice((state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0), state.eMarks[line]);
}

function firstCharacter(state: State, line: number): string | undefined {
  return state.src[(state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0)];
}

const container: Rule = (state, startLine, _endLine, silent) => {
  const first = firstCharacter(state, startLine);
  if (first !== ":" && first !== "{") return false;
  const line = lineText(state, startLine);
  if (line === undefined) return false;
  const expand = EXPAND_LINE.exec(line);
  const [, colons, word = "", rest = ""] = CONTAINER_LINE.exec(line) ?? [];
  const name = word.toLowerCase();
  if (!expand && (colons === undefined || (name !== "" && !CONTAINERS.has(name)))) return false;
  if (silent) return true;
  state.line = startLine + 1;
  const token = state.push(expand ? "expand_line" : "container_line", "", 0);
  token.content = line;
  token.map = [startLine, state.line];
  Object.assign(
    token,
    expand ? { info: expand[1] ?? "" } : { markup: colons, tag: name, info: rest },
  );
  return true;
};

const tableAttributes: Rule = (state, startLine, endLine, silent) => {
  if (firstCharacter(state, startLine) !== "{" || startLine + 2 >= endLine) return false;
  const line = lineText(state, startLine)?.trimEnd();
  if (line === undefined || parseAttributes(line) === undefined) return false;
  const next = startLine + 1;
  if ((state.sCount[next] ?? 0) < state.blkIndent || firstCharacter(state, next) !== "|")
    return false;
  if (silent) return true;
  state.line = next;
  const token = state.push("table_attributes", "", 0);
  token.content = line;
  token.map = [startLine, next];
  return true;
};

/** How many `<table>` are open; kept in the parse environment, which lives as long as one parse. */
const OPEN_TABLES = Symbol("open tables");

const tableLine: Rule = (state, startLine, _endLine, silent) => {
  if (firstCharacter(state, startLine) !== "<") return false;
  const line = lineText(state, startLine);
  if (line === undefined || !TABLE_LINE.test(line)) return false;
  const open = Number(state.env[OPEN_TABLES] ?? 0);
  if (open === 0 && !/^<table[\s>]/i.test(line)) return false;
  if (silent) return true;
  const change =
    (line.match(/<table[\s>]/gi) ?? []).length - (line.match(/<\/table>/gi) ?? []).length;
  state.env[OPEN_TABLES] = Math.max(0, open + change);
  state.line = startLine + 1;
  state.push("paragraph_open", "p", 1).map = [startLine, state.line];
  const token = state.push("inline", "", 0);
  token.content = line.trimEnd();
  token.map = [startLine, state.line];
  token.children = [];
  token.info = "table";
  state.push("paragraph_close", "p", -1);
  return true;
};

import { AtlassianMcpError } from "../../errors.ts";
import { MAX_DEPTH, matchAt, plainText } from "./grammar.ts";

/** A macro or monospaced phrase by its place in the text (string indexes). */
export interface Token {
  /** `pair` has a body, `single` has none, `mono` is `{{…}}`. */
  readonly kind: "pair" | "single" | "mono";
  /** In lower case; empty for `mono`. */
  readonly name: string;
  /** What stands behind the colon of the opening tag. */
  readonly params: string;
  readonly start: number;
  readonly bodyStart: number;
  readonly bodyEnd: number;
  readonly end: number;
}

const VERBATIM = new Set(["code", "noformat", "html", "style", "latex", "javascript", "adf"]);
const BODIED = new Set([
  "align",
  "center",
  "color",
  "column",
  "details",
  "div",
  "excerpt",
  "expand",
  "info",
  "note",
  "panel",
  "quote",
  "section",
  "span",
  "tip",
  "warning",
]);
const SINGLE = new Set([
  "anchor",
  "attachments",
  "children",
  "contentbylabel",
  "gallery",
  "include",
  "jira",
  "jiraissues",
  "recently-updated",
  "status",
  "toc",
]);
const TAG_AT = /\{([a-z][\w-]*)(?::([^{}\n]*))?\}/iy;

interface Open {
  readonly name: string;
  readonly params: string;
  readonly start: number;
  readonly bodyStart: number;
}

/**
 * Finds all macros in one pass, by the index at which they begin. Braces that are neither a macro
 * that Jira or Confluence ships nor clearly used as one are ordinary text.
 * Throws `shape` when macros are nested deeper than 100.
 */
export function scanMacros(text: string): ReadonlyMap<number, Token> {
  const found = new Map<number, Token>();
  const stack: Open[] = [];
  const counts = new Map<string, number>();
  const next = finder(text);
  const single = (open: Open) => {
    if (SINGLE.has(open.name) || (!BODIED.has(open.name) && open.params.includes("="))) {
      const end = open.bodyStart;
      found.set(open.start, { ...open, kind: "single", bodyEnd: end, end });
    }
  };
  const pop = () => {
    const open = stack.pop();
    if (open !== undefined) counts.set(open.name, (counts.get(open.name) ?? 1) - 1);
    return open;
  };
  const signs = /[\\{]/g;
  for (let match = signs.exec(text); match !== null; match = signs.exec(text)) {
    const start = match.index;
    if (match[0] === "\\") {
      signs.lastIndex = start + 2;
      continue;
    }
    const token = monoAt(text, start, next) ?? verbatimAt(text, start, next);
    if (token !== undefined) {
      found.set(start, token);
      signs.lastIndex = token.end;
      continue;
    }
    const tag = matchAt(TAG_AT, text, start);
    if (tag === undefined) continue;
    const [source, written = "", params = ""] = tag;
    const name = written.toLowerCase();
    const end = start + source.length;
    if (source === `{${written}}` && (counts.get(name) ?? 0) > 0) {
      let open = pop();
      while (open !== undefined && open.name !== name) {
        single(open);
        open = pop();
      }
      if (open === undefined) continue;
      found.set(open.start, { ...open, kind: "pair", bodyEnd: start, end });
    } else if (isOpening(text, name, params, start, end)) {
      if (stack.length >= MAX_DEPTH) throw tooDeep();
      stack.push({ name, params, start, bodyStart: end });
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    signs.lastIndex = end;
  }
  for (const open of stack) single(open);
  return found;
}

/** Parameters of a macro; the one without a name is under the empty key. */
export function readParams(params: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const part of params.split("|")) {
    const equals = part.indexOf("=");
    const name = part.slice(0, Math.max(0, equals)).trim();
    const value = plainText(part.slice(equals + 1)).trim();
    if (value !== "" || name !== "") found.set(name, value);
  }
  return found;
}

function isOpening(text: string, name: string, params: string, start: number, end: number) {
  if (name === "color") return params !== "";
  if (BODIED.has(name) || SINGLE.has(name)) return true;
  if (VERBATIM.has(name)) return false;
  return params.includes("=") || isAlone(text, start, end);
}

/** True if nothing else stands on the line. */
export function isAlone(text: string, start: number, end: number): boolean {
  let before = start - 1;
  while (text[before] === " " || text[before] === "\t") before -= 1;
  let after = end;
  while (text[after] === " " || text[after] === "\t") after += 1;
  const isStart = before < 0 || text[before] === "\n";
  return isStart && (after >= text.length || text[after] === "\n");
}

type Find = (what: string, from: number) => number;

/** `indexOf` for ascending positions that never searches the same stretch twice. */
function finder(text: string): Find {
  const known = new Map<string, number>();
  return (what, from) => {
    const last = known.get(what);
    if (last !== undefined && (last < 0 || last >= from)) return last;
    const index = text.indexOf(what, from);
    known.set(what, index);
    return index;
  };
}

function monoAt(text: string, start: number, next: Find): Token | undefined {
  if (!text.startsWith("{{", start)) return undefined;
  const bodyStart = start + 2;
  let bodyEnd = next("}}", bodyStart);
  const line = next("\n", bodyStart);
  if (bodyEnd <= bodyStart || (line >= 0 && line < bodyEnd)) return undefined;
  while (text[bodyEnd + 2] === "}") bodyEnd += 1;
  return { kind: "mono", name: "", params: "", start, bodyStart, bodyEnd, end: bodyEnd + 2 };
}

function verbatimAt(text: string, start: number, next: Find): Token | undefined {
  const tag = matchAt(TAG_AT, text, start);
  const [source = "", written = "", params = ""] = tag ?? [];
  const name = written.toLowerCase();
  if (!VERBATIM.has(name)) return undefined;
  const bodyStart = start + source.length;
  const bodyEnd = next(`{${written}}`, bodyStart);
  if (bodyEnd < 0) return undefined;
  const end = bodyEnd + written.length + 2;
  return { kind: "pair", name, params, start, bodyStart, bodyEnd, end };
}

function tooDeep(): AtlassianMcpError {
  return new AtlassianMcpError("shape", `wiki markup nests macros deeper than ${MAX_DEPTH}`);
}

import { normalizeInlines } from "../normalize.ts";
import type { OriginalsBuilder } from "../opaque.ts";
import { withMark } from "../storage/marks.ts";
import type { Inline, Mark, Opaque } from "../tree.ts";
import {
  canClose,
  canOpen,
  EMOTICON_AT,
  ESCAPABLE,
  entityAt,
  isWord,
  matchAt,
  plainText,
  SIGNS,
  STATUS_COLORS,
  urlAt,
} from "./grammar.ts";
import { bracketAt, imageAt, readTarget } from "./links.ts";
import { readParams, type Token } from "./macros.ts";

/** What the readers of one text share. */
export interface Reading {
  readonly text: string;
  readonly tokens: ReadonlyMap<number, Token>;
  readonly originals: OriginalsBuilder;
}

interface Sign {
  readonly sign: string;
  readonly source: string;
  readonly opens: boolean;
  readonly closes: boolean;
}
type Piece = Sign | { readonly inlines: readonly Inline[] };
interface Step {
  readonly pieces: readonly Piece[];
  readonly end: number;
}

const BRACED_SIGN = /\{([*_+~^-]|\?\?)\}/y;

/** Reads the content of a line or paragraph: marks, links, nodes; a line end is a break. */
export function readLine(start: number, end: number, reading: Reading): Inline[] {
  const { text } = reading;
  let from = start;
  let to = end;
  while (from < to && isLayout(text[from])) from += 1;
  while (to > from && isLayout(text[to - 1])) to -= 1;
  return normalizeInlines(readRange(from, to, reading));
}

function isLayout(char: string | undefined): boolean {
  return char === " " || char === "\t" || char === "\n";
}

/** An opaque node for a stretch of the text. */
export function keep(label: string, start: number, end: number, reading: Reading): Opaque {
  const data = reading.text.slice(start, end);
  return { type: "opaque", id: reading.originals.add(label, data), label, data };
}

/** What a macro is, for a reader: `macro toc maxLevel=2`. */
export function labelOf(token: Token): string {
  const params = token.params.replace(/[|\s]+/g, " ").trim();
  return ["macro", token.name, params].filter(Boolean).join(" ").slice(0, 80);
}

function readRange(start: number, end: number, reading: Reading): Inline[] {
  const pieces: Piece[] = [];
  let literal = "";
  const flush = () => {
    if (literal !== "") pieces.push({ inlines: [{ type: "text", text: literal, marks: [] }] });
    literal = "";
  };
  for (let i = start; i < end; ) {
    const step = stepAt(i, start, end, reading);
    if (typeof step === "string") {
      literal += step;
      i += 1;
    } else {
      const [only] = step.pieces;
      const isText = only !== undefined && "inlines" in only && step.pieces.length === 1;
      const [node] = isText ? only.inlines : [];
      if (node?.type === "text" && node.marks.length === 0) literal += node.text;
      else {
        flush();
        pieces.push(...step.pieces);
      }
      i = Math.max(step.end, i + 1);
    }
  }
  flush();
  return applySigns(pieces);
}

/** What begins at an index: a piece, or the ordinary character itself. */
function stepAt(i: number, start: number, end: number, reading: Reading): Step | string {
  const { text } = reading;
  const char = text[i] ?? "";
  switch (char) {
    case "\n":
      return { pieces: [{ inlines: [{ type: "break" }] }], end: skipBlanks(i + 1, end, text) };
    case " ":
    case "\t": {
      const stop = skipBlanks(i, end, text);
      const isLineEnd = stop < end && (text[stop] === "\n" || text.startsWith("\\\\", stop));
      return isLineEnd ? { pieces: [], end: stop } : literalStep(text.slice(i, stop), stop);
    }
    case "\\":
      return readBackslash(i, end, text);
    case "&": {
      const entity = entityAt(text, i);
      if (entity === undefined || i + entity.length > end) return char;
      return literalStep(entity.text, i + entity.length);
    }
    case "(": {
      const found = matchAt(EMOTICON_AT, text, i)?.[0];
      return found === undefined || i + found.length > end
        ? char
        : literalStep(found, i + found.length);
    }
    case "{":
      return readBrace(i, end, reading) ?? char;
    case "[":
      return readBracket(i, end, reading) ?? char;
    case "!": {
      const found = imageAt(text, i, end);
      return found === undefined ? char : { pieces: [{ inlines: [found.image] }], end: found.end };
    }
    default:
      return readSign(i, start, end, text) ?? readUrl(i, start, end, text) ?? char;
  }
}

function literalStep(text: string, end: number): Step {
  return { pieces: [{ inlines: [{ type: "text", text, marks: [] }] }], end };
}

function readBackslash(i: number, end: number, text: string): Step | string {
  const next = i + 1 < end ? text[i + 1] : undefined;
  if (next === "\\") {
    const after = skipBlanks(i + 2, end, text);
    // People put the sign at the end of a line and mean one break.
    const stop = after < end && text[after] === "\n" ? skipBlanks(after + 1, end, text) : after;
    return { pieces: [{ inlines: [{ type: "break" }] }], end: stop };
  }
  return next !== undefined && ESCAPABLE.includes(next) ? literalStep(next, i + 2) : "\\";
}

function skipBlanks(i: number, end: number, text: string): number {
  let stop = i;
  while (stop < end && (text[stop] === " " || text[stop] === "\t")) stop += 1;
  return stop;
}

function readSign(i: number, start: number, end: number, text: string): Step | undefined {
  const char = text[i] ?? "";
  const sign = char === "?" ? "??" : char;
  if (!SIGNS.has(sign) || (char === "?" && text[i + 1] !== "?")) return undefined;
  const stop = i + sign.length;
  const before = i > start ? text[i - 1] : undefined;
  const after = stop < end ? text[stop] : undefined;
  const opens = canOpen(sign, before, after);
  const closes = canClose(sign, before, after);
  return { pieces: [{ sign, source: sign, opens, closes }], end: stop };
}

function readUrl(i: number, start: number, end: number, text: string): Step | undefined {
  if (i > start && isWord(text[i - 1])) return undefined;
  const found = urlAt(text, i)?.slice(0, end - i);
  if (found === undefined) return undefined;
  const marks: Mark[] = [{ kind: "link", href: found }];
  return { pieces: [{ inlines: [{ type: "text", text: found, marks }] }], end: i + found.length };
}

function readBrace(i: number, end: number, reading: Reading): Step | undefined {
  const { text, tokens, originals } = reading;
  const token = tokens.get(i);
  if (token === undefined) {
    const [source, sign] = matchAt(BRACED_SIGN, text, i) ?? [];
    if (source === undefined || sign === undefined) return undefined;
    return { pieces: [{ sign, source, opens: true, closes: true }], end: i + source.length };
  }
  if (token.end > end) return undefined;
  const body = text.slice(token.bodyStart, token.bodyEnd);
  if (token.kind === "mono") {
    const code: Inline = { type: "text", text: plainText(body), marks: [{ kind: "code" }] };
    return { pieces: [{ inlines: [code] }], end: token.end };
  }
  if (token.name === "color" && token.kind === "pair") {
    const inlines = readRange(token.bodyStart, token.bodyEnd, reading);
    return { pieces: [{ inlines: colored(inlines, token.params.trim()) }], end: token.end };
  }
  const status = token.name === "status" ? readStatus(token) : undefined;
  if (status !== undefined) return { pieces: [{ inlines: [status] }], end: token.end };
  const label = labelOf(token);
  const data = text.slice(token.start, token.end);
  const id = originals.add(label, data);
  return { pieces: [{ inlines: [{ type: "opaque", id, label, data }] }], end: token.end };
}

function readStatus(token: Token): Inline | undefined {
  const params = readParams(token.params);
  const colour = (params.get("colour") ?? params.get("color") ?? "grey").toLowerCase();
  const color = colour === "grey" || colour === "gray" ? "neutral" : colour;
  const text = params.get("title");
  return text && STATUS_COLORS.has(color) ? { type: "status", text, color } : undefined;
}

function colored(inlines: readonly Inline[], value: string): readonly Inline[] {
  const [only, ...others] = normalizeInlines(inlines);
  const lozenge =
    others.length === 0 && only?.type === "text" ? /^\[ (.+) \]$/.exec(only.text) : null;
  const [, label] = lozenge ?? [];
  const [color] = [...STATUS_COLORS].find(([, hex]) => hex === value.toLowerCase()) ?? [];
  if (label !== undefined && color !== undefined) return [{ type: "status", text: label, color }];
  return marked(inlines, { kind: "color", value });
}

function readBracket(i: number, end: number, reading: Reading): Step | undefined {
  const bracket = bracketAt(reading.text, i, end);
  if (bracket === undefined) return undefined;
  const { target, tip, textStart, textEnd } = bracket;
  const step = (inline: Inline): Step => ({ pieces: [{ inlines: [inline] }], end: bracket.end });
  if (target.startsWith("~") && textEnd === textStart) {
    const name = plainText(target.slice(1));
    const [, account] = /^accountid:(.+)$/.exec(name) ?? [];
    return step(
      account === undefined
        ? { type: "mention", by: "user", id: name, name }
        : { type: "mention", by: "accountid", id: account },
    );
  }
  const href = readTarget(target);
  if (tip === "smart-link") return step({ type: "card", url: href });
  const link: Mark = { kind: "link", href, title: tip };
  const inlines = readRange(textStart, textEnd, reading).map(unlinked);
  if (inlines.length === 0) {
    const shown = /^[#^]/.test(target) ? plainText(target.slice(1)) : target;
    return step({ type: "text", text: shown, marks: [link] });
  }
  if (inlines.some((one) => one.type !== "text")) {
    return step(keep(`link ${href}`, i, bracket.end, reading));
  }
  return { pieces: [{ inlines: marked(inlines, link) }], end: bracket.end };
}

/** A bare address in the text of a link is only text. */
function unlinked(inline: Inline): Inline {
  if (inline.type !== "text") return inline;
  return { ...inline, marks: inline.marks.filter(({ kind }) => kind !== "link") };
}

function marked(inlines: readonly Inline[], mark: Mark): readonly Inline[] {
  return inlines.map((one) =>
    one.type === "text" && !one.marks.some(({ kind }) => kind === mark.kind)
      ? { ...one, marks: withMark(one.marks, mark) }
      : one,
  );
}

/** Pairs the signs of each line, each kind for itself, and marks what stands between. */
function applySigns(pieces: readonly Piece[]): Inline[] {
  const pairs = new Map<number, "open" | "close">();
  const waiting = new Map<string, number>();
  pieces.forEach((piece, i) => {
    if (!("sign" in piece)) {
      if (piece.inlines.some((one) => one.type === "break")) waiting.clear();
      return;
    }
    const opened = waiting.get(piece.sign);
    if (opened !== undefined && piece.closes) {
      pairs.set(opened, "open");
      pairs.set(i, "close");
      waiting.delete(piece.sign);
    } else if (opened === undefined && piece.opens) waiting.set(piece.sign, i);
  });
  const active = new Map<string, Mark>();
  return pieces.flatMap((piece, i): readonly Inline[] => {
    if (!("sign" in piece)) return [...active.values()].reduce(marked, piece.inlines);
    const mark = SIGNS.get(piece.sign);
    const pair = pairs.get(i);
    if (pair === undefined || mark === undefined) {
      const text: Inline = { type: "text", text: piece.source, marks: [] };
      return [...active.values()].reduce(marked, [text]);
    }
    if (pair === "open") active.set(piece.sign, mark);
    else active.delete(piece.sign);
    return [];
  });
}

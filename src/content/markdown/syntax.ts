import MarkdownIt from "markdown-it";
import type { PanelKind } from "../tree.ts";

/** Attributes in braces: `{key=value other="two words" flag}`. A flag has the value `""`. */
export type Attributes = Readonly<Record<string, string>>;

// The utilities are static data of the library; an instance is the only typed way to them.
const { isMdAsciiPunct, isPunctCharCode, isWhiteSpace, unescapeAll } = new MarkdownIt().utils;

const ENTITY = /&(?=#[0-9]{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)/g;
const ATTRIBUTE = String.raw`[A-Za-z][\w.-]*(?:=(?:"(?:\\.|[^"\\{}\n])*"|[^\s"{}]+))?`;

/** Source of the expression for a braced attribute list. */
export const ATTRIBUTES_SOURCE = String.raw`\{${ATTRIBUTE}(?: +${ATTRIBUTE})* *\}`;
const EACH_ATTRIBUTE = /([A-Za-z][\w.-]*)(?:=(?:"((?:\\.|[^"\\{}\n])*)"|([^\s"{}]+)))?/g;
const WHOLE_ATTRIBUTES = new RegExp(`^${ATTRIBUTES_SOURCE}$`);
const PLAIN_VALUE = /^[^\s"{}\\&|<>`]+$/;

/** Panel kinds, as the word after `:::`. */
export const PANEL_KINDS: ReadonlySet<string> = new Set<PanelKind>([
  "info",
  "note",
  "tip",
  "success",
  "warning",
  "error",
  "custom",
]);

/** Narrows a word to a panel kind. */
export function isPanelKind(word: string): word is PanelKind {
  return PANEL_KINDS.has(word);
}

/** The panel that each GitHub alert (`> [!NOTE]`) stands for. */
export const ALERTS: ReadonlyMap<string, PanelKind> = new Map<string, PanelKind>([
  ["NOTE", "note"],
  ["INFO", "info"],
  ["TIP", "tip"],
  ["SUCCESS", "success"],
  ["IMPORTANT", "note"],
  ["WARNING", "warning"],
  ["CAUTION", "error"],
  ["ERROR", "error"],
]);

/** Reads `{…}`; `undefined` when it is not an attribute list. */
export function parseAttributes(source: string): Record<string, string> | undefined {
  return WHOLE_ATTRIBUTES.test(source) ? looseAttributes(source) : undefined;
}

/** Every `key=value` found in a text such as the info line of a fence. */
export function looseAttributes(source: string): Record<string, string> {
  const found: [string, string][] = [];
  for (const [, key = "", quoted, plain] of source.matchAll(EACH_ATTRIBUTE)) {
    found.push([key, quoted === undefined ? (plain ?? "") : decode(quoted)]);
  }
  return Object.fromEntries(found);
}

/** `key=value other="two words"`, without braces. */
export function formatAttributes(attributes: Attributes): string {
  return Object.entries(attributes)
    .map(([key, value]) => {
      if (PLAIN_VALUE.test(value)) return `${key}=${value}`;
      return `${key}="${encode(value, '"{}|<>`')}"`;
    })
    .join(" ");
}

/** Attributes in braces, or nothing when there are none. */
export function bracedAttributes(attributes: Attributes | undefined): string {
  const text = attributes === undefined ? "" : formatAttributes(attributes);
  return text === "" ? "" : `{${text}}`;
}

/** Text as the payload of a token: the named characters and line breaks become entities. */
export function encode(text: string, characters: string): string {
  let result = "";
  for (const character of text.replace(/\\/g, "\\\\").replace(ENTITY, "&amp;")) {
    const special = character === "\n" || characters.includes(character);
    result += special ? `&#${character.charCodeAt(0)};` : character;
  }
  return result;
}

/** Undoes `encode`; also accepts backslash escapes. */
export function decode(text: string): string {
  return unescapeAll(text);
}

/** Percent-encodes what may not stand bare in a link destination. */
export function encodeTarget(text: string): string {
  return text.replace(/[%\s()<>\\|`"]|&(?=#?\w+;)/g, (character) =>
    encodeURIComponent(character).replace(/[()]/g, hex),
  );
}

function hex(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** Undoes `encodeTarget`; text with a stray `%` is taken as it is. */
export function decodeTarget(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** CommonMark's "Unicode punctuation", of the first code point. */
export function isPunctuation(character: string): boolean {
  const code = character.codePointAt(0);
  return code !== undefined && (isMdAsciiPunct(code) || isPunctCharCode(code));
}

/** CommonMark's whitespace; the edge of a block counts as such. */
export function isBlank(character: string): boolean {
  const code = character.codePointAt(0);
  return code === undefined || isWhiteSpace(code);
}

const BARE_URL = /https?:\/\/[^\s<>"`\\[\]{}|^\u3000-\u303f\uff00-\uffef]+/iy;
const TRAILING = /[?!.,:;*_~'"]$/;

/** The bare address that starts at `index`, as it is linked, or `""`. Brackets must be balanced. */
export function bareUrlAt(text: string, index: number): string {
  BARE_URL.lastIndex = index;
  const found = BARE_URL.exec(text)?.[0] ?? "";
  let depth = 0;
  let end = 0;
  for (; end < found.length; end += 1) {
    if (found[end] === "(") depth += 1;
    if (found[end] === ")" && depth-- === 0) break;
  }
  let url = found.slice(0, end);
  while (TRAILING.test(url)) url = url.slice(0, -1);
  return /^https?:\/\/./i.test(url) ? url : "";
}

/** Characters before a bare address or scheme that make it part of a longer word. */
export const SCHEME_NEIGHBOUR = /[A-Za-z0-9+.\\-]/;

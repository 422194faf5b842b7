import type { Mark } from "../tree.ts";
import { decode } from "./syntax.ts";

/** `@[Name](accountid:ID)` */
export const MENTION = /@\[((?:\\.|[^[\]\\\n])*)\]\((accountid|user|userkey):([^\s()<>]+)\)/y;
/** `[~accountid:ID]`, `[~name]`: Jira's own notation, read only. */
export const WIKI_MENTION = /\[~(accountid:)?([^\s[\]|~\\]+)\](?!\()/y;
/** `{status:DONE|green}`, `{date:2026-01-31}`, `{emoji:name|text|id}`, `{opaque:ID label}`, `{mark:ID}` */
export const TOKEN = /\{(status|date|emoji|opaque|mark):((?:\\.|[^{}\\\n])*)\}|\{\/mark\}/y;
/** `:name:` not inside a word. */
export const EMOJI = /:(?:[a-z][a-z0-9_+-]*|[+-]1):(?![A-Za-z0-9:])/y;
/** A paragraph without content: `<p/>` or `<p></p>`. */
export const EMPTY = /<p(?: ?\/>|><\/p>)/iy;
/** A hard break where lines cannot be broken. */
export const BREAK = /<br ?\/?>/iy;
/** Inline tags, with the attribute text of an opening one. */
export const TAG = /<(\/?)(u|ins|sub|sup|span|mark|b|strong|i|em|s|del)((?:\s[^<>\n]{0,300})?)>/iy;
/** Tags of a table. */
export const TABLE_TAG = /<(\/?)(table|thead|tbody|tr|th|td)((?:\s[^<>\n]{0,2000})?)>/iy;
/** The same at the start of a line. */
export const TABLE_LINE = /^<\/?(?:table|thead|tbody|tr|th|td)(?:\s[^<>\n]*)?>/i;
/** `:::kind Title` and the bare line that closes it. */
export const CONTAINER_LINE = /^(:{3,})[ \t]*(?:([A-Za-z]+)(?![^\s{])[ \t]*(.*))?$/;
/** `{expand:Title}` and the bare line that closes it. */
export const EXPAND_LINE = /^\{expand(?::((?:\\.|[^{}\\])*))?\}[ \t]*$/;

const TAG_MARKS: Readonly<Record<string, Mark>> = {
  u: { kind: "underline" },
  ins: { kind: "underline" },
  sub: { kind: "sub" },
  sup: { kind: "sup" },
  b: { kind: "strong" },
  strong: { kind: "strong" },
  i: { kind: "em" },
  em: { kind: "em" },
  s: { kind: "strike" },
  del: { kind: "strike" },
};
const HIGHLIGHT = "#f8e6a0";
const STYLE = /^\s+style\s*=\s*"\s*(color|background(?:-color)?)\s*:\s*([^";]+?)\s*;?\s*"\s*$/i;
const COLOR = /^\s+(color)\s*=\s*"([^"]+)"\s*$/i;

/** The mark that an opening tag sets, or `undefined` when the tag is plain text. */
export function markOfTag(name: string, attributes: string): Mark | undefined {
  if (name !== "span" && name !== "mark") {
    return attributes.trim() === "" ? TAG_MARKS[name] : undefined;
  }
  if (name === "mark" && attributes.trim() === "") return { kind: "background", value: HIGHLIGHT };
  const [, property = "color", value] = STYLE.exec(attributes) ?? COLOR.exec(attributes) ?? [];
  if (value === undefined) return undefined;
  const kind = name === "span" && property.toLowerCase() === "color" ? "color" : "background";
  return { kind, value: decode(value) };
}

import type { MarkKind, PanelKind } from "../tree.ts";

export type PlainMark = Exclude<MarkKind, "link" | "color" | "background" | "opaque">;

/** Elements that are a mark of the tree. */
export const MARKS: ReadonlyMap<string, PlainMark> = new Map([
  ["strong", "strong"],
  ["b", "strong"],
  ["em", "em"],
  ["i", "em"],
  ["u", "underline"],
  ["ins", "underline"],
  ["s", "strike"],
  ["del", "strike"],
  ["strike", "strike"],
  ["sub", "sub"],
  ["sup", "sup"],
  ["code", "code"],
  ["tt", "code"],
]);

/** Further elements that stand within a line and hold text. */
export const PHRASES: ReadonlySet<string> = new Set([
  "a",
  "abbr",
  "ac:inline-comment-marker",
  "acronym",
  "big",
  "br",
  "cite",
  "dfn",
  "font",
  "kbd",
  "label",
  "mark",
  "q",
  "samp",
  "small",
  "span",
  "var",
]);

/** Elements of Confluence that stand within a line. */
export const INLINE: ReadonlySet<string> = new Set([
  "ac:link",
  "ac:emoticon",
  "ac:placeholder",
  "at:var",
  "time",
]);

/** Elements that are a block of the tree. */
export const BLOCKS: ReadonlySet<string> = new Set([
  "ac:layout",
  "ac:task-list",
  "blockquote",
  "div",
  "h1",
  "h2",
  "h3",
  "h4",
  "h5",
  "h6",
  "hr",
  "ol",
  "p",
  "pre",
  "table",
  "ul",
]);

/** Macros that are a code block. */
export const CODE_MACROS: ReadonlySet<string> = new Set(["code", "noformat"]);

/** Macros that are a panel. */
export const PANELS: ReadonlyMap<string, PanelKind> = new Map([
  ["info", "info"],
  ["note", "note"],
  ["tip", "tip"],
  ["warning", "warning"],
  ["panel", "custom"],
]);

/** Names of the old editor's emoticons; other emoji are told by their short name. */
export const EMOTICONS: ReadonlySet<string> = new Set([
  "smile",
  "sad",
  "cheeky",
  "laugh",
  "wink",
  "thumbs-up",
  "thumbs-down",
  "information",
  "tick",
  "cross",
  "warning",
  "plus",
  "minus",
  "question",
  "light-on",
  "light-off",
  "yellow-star",
  "red-star",
  "green-star",
  "blue-star",
  "heart",
  "broken-heart",
]);

/** Colours of the status macro and the tree's names for them. */
export const STATUS_COLORS: ReadonlyMap<string, string> = new Map([
  ["grey", "neutral"],
  ["purple", "purple"],
  ["blue", "blue"],
  ["red", "red"],
  ["yellow", "yellow"],
  ["green", "green"],
]);

/** The kinds of place whose content the schema limits. */
export type Context =
  | "doc"
  | "column"
  | "expand"
  | "nestedExpand"
  | "cell"
  | "panel"
  | "quote"
  | "item"
  | "extension"
  | "sync";

/** Nodes that stand in a line of text. */
export const INLINE_TYPES: ReadonlySet<string> = new Set([
  "text",
  "hardBreak",
  "mention",
  "emoji",
  "date",
  "status",
  "inlineCard",
  "inlineExtension",
  "mediaInline",
  "placeholder",
]);

const LISTS = ["bulletList", "orderedList"];
const NESTED = ["paragraph", ...LISTS, "codeBlock", "mediaSingle", "mediaGroup", "extension"];
const PANEL = [...NESTED, "heading", "blockCard", "taskList", "rule", "decisionList"];
const NESTED_EXPAND = [
  ...NESTED,
  "heading",
  "taskList",
  "rule",
  "decisionList",
  "panel",
  "blockquote",
];
const CELL = [...NESTED_EXPAND, "blockCard", "embedCard", "nestedExpand"];
const EXTENSION = [...NESTED_EXPAND, "blockCard", "embedCard", "table"];
const COLUMN = [...EXTENSION, "expand", "bodiedExtension"];
const DOC = [...COLUMN, "layoutSection", "syncBlock", "bodiedSyncBlock"];

/** What may stand where, from Atlassian's published schema (`full.json`, adf-schema 57). */
const ALLOWED: Readonly<Record<Context, ReadonlySet<string>>> = {
  doc: new Set(DOC),
  column: new Set(COLUMN),
  expand: new Set([...EXTENSION, "nestedExpand"]),
  nestedExpand: new Set(NESTED_EXPAND),
  cell: new Set(CELL),
  panel: new Set(PANEL),
  quote: new Set(NESTED),
  item: new Set([...NESTED.filter((type) => type !== "mediaGroup"), "taskList"]),
  extension: new Set(EXTENSION),
  sync: new Set(
    [...COLUMN, "layoutSection"].filter(
      (type) => type !== "bodiedExtension" && type !== "extension",
    ),
  ),
};

/** Nodes that stand as blocks. */
export const BLOCK_TYPES: ReadonlySet<string> = new Set([...DOC, ...CELL]);

/** Whether a node may stand there. What the schema does not know is left where it was. */
export function allows(context: Context, type: string): boolean {
  return ALLOWED[context].has(type) || !BLOCK_TYPES.has(type);
}

/** Whether paragraphs and headings may be aligned there. */
export function allowsAlignment(context: Context): boolean {
  return context === "doc" || context === "column" || context === "cell" || context === "sync";
}

/** Whether a block may carry a mark there. */
export function allowsMark(context: Context, type: string, mark: string): boolean {
  const open = context === "doc" || context === "column" || context === "sync";
  switch (mark) {
    case "breakout":
      return context === "doc" && ["codeBlock", "expand", "layoutSection"].includes(type);
    case "alignment":
      return allowsAlignment(context) && (type === "paragraph" || type === "heading");
    case "indentation":
      if (type === "heading") return open || context === "cell";
      return type === "paragraph" && open;
    case "fontSize":
      return type === "paragraph" && context !== "quote";
    case "fragment":
      return type === "table";
    default:
      return false;
  }
}

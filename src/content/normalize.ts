import type {
  Block,
  Document,
  Image,
  Inline,
  ListItem,
  Mark,
  MarkKind,
  TableCell,
  Text,
} from "./tree.ts";

type Options = Readonly<Record<string, string>>;

const MARK_ORDER: readonly MarkKind[] = [
  "link",
  "color",
  "background",
  "strong",
  "em",
  "underline",
  "strike",
  "sub",
  "sup",
  "code",
  "opaque",
];
const WITH_CODE: ReadonlySet<MarkKind> = new Set(["link", "code", "opaque"]);
const UNSAFE_LINK = /^\s*(?:javascript|vbscript|data):/i;
// XML cannot hold these characters at all, Markdown and ADF renderers drop them.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are the subject
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;
const OPTION_KEY = /^[A-Za-z][\w.-]*$/;

/** True for addresses that run code when clicked. They never become links. */
export function isUnsafeLink(href: string): boolean {
  return UNSAFE_LINK.test(href);
}

/** Text without control characters, with LF line ends. */
function cleanText(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(CONTROLS, "").replace(LONE_SURROGATE, "\ufffd");
}

/**
 * The same document in the one form in which equal documents are equal trees: the invariants of the
 * tree hold, things that show nothing are gone (a list without items, a status without text), and a
 * container that holds a single empty paragraph holds nothing.
 */
export function normalizeDocument(document: Document): Document {
  return { type: "document", children: document.children.flatMap(normalizeBlock) };
}

function normalizeContent(blocks: readonly Block[]): Block[] {
  const content = blocks.flatMap(normalizeBlock);
  const [only] = content;
  const blank =
    content.length === 1 &&
    only?.type === "paragraph" &&
    only.children.length === 0 &&
    only.align === undefined;
  return blank ? [] : content;
}

function normalizeBlock(block: Block): Block[] {
  switch (block.type) {
    case "paragraph":
    case "heading": {
      const children = normalizeInlines(block.children);
      return [compact({ ...block, children })];
    }
    case "code": {
      const language = oneLine(block.language);
      const options = cleanOptions(block.options);
      return [compact({ ...block, text: cleanText(block.text), language, options })];
    }
    case "quote":
      return [{ ...block, children: normalizeContent(block.children) }];
    case "expand":
    case "frame":
    case "panel":
      return [normalizeContainer(block)];
    case "list":
      return normalizeList(block);
    case "table":
      return normalizeTable(block);
    case "layout": {
      if (block.columns.length === 0) return [];
      const columns = block.columns.map((column) =>
        compact({ ...column, children: normalizeContent(column.children) }),
      );
      return [compact({ ...block, columns, options: cleanOptions(block.options) })];
    }
    case "image-block": {
      const caption = block.caption && normalizeInlines(block.caption);
      const image = normalizeImage(block.image);
      return [compact({ ...block, image, caption: caption?.length ? caption : undefined })];
    }
    case "card-block":
      return [compact({ ...block, options: cleanOptions(block.options) })];
    default:
      return [block];
  }
}

function normalizeContainer(block: Extract<Block, { type: "expand" | "frame" | "panel" }>): Block {
  const children = normalizeContent(block.children);
  if (block.type === "frame") return { ...block, children };
  const title = oneLine(block.title);
  if (block.type === "expand") return compact({ ...block, title, children });
  return compact({ ...block, title, children, options: cleanOptions(block.options) });
}

function normalizeList(list: Extract<Block, { type: "list" }>): Block[] {
  if (list.items.length === 0) return [];
  const items = list.items.map((item): ListItem => {
    const children = normalizeContent(item.children);
    if (list.kind !== "task") return { children };
    const { done = false, id } = item.task ?? {};
    return { children, task: compact({ done, id: id || undefined }) };
  });
  const first = Math.min(Math.max(Math.trunc(list.start ?? 1), 0), 999_999_999);
  const start = list.kind === "ordered" && first !== 1 ? first : undefined;
  return [compact({ ...list, items, start })];
}

function normalizeTable(table: Extract<Block, { type: "table" }>): Block[] {
  if (!table.rows.some((row) => row.length > 0)) return [];
  const rows = table.rows.map((row) => row.map(normalizeCell));
  return [compact({ ...table, rows, options: cleanOptions(table.options) })];
}

function normalizeCell(cell: TableCell): TableCell {
  return compact({
    ...cell,
    children: normalizeContent(cell.children),
    colspan: cell.colspan === 1 ? undefined : cell.colspan,
    rowspan: cell.rowspan === 1 ? undefined : cell.rowspan,
    background: cell.background || undefined,
    widths: cell.widths?.length ? cell.widths : undefined,
  });
}

function normalizeImage(image: Image): Image {
  return compact({
    ...image,
    alt: oneLine(image.alt),
    title: oneLine(image.title),
    extra: cleanOptions(image.extra),
  });
}

/** Phrases under the tree's invariants: clean, merged, marks ordered. */
export function normalizeInlines(inlines: readonly Inline[]): Inline[] {
  const result: Inline[] = [];
  for (const inline of inlines) {
    if (inline.type === "text") appendText(result, inline);
    else result.push(...normalizePhrase(inline));
  }
  return result;
}

function normalizePhrase(inline: Exclude<Inline, Text>): Inline[] {
  switch (inline.type) {
    case "mention":
      return [
        compact({ ...inline, name: oneLine(inline.name), extra: cleanOptions(inline.extra) }),
      ];
    case "emoji": {
      const shortName = `:${inline.shortName.replace(/^:|:$/g, "")}:`;
      const { id, text } = inline;
      if (shortName === "::") return [];
      return [compact({ ...inline, shortName, id: id || undefined, text: text || undefined })];
    }
    case "status": {
      const text = oneLine(inline.text);
      return text === undefined ? [] : [{ ...inline, text }];
    }
    case "image":
      return [normalizeImage(inline)];
    default:
      return [inline];
  }
}

function appendText(result: Inline[], node: Text): void {
  const marks = normalizeMarks(node.marks);
  const clean = cleanText(node.text);
  const text = marks.some(({ kind }) => kind === "code") ? clean.replace(/\n/g, " ") : clean;
  if (text === "") return;
  const last = result.at(-1);
  if (last?.type === "text" && sameMarks(last.marks, marks)) {
    result[result.length - 1] = { ...last, text: last.text + text };
  } else {
    result.push({ type: "text", text, marks });
  }
}

function normalizeMarks(marks: readonly Mark[]): readonly Mark[] {
  if (marks.length === 0) return marks;
  const code = marks.some(({ kind }) => kind === "code");
  const byKind = new Map<MarkKind, Mark>();
  for (const mark of marks) {
    if (code && !WITH_CODE.has(mark.kind)) continue;
    if (mark.kind === "link" && (mark.href.trim() === "" || isUnsafeLink(mark.href))) continue;
    if (byKind.has(mark.kind)) continue;
    const title = mark.kind === "link" && oneLine(mark.title);
    byKind.set(mark.kind, title === false ? mark : compact({ ...mark, title }));
  }
  return MARK_ORDER.flatMap((kind) => byKind.get(kind) ?? []);
}

/** Equal in kind and value; opaque marks are equal when they stand for the same original. */
export function sameMark(a: Mark, b: Mark): boolean {
  if (a.kind === "link") return b.kind === "link" && a.href === b.href && a.title === b.title;
  if (a.kind === "opaque") return b.kind === "opaque" && a.id === b.id;
  if (a.kind === "color" || a.kind === "background")
    return b.kind === a.kind && a.value === b.value;
  return a.kind === b.kind;
}

/** Equal lists of marks, both in tree order. */
function sameMarks(a: readonly Mark[], b: readonly Mark[]): boolean {
  return (
    a.length === b.length &&
    a.every((mark, index) => {
      const other = b[index];
      return other !== undefined && sameMark(mark, other);
    })
  );
}

function oneLine(text: string | undefined): string | undefined {
  return (text && cleanText(text).replace(/\s+/g, " ").trim()) || undefined;
}

function cleanOptions(options: Options | undefined): Options | undefined {
  const entries = Object.entries(options ?? {}).filter(([key]) => OPTION_KEY.test(key));
  if (entries.length === 0) return undefined;
  return Object.fromEntries(entries.map(([key, value]) => [key, cleanText(value)]));
}

/** The object without its undefined members. */
function compact<T extends object>(value: T): T {
  const members = Object.entries(value);
  const entries = members.filter(([, member]) => member !== undefined);
  if (entries.length === members.length) return value;
  // Only optional members can be undefined, so the shape stays T.
  return Object.fromEntries(entries) as T;
}

import fc from "fast-check";
import type { Block, Document, Image, Inline, ListItem, Mark, TableCell } from "../tree.ts";

// Made up: generators of documents for property tests of all formats.

const fragment = fc.constantFrom(
  "word",
  "snake_case_name",
  " ",
  "  ",
  "\n",
  "*",
  "**",
  "_",
  "__",
  "~",
  "~~",
  "`",
  "```",
  "[",
  "]",
  "](",
  "[x](y)",
  "[ ] ",
  "[x] ",
  "![",
  "!",
  "@",
  "@[A](accountid:1)",
  "[~joe]",
  "[!NOTE]",
  "[a]: b",
  "<u>",
  "</u>",
  "<br>",
  "<p/>",
  "<table>",
  "</td>",
  "<http://a.b>",
  "<",
  ">",
  "&",
  "&amp;",
  "&#32;",
  "{",
  "}",
  "{status:A|green}",
  "{date:2026-01-31}",
  "{date:2026-13-45}",
  "{opaque:x y}",
  "{mark:x}",
  "{/mark}",
  "{expand:x}",
  "{expand}",
  "{align=center}",
  "{a=b}",
  "{inline}",
  "{caption}",
  ":",
  ":::",
  ":::info",
  ":smile:",
  "https://example.com/a_b?c=d*",
  "http",
  "://",
  "\\",
  "|",
  "| a | b |",
  "---",
  "--- | ---",
  "===",
  "- ",
  "+ ",
  "1. ",
  "12) ",
  "# ",
  "#",
  "> ",
  "'",
  '"',
  "(",
  ")",
  ".",
  "é",
  "漢字",
  "。",
  "😀",
  "\u00a0",
  "\t",
);

/** Text that is mostly made of what could be taken for markup. */
export const trickyText = fc
  .oneof(
    fc.array(fragment, { minLength: 1, maxLength: 6 }).map((parts) => parts.join("")),
    fc.string({ minLength: 1, maxLength: 12, unit: "grapheme" }),
  )
  .filter((text) => text.length > 0);

const word = fc.constantFrom(
  "alpha",
  "Beta 2",
  "a|b",
  "x] y",
  "{z}",
  'say "hi"',
  "ü",
  "a\\b",
  "R&amp;D",
  "100%",
);
const id = fc.constantFrom("abc", "557058:f58131cb-b67d", "joe.doe", "a(b)", "x y");
const url = fc.constantFrom(
  "https://example.com",
  "https://example.com/a_b?c=d&e=f#g",
  "https://en.wikipedia.org/wiki/A_(b)",
  "https://example.com/a b",
  "http://x.y/<z>",
);
const href = fc.oneof(
  url,
  fc.constantFrom(
    "page:DS/My Page",
    "page:123",
    "attachment:a file (1).png",
    "anchor:top",
    "mailto:a@b.c",
  ),
);
const attributes = fc.option(
  fc.dictionary(fc.constantFrom("layout", "alpha", "theme"), fc.oneof(word, fc.constant("")), {
    minKeys: 1,
    maxKeys: 2,
  }),
  { nil: undefined },
);

const simpleMark: fc.Arbitrary<Mark> = fc.constantFrom(
  { kind: "strong" },
  { kind: "em" },
  { kind: "underline" },
  { kind: "strike" },
  { kind: "sub" },
  { kind: "sup" },
  { kind: "code" },
  { kind: "color", value: "#ff0000" },
  { kind: "background", value: "#00ff00" },
);
const mark: fc.Arbitrary<Mark> = fc.oneof(
  { weight: 6, arbitrary: simpleMark },
  fc.record({
    kind: fc.constant("link" as const),
    href,
    title: fc.option(word, { nil: undefined }),
  }),
  fc.constantFrom<Mark>(
    { kind: "opaque", id: "m1", data: undefined },
    { kind: "opaque", id: "m2", data: undefined },
  ),
);

const source: fc.Arbitrary<Image["source"]> = fc.oneof(
  fc.record({ kind: fc.constant("url" as const), url }),
  fc.record({
    kind: fc.constant("attachment" as const),
    filename: fc.constantFrom("a.png", "my file (2).png", "100%.gif"),
  }),
  fc.record({
    kind: fc.constant("media" as const),
    id: fc.constantFrom("m-1", "a?b"),
    collection: fc.constantFrom("", "c d"),
  }),
);
const image: fc.Arbitrary<Image> = fc.record({
  type: fc.constant("image" as const),
  source,
  alt: fc.option(trickyText, { nil: undefined }),
  title: fc.option(word, { nil: undefined }),
  width: fc.option(fc.constantFrom(10, 300), { nil: undefined }),
  height: fc.option(fc.constantFrom(20), { nil: undefined }),
  extra: attributes,
});

const text: fc.Arbitrary<Inline> = fc.record({
  type: fc.constant("text" as const),
  text: trickyText,
  marks: fc.oneof(fc.constant([]), fc.array(mark, { maxLength: 3 })),
});
const phrase: fc.Arbitrary<Inline> = fc.oneof(
  fc.constant<Inline>({ type: "break" }),
  fc.record({
    type: fc.constant("mention" as const),
    by: fc.constantFrom("accountid" as const, "user" as const, "userkey" as const),
    id,
    name: fc.option(word, { nil: undefined }),
    extra: attributes,
  }),
  fc.record({
    type: fc.constant("emoji" as const),
    shortName: fc.constantFrom(":smile:", ":+1:", ":Custom 1:"),
    id: fc.option(fc.constantFrom("1f604", "u-1"), { nil: undefined }),
    text: fc.option(fc.constantFrom("😄", ":x:"), { nil: undefined }),
  }),
  fc.record({
    type: fc.constant("status" as const),
    text: word,
    color: fc.constantFrom("green", "neutral", "#ff00ff"),
  }),
  fc.constant<Inline>({ type: "date", date: "2026-11-23" }),
  fc.record({ type: fc.constant("card" as const), url }),
  image,
  fc.constant<Inline>({ type: "opaque", id: "in1", label: "placeholder", data: undefined }),
);

/** Phrases of every kind. */
export const phrases = fc.array(fc.oneof({ weight: 3, arbitrary: text }, phrase), { maxLength: 5 });

const align = fc.option(fc.constantFrom("left" as const, "center" as const, "right" as const), {
  nil: undefined,
  freq: 4,
});
const codeText = fc
  .array(
    fc.constantFrom("x = 1", "```", "~~~~", ":::", "</td>", "  ", "\t", "", "| a |", "> q", "- l"),
    { maxLength: 4 },
  )
  .map((lines) => lines.join("\n"));

const leafBlock: fc.Arbitrary<Block> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant("paragraph" as const), children: phrases, align }),
  },
  fc.record({
    type: fc.constant("heading" as const),
    level: fc.constantFrom(1 as const, 2 as const, 6 as const),
    children: phrases,
    align,
  }),
  fc.record({
    type: fc.constant("code" as const),
    text: codeText,
    language: fc.option(fc.constantFrom("ts", "c++", "objective c", "a=b"), { nil: undefined }),
    options: attributes,
  }),
  fc.constant<Block>({ type: "rule" }),
  fc.record({
    type: fc.constant("image-block" as const),
    image,
    caption: fc.option(phrases, { nil: undefined }),
  }),
  fc.record({
    type: fc.constant("card-block" as const),
    url,
    kind: fc.constantFrom("block" as const, "embed" as const),
    options: attributes,
  }),
  fc.constant<Block>({
    type: "opaque",
    id: "bl1",
    label: "macro {toc} maxLevel=3",
    data: undefined,
  }),
);

const { block } = fc.letrec<{ block: Block; blocks: Block[]; item: ListItem; cell: TableCell }>(
  (tie) => ({
    block: fc.oneof(
      { maxDepth: 4, depthIdentifier: "block", withCrossShrink: true },
      { weight: 5, arbitrary: leafBlock },
      fc.record({ type: fc.constant("quote" as const), children: tie("blocks") }),
      fc.record({
        type: fc.constant("list" as const),
        kind: fc.constantFrom("bullet" as const, "ordered" as const, "task" as const),
        start: fc.option(fc.constantFrom(0, 3), { nil: undefined }),
        items: fc.array(tie("item"), { minLength: 1, maxLength: 3 }),
      }),
      fc.record({
        type: fc.constant("table" as const),
        rows: fc.array(fc.array(tie("cell"), { maxLength: 3 }), { minLength: 1, maxLength: 3 }),
        options: attributes,
      }),
      fc
        .record({
          columns: fc.integer({ min: 1, max: 3 }),
          rows: fc.integer({ min: 1, max: 3 }),
          content: fc.array(phrases, { minLength: 9, maxLength: 9 }),
          align,
          options: attributes,
        })
        .map(
          ({ columns, rows, content, align: side, options }): Block => ({
            type: "table",
            options,
            rows: Array.from({ length: rows }, (_row, row) =>
              Array.from({ length: columns }, (_cell, column) => ({
                header: row === 0,
                children: [
                  { type: "paragraph", align: side, children: content[row * 3 + column] ?? [] },
                ],
              })),
            ),
          }),
        ),
      fc.record({
        type: fc.constant("panel" as const),
        kind: fc.constantFrom("info" as const, "custom" as const),
        title: fc.option(word, { nil: undefined }),
        children: tie("blocks"),
        options: attributes,
      }),
      fc.record({
        type: fc.constant("expand" as const),
        title: fc.option(word, { nil: undefined }),
        children: tie("blocks"),
      }),
      fc.record({
        type: fc.constant("layout" as const),
        columns: fc.array(
          fc.record({
            width: fc.option(fc.constantFrom(33.33, 50), { nil: undefined }),
            children: tie("blocks"),
          }),
          { minLength: 1, maxLength: 3 },
        ),
        options: attributes,
      }),
      fc.record({
        type: fc.constant("frame" as const),
        id: fc.constant("fr1"),
        label: word,
        data: fc.constant(undefined),
        children: tie("blocks"),
      }),
    ),
    blocks: fc.array(tie("block"), { maxLength: 3, depthIdentifier: "block" }),
    item: fc.record({
      children: tie("blocks"),
      task: fc.option(
        fc.record({ done: fc.boolean(), id: fc.option(fc.constant("t1"), { nil: undefined }) }),
        { nil: undefined },
      ),
    }),
    cell: fc.record({
      header: fc.boolean(),
      children: tie("blocks"),
      colspan: fc.option(fc.constant(2), { nil: undefined, freq: 4 }),
      rowspan: fc.option(fc.constant(2), { nil: undefined, freq: 4 }),
      background: fc.option(fc.constant("#ffffff"), { nil: undefined, freq: 4 }),
      widths: fc.option(fc.constantFrom([100], [100, 50]), { nil: undefined, freq: 4 }),
      valign: fc.option(fc.constant("top" as const), { nil: undefined, freq: 4 }),
    }),
  }),
);

/** Documents of every kind of block, nested up to four levels. */
export const documents: fc.Arbitrary<Document> = fc
  .array(block, { maxLength: 3 })
  .map((children) => ({ type: "document", children }));

import { describe, expect, it } from "vitest";
import { isOurs } from "../../errors.ts";
import type { Block, Document, Inline } from "../tree.ts";
import { readWiki } from "./read.ts";
import { writeWiki } from "./write.ts";

const blocks = (wiki: string) => readWiki(wiki).document.children;
const inlines = (wiki: string): readonly Inline[] => {
  const [first] = blocks(wiki);
  return first?.type === "paragraph" ? first.children : [];
};
const again = (wiki: string) => {
  const { document, originals } = readWiki(wiki);
  return writeWiki(document, { originals });
};
const documentOf = (...children: Block[]): Document => ({ type: "document", children });
const paragraph = (...children: Inline[]): Block => ({ type: "paragraph", children });
const text = (value: string): Inline => ({ type: "text", text: value, marks: [] });
const code = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    return isOurs(error) ? error.code : error;
  }
  return "no error";
};

// Made up after Atlassian's notation guide and texts as people write them.
const SAME: Record<string, string> = {
  nothing: "",
  "headings and paragraphs": "h1. One\n\nText, two\nlines.\n\nh6. Six\n\n----",
  marks: "*a* _b_ -c- +d+ ^e^ ~f~ {{g}} {color:#ff0000}h{color} *_i_ j*",
  "marks inside words": "a{*}b{*}c",
  links:
    "[see *it*|https://x.y/a_b?c=d] https://x.y/a_b_c [a|https://x.y|Tip] [b|#top] [c|^a b.pdf] [d|DEV:Home#x] [e|Home] [f|$42]",
  mentions: "[~joe.doe] [~accountid:5b10:a-1]",
  images: 'a !b c.png|width=300,alt="x, y",thumbnail! b\n\n!https://x.y/z.png!',
  "smart links":
    "[https://x.y/1|https://x.y/1|smart-link]\n\n[https://x.y/2|https://x.y/2|smart-card]",
  "nested lists": "* a\n** b\n*# c\n*#* d\n* e\n\n# f\n## g",
  tasks: "* [x] done\n* [ ] open\n** [ ] below",
  "item with code": "# a\n{code:java}\nx *y*;\n{code}\n# b",
  quotes: "bq. one _line_\n\n{quote}\na\n\n* b\n{quote}",
  "code block":
    "{code:c++|title=a.cc|collapse=true}\nif (a[0] == '{') {\n\n  *b = \"\\n\";\n}\n{code}",
  noformat: "{noformat}\n  {code}x{code}\n{noformat}",
  panels:
    "{panel:title=T|borderStyle=dashed|bgColor=#123456}\na\n{panel}\n\n{panel:title=T|bgColor=#deebff}\nh2. b\n{panel}",
  expand: "{expand:title=More}\na\n{expand}",
  table: "||a||b||\n|c \\| d|* e\n** f|\n| |line\nline|",
  status: "is {color:#006644}[ DONE ]{color}.",
  "unknown macros":
    "{toc:maxLevel=2}\n\nsee {anchor:x} and {jira:key=ABC-1|count=true}.\n\n{excerpt:hidden=true}\na *b*\n{excerpt}",
  "coloured blocks": "{color:red}\n* a\n\nb\n{color}",
  emoticons: ":) ;) (!) (*) (/) (x)",
  breaks: "a\nb\\\\ \\\\ c\n\nh1. d\\\\ e",
};

const ALIKE: Record<string, [string, string]> = {
  "bare links": ["[https://x.y] [#top] [^a.pdf]", "https://x.y [top|#top] [a.pdf|^a.pdf]"],
  citation: ["??a??", "_a_"],
  "line break at a line end": ["a\\\\\nb", "a\nb"],
  "macro in a line": ["a {code}b{code} c", "a\n\n{code}\nb\n{code}\n\nc"],
  "hyphen list": ["- a\n- b", "* a\n* b"],
  "skipped level": ["* a\n*** b", "* a\n*** b"],
  "row without its last bar": ["||a|b\n|c", "||a|b|\n|c| |"],
  "panel macros": ["{note:title=N}\na\n{note}", "{panel:title=N|bgColor=#eae6ff}\na\n{panel}"],
  "status macro": ["{status:colour=Green|title=OK}", "{color:#006644}[ OK ]{color}"],
  "line ends": ["a\r\nb\r\n\r\nc", "a\nb\n\nc"],
  "mixed tasks": ["* [x] a\n* b", "* \\[x] a\n* b"],
};

// Signs that Jira shows as they are.
const LITERAL = [
  "snake_case_name and _private",
  "C++ and D++, a + b + c",
  "2*3*4, a * b * c",
  "a - b - c, pre-2000 and post-2001, -5 to -3",
  "x[0] and [TODO] and array[i][j]",
  "x^2^ and H~2~O",
  '{id} and /api/{key}/{key}, {"a": {b}}',
  "C:\\temp\\new",
  "a -- b --- c",
  "a | b",
  "Wow! Great! Hello!World!",
  "100% & more; a < b > c",
  "__init__ **x** ~~y~~",
  "#hashtag, -flag, *note",
  "{panel} never closed",
  "who? what??",
];

describe("a round trip through the tree", () => {
  it.each(Object.entries(SAME))("returns the same text: %s", (_, wiki) => {
    expect(again(wiki)).toBe(wiki);
  });

  it.each(Object.entries(ALIKE))("returns the same meaning: %s", (_, [wiki, written]) => {
    expect(again(wiki)).toBe(written);
    expect(again(written)).toBe(written);
  });

  it.each(LITERAL)("leaves alone what is no markup: %s", (literal) => {
    expect(inlines(literal)).toEqual([text(literal)]);
    expect(inlines(writeWiki(documentOf(paragraph(text(literal)))))).toEqual([text(literal)]);
  });
});

describe("readWiki", () => {
  it("gives text, marks and nodes of a line", () => {
    expect(inlines("a *b _c_* [~joe] [d|https://x.y|T] \\*e\\* &amp;")).toEqual([
      text("a "),
      { type: "text", text: "b ", marks: [{ kind: "strong" }] },
      { type: "text", text: "c", marks: [{ kind: "strong" }, { kind: "em" }] },
      text(" "),
      { type: "mention", by: "user", id: "joe", name: "joe" },
      text(" "),
      { type: "text", text: "d", marks: [{ kind: "link", href: "https://x.y", title: "T" }] },
      text(" *e* &"),
    ]);
  });

  it("pairs signs within a line only", () => {
    expect(inlines("*a\nb*")).toEqual([text("*a"), { type: "break" }, text("b*")]);
  });

  it("keeps signs inside addresses and finds where a sentence ends", () => {
    expect(inlines("See https://x.y/a_b_c-d. Or (https://x.y)")).toEqual([
      text("See "),
      {
        type: "text",
        text: "https://x.y/a_b_c-d",
        marks: [{ kind: "link", href: "https://x.y/a_b_c-d" }],
      },
      text(". Or ("),
      { type: "text", text: "https://x.y", marks: [{ kind: "link", href: "https://x.y" }] },
      text(")"),
    ]);
  });

  it("shows code as it is typed, whatever stands in it", () => {
    const body = "a {color:red}*b*\n\nh1. c\n|d|\n{quote}";
    expect(blocks(`{code:title=t|java}\n${body}\n{code}`)).toEqual([
      { type: "code", text: body, language: "java", options: { title: "t" } },
    ]);
  });

  it("reads every kind of panel", () => {
    const names = ["info", "note", "tip", "warning", "panel"];
    const panels = blocks(names.map((name) => `{${name}}x{${name}}`).join("\n"));
    expect(panels.map((one) => one.type === "panel" && one.kind)).toEqual([
      "info",
      "note",
      "tip",
      "warning",
      "custom",
    ]);
  });

  it("leaves the content of an unknown macro readable and keeps the others whole", () => {
    const { document, originals } = readWiki("{excerpt}\na\n{excerpt}\n{toc}");
    expect(document.children).toMatchObject([
      { type: "frame", label: "macro excerpt", children: [{ type: "paragraph" }] },
      { type: "opaque", label: "macro toc", data: "{toc}" },
    ]);
    expect(originals.size).toBe(2);
  });

  it("reads lists, code and several lines in table cells", () => {
    const [table] = blocks("||h||\n|a\nb|\n|* c\n* d|\n|{code}\n|x|\n{code}|");
    expect(table).toMatchObject({
      rows: [
        [{ header: true }],
        [{ children: [{ children: [text("a"), { type: "break" }, text("b")] }] }],
        [{ children: [{ type: "list", items: [{}, {}] }] }],
        [{ children: [{ type: "code", text: "|x|" }] }],
      ],
    });
  });

  it("refuses macros that are nested too deeply", () => {
    expect(code(() => readWiki("{panel:a=b}".repeat(200)))).toBe("shape");
  });

  const signs = [
    "*",
    "_a ",
    "{",
    "{{",
    "[",
    "[a|",
    "!a.",
    "|",
    "\\",
    "{a}",
    "* ",
    "- ",
    "h1. ",
    "(",
    "&",
    " ",
    "\n",
    "|a\n",
  ];
  it.each(signs)("reads much of the same in a short time: %j", (sign) => {
    // Cost that grew with the square would run into the test's time limit.
    expect(readWiki(sign.repeat(50_000)).document.type).toBe("document");
  });
});

describe("writeWiki", () => {
  it("never lets text become markup", () => {
    const nasty = "*a* _b_ {color:red} [c|d] !e.png! h1. \\\\ {{f}} -g- &amp; [~x]";
    const written = writeWiki(documentOf(paragraph(text(nasty))));
    expect(inlines(written)).toEqual([text(nasty)]);
    expect(written).not.toMatch(/(?<!\\)[{]/);
  });

  it.each(["# a", "* a", "- a", "h1. a", "bq. a", "----", "|a|", "[ ] a"])(
    "keeps a paragraph a paragraph that begins with %s",
    (value) => {
      expect(blocks(writeWiki(documentOf(paragraph(text(value)))))).toEqual([
        paragraph(text(value)),
      ]);
    },
  );

  it("writes what wiki markup does not know so that it can be read", () => {
    const cell = (value: string, colspan?: number) => ({
      header: false,
      colspan,
      children: [paragraph(text(value))],
    });
    const document = documentOf(
      {
        type: "layout",
        columns: [{ children: [paragraph(text("a"))] }, { children: [{ type: "rule" }] }],
      },
      {
        type: "panel",
        kind: "tip",
        title: "T",
        children: [paragraph({ type: "date", date: "2026-11-23" })],
      },
      {
        type: "quote",
        children: [{ type: "quote", children: [paragraph(text("b"))] }, { type: "rule" }],
      },
      { type: "table", rows: [[cell("c", 2)], [cell("d"), cell("e")]] },
      {
        type: "list",
        kind: "bullet",
        items: [{ children: [paragraph(text("f")), paragraph(text("g"))] }],
      },
      paragraph(
        { type: "emoji", shortName: ":smile:", text: "😄" },
        { type: "emoji", shortName: ":+1:" },
      ),
      {
        type: "heading",
        level: 2,
        align: "center",
        children: [text("h"), { type: "break" }, text("i")],
      },
      {
        type: "image-block",
        image: { type: "image", source: { kind: "media", id: "1", collection: "c" }, alt: "alt" },
        caption: [text("caption")],
      },
    );
    expect(writeWiki(document)).toMatchInlineSnapshot(`
      "a

      ----

      {panel:title=T|bgColor=#e3fcef}
      2026-11-23
      {panel}

      {quote}
      bq. b

      ----
      {quote}

      |c| |
      |d|e|

      * f\\\\ \\\\ g

      😄:\\+1:

      h2. h\\\\ i

      alt

      caption"
    `);
  });

  it("takes the originals of placeholders that carry only an id", () => {
    const opaque: Block = { type: "opaque", id: "i", label: "l", data: undefined };
    const originals = new Map([["i", { label: "l", data: "{toc}" }]]);
    expect(writeWiki(documentOf(opaque), { originals })).toBe("{toc}");
  });

  it.each<[string, Block]>([
    ["an unknown placeholder", { type: "opaque", id: "i", label: "l", data: undefined }],
    ["an original of storage format", { type: "opaque", id: "i", label: "l", data: "<p/>" }],
    ["a frame of ADF", { type: "frame", id: "i", label: "l", data: { type: "x" }, children: [] }],
    [
      "a mark of another format",
      paragraph({ type: "text", text: "a", marks: [{ kind: "opaque", id: "i", data: {} }] }),
    ],
  ])("refuses %s", (_, block) => {
    expect(code(() => writeWiki(documentOf(block)))).toBe("input");
  });

  it("refuses blocks that are nested too deeply", () => {
    let block = paragraph(text("a"));
    for (let i = 0; i < 150; i += 1) block = { type: "expand", title: "T", children: [block] };
    expect(code(() => writeWiki(documentOf(block)))).toBe("input");
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isOurs } from "../../errors.ts";
import { documents, trickyText } from "../markdown/documents.fixtures.ts";
import type { Document, Originals } from "../tree.ts";
import { adfToMarkdown, markdownToAdf } from "./convert.ts";
import { readAdf } from "./read.ts";
import { problemOf } from "./schema.fixtures.ts";
import type { AdfNode } from "./types.ts";
import { writeAdf } from "./write.ts";

/** The shape of a document: types and text, children in brackets. */
function shape(nodes: readonly AdfNode[] = []): string {
  return nodes
    .map(({ type, text, content }) => text ?? `${type}${content ? `(${shape(content)})` : ""}`)
    .join(" ");
}

function shapeOf(markdown: string): string {
  const adf = markdownToAdf(markdown);
  expect(problemOf(adf)).toBeUndefined();
  return shape(adf.content);
}

const attrs = { extensionKey: "k", extensionType: "t" };
const annotation = { type: "annotation", attrs: { id: "1", annotationType: "inlineComment" } };
const originals: Originals = new Map([
  ["in1", { label: "inline", data: { type: "inlineExtension", attrs } }],
  ["bl1", { label: "block", data: { type: "extension", attrs } }],
  ["fr1", { label: "frame", data: { frame: "node", node: { type: "bodiedExtension", attrs } } }],
  ["m1", { label: "mark", data: annotation }],
  ["m2", { label: "mark", data: { ...annotation, attrs: { ...annotation.attrs, id: "2" } } }],
]);

/** A placeholder may stand once only, which the generator does not know. */
const writable = documents.filter((document) => {
  const text = JSON.stringify(document);
  return ["in1", "bl1", "fr1"].every((id) => text.split(`"id":"${id}"`).length <= 2);
});

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

describe("writing ADF", () => {
  it("writes valid documents, whatever the tree", () => {
    fc.assert(
      fc.property(writable, (document: Document) => {
        const media = (name: string) =>
          name === "a.png" ? { id: "1", collection: "" } : undefined;
        expect(problemOf(writeAdf(document, { originals, media }))).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });

  it("writes back what it read from its own output, directly and through Markdown", () => {
    fc.assert(
      fc.property(writable, (document: Document) => {
        const adf = writeAdf(document, { originals });
        expect(plain(writeAdf(readAdf(adf).document))).toEqual(plain(adf));
        const read = adfToMarkdown(adf);
        expect(plain(markdownToAdf(read.markdown, read)), read.markdown).toEqual(plain(adf));
      }),
      { numRuns: 200 },
    );
  });

  it("writes valid documents from any Markdown", () => {
    fc.assert(
      fc.property(fc.array(trickyText, { maxLength: 6 }), (lines) => {
        try {
          expect(problemOf(markdownToAdf(lines.join("\n")))).toBeUndefined();
        } catch (error) {
          if (!isOurs(error, "input")) throw error;
        }
      }),
      { numRuns: 300 },
    );
  });

  it("makes a heading in an item or quote a line of strong text", () => {
    expect(shapeOf("- # Title")).toBe("bulletList(listItem(paragraph(Title)))");
    expect(shapeOf("> # Title")).toBe("blockquote(paragraph(Title))");
    const [quote] = markdownToAdf("> # Title").content;
    expect(quote?.content?.[0]?.content?.[0]?.marks).toEqual([{ type: "strong" }]);
  });

  it("moves a table out of an item, with what follows in the item, and goes on with the list", () => {
    const adf = markdownToAdf("3. a\n\n   | x |\n   | --- |\n\n   b\n4. c");
    expect(shape(adf.content)).toBe(
      "orderedList(listItem(paragraph(a))) table(tableRow(tableHeader(paragraph(x)))) " +
        "paragraph(b) orderedList(listItem(paragraph(c)))",
    );
    expect(adf.content.map((node) => node.attrs?.order)).toEqual([3, undefined, undefined, 4]);
  });

  it("splits a panel around a table", () => {
    expect(shapeOf(":::info\na\n\n| x |\n| --- |\n\nb\n:::")).toBe(
      "panel(paragraph(a)) table(tableRow(tableHeader(paragraph(x)))) panel(paragraph(b))",
    );
  });

  it("makes a table in a cell the lines of the cell", () => {
    const inner = "| a | b |\n| --- | --- |\n| c | d |";
    expect(shapeOf(`<table>\n<tr><td>\n\n${inner}\n\n</td></tr>\n</table>`)).toBe(
      "table(tableRow(tableCell(paragraph(a | b) paragraph(c | d))))",
    );
  });

  it("keeps a panel or quote around nothing but expands, whose titles become lines", () => {
    expect(shapeOf("::::info\n:::expand A\nx\n:::\n::::")).toBe("panel(paragraph(A) paragraph(x))");
    expect(shapeOf("> :::expand A\n> x\n> :::")).toBe("blockquote(paragraph(A) paragraph(x))");
    expect(shapeOf("::::info\na\n\n:::expand B\nx\n:::\n::::")).toBe(
      "panel(paragraph(a)) expand(paragraph(x))",
    );
  });

  it("nests expands one level and takes the frame off deeper ones", () => {
    expect(shapeOf(":::::expand A\n::::expand B\n:::expand C\nx\n:::\n::::\n:::::")).toBe(
      "expand(nestedExpand(paragraph(C) paragraph(x)))",
    );
    expect(shapeOf("<table>\n<tr><td>\n\n:::expand A\nx\n:::\n\n</td></tr>\n</table>")).toBe(
      "table(tableRow(tableCell(nestedExpand(paragraph(x)))))",
    );
  });

  it("pads the rows of a table to the widest", () => {
    const adf = markdownToAdf(
      '<table>\n<tr><td rowspan="9">a</td><td colspan="2">b</td></tr>\n<tr></tr>\n<tr><td>c</td></tr>\n</table>',
    );
    expect(problemOf(adf)).toBeUndefined();
    expect(adf.content[0]?.content?.map((row) => row.content?.length)).toEqual([2, 2, 2]);
    expect(adf.content[0]?.content?.[0]?.content?.[0]?.attrs?.rowspan).toBe(3);
  });

  it("splits a line around an external image and links it where it may not stand", () => {
    expect(shapeOf("a ![x](https://a.b/c.png) b")).toBe(
      "paragraph(a ) mediaSingle(media) paragraph( b)",
    );
    expect(shapeOf("# a ![x](https://a.b/c.png)")).toBe("heading(a  x)");
  });

  it("keeps the title of a panel and of a code block as a strong line", () => {
    expect(shapeOf(":::note Mind\nx\n:::")).toBe("panel(paragraph(Mind) paragraph(x))");
    expect(shapeOf('```ts title="a.ts"\nx\n```')).toBe("paragraph(a.ts) codeBlock(x)");
  });

  it("splits layouts of more than three columns", () => {
    const column = ":::column\nx\n:::\n";
    const columns = (count: number) => shapeOf(`::::layout\n${column.repeat(count)}::::`);
    expect(columns(1)).toBe("paragraph(x)");
    expect(columns(4).match(/layoutSection/g)).toHaveLength(2);
    expect(columns(5).match(/layoutColumn/g)).toHaveLength(5);
  });

  it("takes colours in any CSS notation and drops what is none", () => {
    const colors = (markdown: string) =>
      markdownToAdf(markdown).content[0]?.content?.map((node) => node.marks?.[0]?.attrs?.color);
    expect(colors('<span style="color:red">a</span> <span style="color: #AbC;">b</span>')).toEqual([
      "#ff0000",
      undefined,
      "#aabbcc",
    ]);
    expect(colors('<span style="color:rgb(1, 2, 300)">a</span>')).toEqual(["#0102ff"]);
    expect(colors('<span style="color:octarine">a</span>')).toEqual([undefined]);
    expect(shapeOf("{status:X|octarine}")).toBe("paragraph(status)");
  });

  it("names people of Data Center in plain text", () => {
    expect(shapeOf("@[Joe](user:joe) and [~ann]")).toBe("paragraph(@Joe and @ann)");
  });

  it("resolves attachments and page links when it can, else writes their names", () => {
    const markdown = "![a](attachment:x.png)\n\n[p](page:DS/Home) [q](page:2)";
    expect(shapeOf(markdown)).toBe("paragraph(a) paragraph(p q)");
    const resolved = markdownToAdf(markdown, {
      media: () => ({ id: "1", collection: "c" }),
      links: (href) => (href === "page:DS/Home" ? "https://a.b/1" : undefined),
    });
    expect(shape(resolved.content)).toBe("mediaSingle(media) paragraph(p  q)");
    expect(resolved.content[1]?.content?.[0]?.marks).toEqual([
      { type: "link", attrs: { href: "https://a.b/1" } },
    ]);
  });

  it("gives the same ids to the same text and different ones to repeated tasks", () => {
    const markdown = "- [ ] a\n- [ ] a {id=x}\n- [ ] b {id=x}";
    const ids = markdownToAdf(markdown).content[0]?.content?.map((item) => item.attrs?.localId);
    expect(new Set(ids).size).toBe(3);
    expect(ids?.[1]).toBe("x");
    expect(markdownToAdf(markdown)).toEqual(markdownToAdf(markdown));
  });
});

function codeOf(action: () => unknown): string | undefined {
  try {
    action();
  } catch (error) {
    return isOurs(error) ? error.code : "other";
  }
  return undefined;
}

describe("refusing", () => {
  it("refuses what is no ADF, and says where", () => {
    expect(codeOf(() => readAdf("text"))).toBe("input");
    const broken = { type: "doc", content: [{ type: "paragraph", content: [{ text: "x" }] }] };
    expect(() => readAdf(broken)).toThrow("content[0].content[0]");
    expect(readAdf(null).document.children).toEqual([]);
  });

  it("refuses ADF nested without end", () => {
    let node: object = { type: "paragraph" };
    for (let depth = 0; depth < 500; depth += 1) node = { type: "blockquote", content: [node] };
    expect(codeOf(() => readAdf({ type: "doc", content: [node] }))).toBe("input");
  });

  it("refuses placeholders that are unknown, repeated or of another format", () => {
    expect(codeOf(() => markdownToAdf("{opaque:nope x}"))).toBe("input");
    expect(codeOf(() => markdownToAdf("{opaque:bl1 a}\n\n{opaque:bl1 a}", { originals }))).toBe(
      "input",
    );
    const foreign = new Map([["st1", { label: "macro", data: "<ac:macro/>" }]]);
    expect(codeOf(() => markdownToAdf("{opaque:st1 macro}", { originals: foreign }))).toBe("input");
    expect(codeOf(() => markdownToAdf(":::frame st1 x\n:::", { originals: foreign }))).toBe(
      "input",
    );
  });
});

import { describe, expect, it } from "vitest";
import type { Block, Inline, Mark } from "../tree.ts";
import { parseMarkdown } from "./parse.ts";
import { writeMarkdown } from "./write.ts";

const text = (value: string, ...marks: Mark[]): Inline => ({ type: "text", text: value, marks });
const paragraph = (...children: Inline[]): Block => ({ type: "paragraph", children });
const write = (...children: Block[]) => writeMarkdown({ type: "document", children });
const strong: Mark = { kind: "strong" };
const em: Mark = { kind: "em" };

describe("literal text", () => {
  it.each([
    "snake_case_name",
    "2 * 3 * 4",
    "a - b + c = d",
    "C++ and C#",
    "[TODO] x, array[0] y",
    "x < y && y > z, List<T>",
    "C:\\Users\\me",
    "~5 minutes",
    "AT&T",
    "10:30:45 and std::vector::x",
    '{"json": 1} $var',
    "foo@bar.com @joe #tag #1",
    "a | b",
    "100% (yes!)",
    "=> +1",
  ])("leaves %j as it is", (literal) => {
    expect(write(paragraph(text(literal)))).toBe(literal);
  });

  it.each([
    ["*x* __y__ `z`", "\\*x\\* \\_\\_y\\_\\_ \\`z\\`"],
    ["- a", "\\- a"],
    ["12. a", "12\\. a"],
    ["# a", "\\# a"],
    ["> a", "\\> a"],
    ["---", "\\---"],
    [":::info", "\\:::info"],
    ["[a](b)", "[a\\](b)"],
    ["[a]: b", "\\[a]: b"],
    ["[~joe]", "\\[~joe]"],
    ["<u>x</u> <br>", "\\<u>x\\</u> \\<br>"],
    ["&amp;", "\\&amp;"],
    ["{status:A|b} {a=b}", "\\{status:A|b} \\{a=b}"],
    [":smile:", "\\:smile:"],
    ["https://a.b", "https\\://a.b"],
    [" a ", "&#32;a&#32;"],
    ["a\nb", "a&#10;b"],
    ["# **\n b", "\\# \\*\\*&#10; b"],
  ])("escapes %j", (literal, markdown) => {
    expect(write(paragraph(text(literal)))).toBe(markdown);
  });
});

describe("marks", () => {
  it("nest under the longest run", () => {
    const inlines = [text("a ", strong), text("b", strong, em), text(" c", strong), text(" d")];
    expect(write(paragraph(...inlines))).toBe("**a *b* c** d");
    expect(write(paragraph(text("a", strong, em)))).toBe("**_a_**");
  });

  it("become tags where stars would not be read as marks", () => {
    expect(write(paragraph(text("bold ", strong), text("text")))).toBe("<b>bold </b>text");
    expect(write(paragraph(text("a"), text("(b)", strong), text("c")))).toBe("a<b>(b)</b>c");
    expect(write(paragraph(text("a"), text("b", strong), text("c")))).toBe("a**b**c");
  });

  it("span breaks, mentions and the like", () => {
    expect(write(paragraph(text("a", strong), { type: "break" }, text("b", strong)))).toBe(
      "**a\\\nb**",
    );
  });

  it("write an address alone bare, and in brackets where it would run on", () => {
    const link = text("https://a.b", { kind: "link", href: "https://a.b" });
    expect(write(paragraph(text("see "), link, text(".")))).toBe("see https://a.b.");
    expect(write(paragraph(link, text("/more")))).toBe("<https://a.b>/more");
    expect(write(paragraph(text("x"), link))).toBe("x<https://a.b>");
    const mention: Inline = { type: "mention", by: "user", id: "joe" };
    expect(write(paragraph(link, text(";"), mention))).toBe("<https://a.b>;@[](user:joe)");
  });
});

describe("blocks", () => {
  it("keep separate lists apart", () => {
    const list = (kind: "bullet" | "ordered"): Block => ({
      type: "list",
      kind,
      items: [{ children: [paragraph(text("a"))] }, { children: [] }],
    });
    expect(write(list("bullet"), list("bullet"), list("bullet"))).toBe(
      "- a\n-\n\n* a\n*\n\n- a\n-",
    );
    expect(write(list("ordered"), list("ordered"))).toBe("1. a\n2.\n\n1) a\n2)");
  });

  it("fence code with more than it holds, in a list too", () => {
    const code: Block = { type: "code", text: "```\n\n  x", language: "md" };
    expect(write(code)).toBe("````md\n```\n\n  x\n````");
    expect(write({ type: "list", kind: "bullet", items: [{ children: [code] }] })).toBe(
      "- ````md\n  ```\n\n    x\n  ````",
    );
  });

  it("write containers with more colons than they hold", () => {
    const panel = (...children: Block[]): Block => ({ type: "panel", kind: "info", children });
    expect(write(panel(panel(paragraph(text("a")))))).toBe("::::info\n:::info\na\n:::\n::::");
    expect(write(panel({ type: "code", text: "::::" }))).toBe(":::::info\n```\n::::\n```\n:::::");
  });

  it("read back the same from one line of each notation", () => {
    const lines = [
      "{opaque:abc macro toc}",
      "{opaque:abc}{inline}",
      "a {mark:abc}b{/mark} c",
      "<p/> {align=center}",
      "# Title {align=right}",
      ":::frame abc macro panel\nx\n:::",
      ":::expand A &#123;b&#125;\nx\n:::",
      "{emoji:acme||id}",
      "- [x] a {id=7}\n\n  b",
      "[a](page:DS/R&D%20%28x%29)",
    ];
    for (const line of lines) expect(writeMarkdown(parseMarkdown(line))).toBe(line);
  });
});

import { describe, expect, it } from "vitest";
import { commentToStorage, prepareBody, readStored } from "./body.ts";
import { personKey } from "./models/person.ts";

const mention = '<ac:link><ri:user ri:account-id="5b10" /></ac:link>';
const names = new Map([[personKey({ by: "accountid", id: "5b10" }), "Ada"]]);
const toc = '<ac:structured-macro ac:name="toc" />';
const named = "@[Ada](accountid:5b10)";

describe("readStored", () => {
  it.each([
    ["a paragraph", `<p>${mention}</p>`],
    ["a heading", `<h2>${mention}</h2>`],
    ["a list", `<ul><li><p>${mention}</p></li></ul>`],
    ["a quote", `<blockquote><p>${mention}</p></blockquote>`],
    ["a table", `<table><tbody><tr><td><p>${mention}</p></td></tr></tbody></table>`],
    [
      "a panel",
      `<ac:structured-macro ac:name="info"><ac:rich-text-body><p>${mention}</p></ac:rich-text-body></ac:structured-macro>`,
    ],
    [
      "an unknown macro",
      `<ac:structured-macro ac:name="excerpt"><ac:rich-text-body><p>${mention}</p></ac:rich-text-body></ac:structured-macro>`,
    ],
    [
      "a layout",
      `<ac:layout><ac:layout-section ac:type="single"><ac:layout-cell><p>${mention}</p></ac:layout-cell></ac:layout-section></ac:layout>`,
    ],
  ])("finds and names people in %s", (_, xml) => {
    const body = readStored(xml);
    expect(body.people).toEqual([{ by: "accountid", id: "5b10" }]);
    expect(body.toMarkdown(names)).toContain(named);
  });

  it("leaves people without a name as they are", () => {
    expect(readStored(`<p>${mention}</p>`).toMarkdown(new Map())).toContain("accountid:5b10");
  });

  it("refuses what is no storage format", () => {
    expect(() => readStored("<p>")).toThrowError(expect.objectContaining({ code: "shape" }));
  });
});

describe("prepareBody", () => {
  const markdown = (text: string) => ({ text, format: "markdown" }) as const;

  it("gives back what was read, without a loss", () => {
    const stored = `<p>a ${mention}</p>${toc}`;
    const text = readStored(stored).toMarkdown(names);
    const prepared = prepareBody(markdown(text), stored);
    expect(prepared).toEqual({
      body: { representation: "storage", value: expect.stringContaining(toc) },
      usesCurrent: true,
      lost: [],
    });
  });

  it("lists what would be lost, by kind in storage format", () => {
    const stored = toc + toc;
    const storage = (text: string) => ({ text, format: "storage" }) as const;
    expect(prepareBody(markdown("new"), stored).lost).toHaveLength(2);
    expect(prepareBody(storage(toc), stored).lost).toHaveLength(1);
    expect(prepareBody(storage(stored), stored).lost).toEqual([]);
    expect(prepareBody({ text: "h1. new", format: "wiki" }, stored).lost).toHaveLength(2);
  });

  it("gives headings anchors once", () => {
    const anchored = prepareBody({ ...markdown("# Old *and* new"), headingAnchors: true });
    const stored = anchored.body.value;
    expect(stored).toContain('<ac:parameter ac:name="">old-and-new</ac:parameter>');
    const again = readStored(stored).toMarkdown(names);
    const rewritten = prepareBody({ ...markdown(again), headingAnchors: true }, stored);
    expect(rewritten.body.value).toBe(stored);
  });
});

describe("commentToStorage", () => {
  it.each([
    ["<p>a</p>", "<p>a</p>"],
    [" <ul><li>a</li></ul> ", "<ul><li>a</li></ul>"],
    ["**a**", "<p><strong>a</strong></p>"],
    ["<p>a</p> b", "<p>&lt;p&gt;a&lt;/p&gt; b</p>"],
    ["a < b", "<p>a &lt; b</p>"],
  ])("%s becomes %s", (text, storage) => expect(commentToStorage(text)).toBe(storage));
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Refused } from "../refused.ts";
import {
  cdata,
  child,
  escapeAttribute,
  escapeXml,
  isElement,
  macroParameters,
  parseStorage,
  textOf,
} from "./xml.ts";

function refusal(source: string): Refused {
  try {
    parseStorage(source);
  } catch (error) {
    if (error instanceof Refused) return error;
  }
  throw new Error(`was taken: ${source}`);
}

describe("storage format", () => {
  it("resolves the entities of XHTML and keeps CDATA as text", () => {
    const nodes = parseStorage("<p>a&nbsp;&mdash;&hellip;&euro;&amp;&lt;&#65;</p><![CDATA[<b>]]>");
    expect(nodes.map(textOf)).toEqual(["a\u00a0—…€&<A", "<b>"]);
  });

  it("may be several elements and text without a root", () => {
    expect(parseStorage("a<br/>b").map((node) => (isElement(node) ? node.name : node))).toEqual([
      "a",
      "br",
      "b",
    ]);
  });

  it.each([
    "<p>",
    "</p>",
    "<p></b>",
    "<p>a & b</p>",
    "<p>&unknown;</p>",
    "<p>&constructor;</p>",
    "a < b",
    "<p class=x></p>",
    "<p a='1' a='2'></p>",
    "<foo:bar/>",
    "<!-- never closed",
  ])("is refused when it is not well-formed: %s", (source) => {
    expect(refusal(source).status).toBe(400);
  });

  it("says where it breaks", () => {
    expect(refusal("<p>a</b>").message).toMatch(/^Error parsing xhtml: .*\[1,\d+\]$/s);
  });

  it("gives macro parameters by name, references by their value", () => {
    const [macro] = parseStorage(
      '<ac:structured-macro ac:name="x"><ac:parameter ac:name="a">1</ac:parameter><ac:parameter ac:name=""><ri:page ri:content-title="T"/></ac:parameter></ac:structured-macro>',
    );
    if (!isElement(macro)) throw new Error("not an element");
    expect(macroParameters(macro)).toEqual({ a: "1", "": "T" });
    expect(child(macro, "ac:parameter")?.attributes).toEqual({ "ac:name": "a" });
    expect(child(macro, "nothing")).toBeUndefined();
  });

  it("reads back any text that was escaped or put into CDATA", () => {
    // XML has no control characters, and reads a carriage return as a line end.
    const text = fc
      .string({ unit: "grapheme" })
      .filter((value) => !/[\p{Cc}\ufffe\uffff]/u.test(value));
    fc.assert(
      fc.property(text, (value) => {
        const [escaped] = parseStorage(
          `<p title="${escapeAttribute(value)}">${escapeXml(value)}</p>`,
        );
        const [wrapped] = parseStorage(`<p>${cdata(value)}</p>`);
        if (!isElement(escaped) || !isElement(wrapped)) throw new Error("not elements");
        expect([textOf(escaped), escaped.attributes["title"], textOf(wrapped)]).toEqual([
          value,
          value,
          value,
        ]);
      }),
    );
  });
});

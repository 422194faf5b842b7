import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { documents } from "./markdown/documents.fixtures.ts";
import { isUnsafeLink, normalizeDocument, normalizeInlines } from "./normalize.ts";
import type { Block } from "./tree.ts";

const normalize = (...children: Block[]) =>
  normalizeDocument({ type: "document", children }).children;

describe("normalizing", () => {
  it("changes nothing the second time", () => {
    fc.assert(
      fc.property(documents, (document) => {
        const once = normalizeDocument(document);
        expect(normalizeDocument(once)).toEqual(once);
      }),
      { numRuns: 200 },
    );
  });

  it("merges text of the same marks, in the order of kinds, and drops empty text", () => {
    const marks = [{ kind: "em" }, { kind: "strong" }, { kind: "em" }] as const;
    expect(
      normalizeInlines([
        { type: "text", text: "a", marks },
        { type: "text", text: "", marks: [] },
        { type: "text", text: "b\r\n\u0000", marks: [{ kind: "strong" }, { kind: "em" }] },
      ]),
    ).toEqual([{ type: "text", text: "ab\n", marks: [{ kind: "strong" }, { kind: "em" }] }]);
  });

  it("leaves code only links and opaque marks, and no line breaks", () => {
    const link = { kind: "link", href: "https://a.b" } as const;
    const marks = [{ kind: "code" }, { kind: "strong" }, link] as const;
    expect(normalizeInlines([{ type: "text", text: "a\nb", marks }])).toEqual([
      { type: "text", text: "a b", marks: [link, { kind: "code" }] },
    ]);
  });

  it("drops links that run code", () => {
    expect(isUnsafeLink(" JavaScript:alert(1)")).toBe(true);
    expect(isUnsafeLink("file://server/share")).toBe(false);
    const marks = [{ kind: "link", href: "javascript:x" }] as const;
    expect(normalizeInlines([{ type: "text", text: "a", marks }])).toEqual([
      { type: "text", text: "a", marks: [] },
    ]);
  });

  it("drops what shows nothing and defaults that go without saying", () => {
    const blank: Block = { type: "paragraph", children: [] };
    expect(
      normalize(
        { type: "list", kind: "bullet", items: [] },
        { type: "table", rows: [[]] },
        { type: "layout", columns: [] },
        { type: "quote", children: [blank] },
        {
          type: "list",
          kind: "ordered",
          start: 1,
          items: [{ children: [], task: { done: true } }],
        },
        blank,
      ),
    ).toEqual([
      { type: "quote", children: [] },
      { type: "list", kind: "ordered", items: [{ children: [] }] },
      blank,
    ]);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalizeDocument } from "../normalize.ts";
import type { Document } from "../tree.ts";
import { documents, phrases, trickyText } from "./documents.fixtures.ts";
import { parseMarkdown } from "./parse.ts";
import { writeMarkdown } from "./write.ts";

function expectRoundTrip(document: Document): void {
  const text = writeMarkdown(document);
  // JSON drops undefined members, which say the same as absent ones.
  expect(plain(parseMarkdown(text)), text).toEqual(plain(normalizeDocument(document)));
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

describe("Markdown round trip", () => {
  it("reads literal text back as the same text", () => {
    fc.assert(
      fc.property(trickyText, (text) => {
        expectRoundTrip({
          type: "document",
          children: [{ type: "paragraph", children: [{ type: "text", text, marks: [] }] }],
        });
      }),
      { numRuns: 2000 },
    );
  });

  it("reads phrases back as the same phrases", () => {
    fc.assert(
      fc.property(phrases, (children) => {
        expectRoundTrip({ type: "document", children: [{ type: "paragraph", children }] });
      }),
      { numRuns: 1000 },
    );
  });

  it("reads a document back as the same document", () => {
    fc.assert(fc.property(documents, expectRoundTrip), { numRuns: 500 });
  });

  it("keeps a link whose text looks like an alert", () => {
    expect(writeMarkdown(parseMarkdown("[!NOTE](https://a.example)word"))).toBe(
      "[!NOTE](https://a.example)word",
    );
    expect(writeMarkdown(parseMarkdown("\\[!NOTE]"))).toBe("\\[!NOTE]");
  });

  it("writes what it read without further change", () => {
    fc.assert(
      fc.property(fc.array(trickyText, { maxLength: 5 }), (lines) => {
        const once = writeMarkdown(parseMarkdown(lines.join("\n")));
        expect(writeMarkdown(parseMarkdown(once))).toBe(once);
      }),
      { numRuns: 1000 },
    );
  });
});

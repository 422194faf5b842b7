import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { documents, trickyText } from "../markdown/documents.fixtures.ts";
import type { Document, Originals } from "../tree.ts";
import { checkStorage } from "./check.ts";
import { markdownToStorage, storageToMarkdown } from "./convert.ts";
import { readStorage } from "./read.ts";
import { writeStorage } from "./write.ts";

const marker = (ref: string) => ({
  open: `<ac:inline-comment-marker ac:ref="${ref}">`,
  close: "</ac:inline-comment-marker>",
});
const macro = '<ac:structured-macro ac:name="jira"><ac:parameter ac:name="key">A-1</ac:parameter>';
const body = {
  open: `${macro}<ac:rich-text-body>`,
  close: "</ac:rich-text-body></ac:structured-macro>",
};
const originals: Originals = new Map<string, { label: string; data: unknown }>([
  ["in1", { label: "inline", data: `${macro}</ac:structured-macro>` }],
  [
    "bl1",
    { label: "block", data: '<ac:adf-extension><ac:adf-node type="x" /></ac:adf-extension>' },
  ],
  ["fr1", { label: "frame", data: body }],
  ["m1", { label: "mark", data: marker("1") }],
  ["m2", { label: "mark", data: marker("2") }],
]);

/** A placeholder may stand once only, and storage format has no media ids. */
const writable = documents.filter((document) => {
  const text = JSON.stringify(document);
  const once = ["in1", "bl1", "fr1"].every((id) => text.split(`"id":"${id}"`).length <= 2);
  return once && !text.includes('"kind":"media"');
});

/** As text: deep trees differ visibly only so. Keys sorted, for they have no order. */
const show = (document: Document) =>
  JSON.stringify(
    document,
    (_, value: unknown) =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
        : value,
    1,
  );

describe("storage format, for any document", () => {
  it("writes well-formed XML that keeps its meaning when it is read and written again", () => {
    fc.assert(
      fc.property(writable, (document) => {
        const first = writeStorage(document, { originals });
        checkStorage(first);
        const read = readStorage(first);
        const second = writeStorage(read.document, read);
        expect(show(readStorage(second).document)).toBe(show(read.document));
      }),
      { numRuns: 300 },
    );
  });

  it("reads any text of a paragraph back as the same text, blanks apart", () => {
    fc.assert(
      fc.property(trickyText, (value) => {
        const text = { type: "text", text: value, marks: [] } as const;
        const document = {
          type: "document",
          children: [{ type: "paragraph", children: [text] }],
        } as const;
        const [block] = readStorage(writeStorage(document)).document.children;
        const [only] = block?.type === "paragraph" ? block.children : [];
        const plain = value.replace(/[ \t\r\n\f]+/g, " ").replace(/^ | $/g, "");
        expect(only?.type === "text" ? only.text : "").toBe(plain);
      }),
      { numRuns: 500 },
    );
  });

  it("survives the way through Markdown", () => {
    fc.assert(
      fc.property(writable, (document) => {
        const xml = writeStorage(document, { originals });
        const { markdown, originals: kept } = storageToMarkdown(xml);
        const again = markdownToStorage(markdown, { originals: kept });
        expect(show(readStorage(again).document)).toBe(show(readStorage(xml).document));
      }),
      { numRuns: 300 },
    );
  });
});

import { describe, expect, it } from "vitest";
import { adfToMarkdown, markdownToAdf } from "./convert.ts";
import { kept, notated, p, text, word } from "./nodes.fixtures.ts";
import { readAdf } from "./read.ts";
import { problemOf } from "./schema.fixtures.ts";
import { writeAdf } from "./write.ts";

/** Ids of task lists are made anew from their content. */
function withoutListIds(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_key, member) =>
    member?.type === "taskList" ? { ...member, attrs: {} } : member,
  );
}

describe("ADF nodes with a notation", () => {
  for (const [name, [content, markdown]] of Object.entries(notated)) {
    const adf = { version: 1, type: "doc", content: [content].flat() };
    it(`keeps ${name} through the tree and through Markdown`, () => {
      expect(problemOf(adf as never)).toBeUndefined();
      const { document } = readAdf(adf);
      expect(withoutListIds(writeAdf(document))).toEqual(withoutListIds(adf));
      expect(adfToMarkdown(adf).markdown).toBe(markdown);
      expect(withoutListIds(markdownToAdf(markdown))).toEqual(withoutListIds(adf));
    });
  }
});

describe("ADF nodes without a notation", () => {
  for (const [name, [content, markdown]] of Object.entries(kept)) {
    it(`keeps ${name} behind a placeholder`, () => {
      const adf = { version: 1, type: "doc", content: [content] };
      expect(problemOf(adf as never)).toBeUndefined();
      const { document } = readAdf(adf);
      expect(writeAdf(document)).toEqual(adf);
      const read = adfToMarkdown(adf);
      expect(read.markdown).toMatch(markdown);
      expect(markdownToAdf(read.markdown, read)).toEqual(adf);
    });
  }

  it("keeps nodes of the future, with readable text", () => {
    const content = [
      { type: "hologram", attrs: { depth: 3 }, content: [word] },
      { type: "motto", content: [text("be kind")] },
      p({ type: "sparkle", attrs: { text: "hi" } }, text(" there")),
      {
        type: "layoutSection",
        content: Array.from({ length: 5 }, () => ({
          type: "layoutColumn",
          attrs: { width: 20 },
          content: [word],
        })),
      },
    ];
    const adf = { version: 1, type: "doc", content };
    const { markdown, originals } = adfToMarkdown(adf);
    expect(markdown).toContain("be kind");
    expect(markdown).toMatch(/\{opaque:\w{8} sparkle hi\} there/);
    expect(markdownToAdf(markdown, { originals })).toEqual(adf);
  });
});

import { describe, expect, it } from "vitest";
import { isOurs } from "../errors.ts";
import {
  checkPlaceholders,
  cleanLabel,
  collectIds,
  contentHash,
  missingOriginals,
  OriginalsBuilder,
  takeOriginal,
} from "./opaque.ts";
import type { Block, Document } from "./tree.ts";

const block = (id: string): Block => ({ type: "opaque", id, label: "macro", data: undefined });
const document = (...children: Block[]): Document => ({ type: "document", children });

function codeOf(action: () => unknown): string | undefined {
  try {
    action();
  } catch (error) {
    return isOurs(error) ? error.code : "other";
  }
  return undefined;
}

describe("originals", () => {
  it("have ids that depend on their content, with a number for repeated ones", () => {
    const builder = new OriginalsBuilder();
    const first = builder.add("a", { x: 1 });
    expect(first).toMatch(/^[0-9a-z]{8}$/);
    expect(builder.add("a", { x: 1 })).toBe(`${first}-2`);
    expect(builder.add("a", { x: 1 })).toBe(`${first}-3`);
    expect(builder.add("a", { x: 2 })).not.toBe(first);
    expect(new OriginalsBuilder().add("b", { x: 1 })).toBe(first);
    expect(contentHash("a")).toBe(contentHash("a"));
  });

  it("share one id where they may be split", () => {
    const builder = new OriginalsBuilder();
    expect(builder.share("mark", { x: 1 })).toBe(builder.share("mark", { x: 1 }));
    expect(builder.map.size).toBe(1);
  });

  it("have labels of one short line without braces", () => {
    expect(cleanLabel(" a {b}\n c ")).toBe("a b c");
    expect(cleanLabel(`${"😀".repeat(80)}`).length).toBeLessThanOrEqual(120);
    expect(cleanLabel("😀".repeat(80))).not.toMatch(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])/);
  });

  it("are found in every kind of block, marks once", () => {
    const mark = { kind: "opaque" as const, id: "m", data: undefined };
    const text = { type: "text" as const, text: "x", marks: [mark] };
    const inline = { type: "opaque" as const, id: "i", label: "", data: undefined };
    const nested: Block[] = [
      { type: "quote", children: [{ type: "paragraph", children: [text, inline, text] }] },
      { type: "list", kind: "bullet", items: [{ children: [block("l")] }] },
      { type: "table", rows: [[{ header: false, children: [block("t")] }]] },
      { type: "layout", columns: [{ children: [block("c")] }] },
      { type: "frame", id: "f", label: "", data: undefined, children: [block("g")] },
    ];
    expect(collectIds(document(...nested))).toEqual(["m", "i", "l", "t", "c", "f", "g"]);
  });

  it("are listed when a new text no longer has them", () => {
    const originals = new Map([
      ["a", { label: "macro toc", data: 1 }],
      ["b", { label: "macro jira", data: 2 }],
    ]);
    expect(missingOriginals(document(block("a")), originals)).toEqual([
      { id: "b", label: "macro jira" },
    ]);
  });

  it("are taken by id, and refused when unknown or wanted twice", () => {
    const originals = new Map([["a", { label: "x", data: { y: 1 } }]]);
    expect(takeOriginal(originals, "a")).toEqual({ y: 1 });
    expect(codeOf(() => takeOriginal(originals, "b"))).toBe("input");
    expect(codeOf(() => checkPlaceholders(document(block("a")), originals))).toBeUndefined();
    expect(codeOf(() => checkPlaceholders(document(block("b")), originals))).toBe("input");
    expect(codeOf(() => checkPlaceholders(document(block("a"), block("a")), originals))).toBe(
      "input",
    );
  });
});

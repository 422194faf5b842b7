import { describe, expect, it } from "vitest";
import { fakeJira, storedText } from "../../../test/fakes/jira.ts";

describe("texts that pass unconverted", () => {
  const cloud = fakeJira("cloud", {}, { rawText: true }).context.dialect;
  const dataCenter = fakeJira("datacenter", {}, { rawText: true }).context.dialect;

  it("are the stored text on Data Center", () => {
    expect(dataCenter.readText("h1. *Hi*").markdown).toBe("h1. *Hi*");
    expect(dataCenter.writeText("h1. *Hi*")).toBe("h1. *Hi*");
    expect(dataCenter.readText(null).markdown).toBe("");
  });

  it("are the document as JSON on Cloud", () => {
    const document = storedText("cloud", "Hi");
    const text = cloud.readText(document).markdown;
    expect(JSON.parse(text)).toEqual(document);
    expect(cloud.writeText(text)).toEqual(document);
  });

  it("become plain paragraphs on Cloud, nothing interpreted", () => {
    expect(cloud.writeText("# one\ntwo\n\nthree")).toEqual({
      version: 1,
      type: "doc",
      content: [
        {
          type: "paragraph",
          content: [
            { type: "text", text: "# one" },
            { type: "hardBreak" },
            { type: "text", text: "two" },
          ],
        },
        { type: "paragraph", content: [{ type: "text", text: "three" }] },
      ],
    });
  });

  it("are refused when they only look like a document", () => {
    expect(() => cloud.writeText('{"type": "doc"')).toThrow(
      expect.objectContaining({ code: "input" }),
    );
  });
});

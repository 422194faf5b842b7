import { describe, expect, it } from "vitest";
import { app } from "../seed/app.ts";
import { operations } from "../seed/operations.ts";
import { security } from "../seed/security.ts";
import { shop } from "../seed/shop.ts";
import { loadAdfCheck } from "./adf-check.ts";
import { adfToHtml, adfToPlain, adfToWiki } from "./adf-output.ts";
import { wikiToAdf } from "./wiki-input.ts";

const sample = [
  "h2. Why",
  "",
  "Some *bold* and _soft_ text with {{code}}, [a link|https://example.com/a] and [~accountid:42].",
  "",
  "* one",
  "* two",
  "",
  "# first",
  "",
  "bq. said",
  "",
  "----",
  "",
  "{code:js}",
  "let a = 1 < 2;",
  "{code}",
].join("\n");

describe("rich text of the pretend sites", () => {
  it("turns every text of the seed into valid ADF that reads the same as wiki markup", async () => {
    const valid = await loadAdfCheck();
    const texts = [...shop, ...app, ...operations, ...security].flatMap((issue) => [
      issue.text ?? "",
      issue.notes ?? "",
      ...(issue.comments ?? []).map(([, , text]) => text),
    ]);
    for (const text of texts) {
      const document = wikiToAdf(text);
      expect(valid(document), text).toBe(true);
      if (!text.includes("\n# ") && !text.includes("\n* ") && !text.includes("[~")) {
        expect(adfToWiki(document).replaceAll("\n\n", "\n")).toBe(text.replaceAll("\n\n", "\n"));
      }
    }
  });

  it("comes back the same from a round trip", () => {
    const back = adfToWiki(wikiToAdf(sample)).replace("{quote}\nsaid\n{quote}", "bq. said");
    expect(back.replace("[~accountid:42]", "[~accountid:42]")).toBe(sample);
  });

  it("shows plain text and escaped HTML", () => {
    const document = wikiToAdf(sample);
    expect(adfToPlain(document)).toContain("Some bold and soft text with code, a link and @42.");
    expect(adfToHtml(document)).toContain('<a href="https://example.com/a">a link</a>');
    expect(adfToHtml(document)).toContain(
      '<pre class="code-js"><code>let a = 1 &lt; 2;</code></pre>',
    );
    expect(adfToHtml(document)).toContain("<ul><li><p>one</p></li><li><p>two</p></li></ul>");
  });

  it("keeps markup that it does not know, and an open code block, as text", () => {
    expect(adfToPlain(wikiToAdf("{panel}x{panel}"))).toBe("{panel}x{panel}");
    expect(adfToPlain(wikiToAdf("{code}\nnever closed"))).toContain("never closed");
  });

  it("refuses documents that Atlassian's schema refuses", async () => {
    const valid = await loadAdfCheck();
    const doc = (...content: unknown[]) => ({ version: 1, type: "doc", content });
    expect(valid(doc())).toBe(true);
    expect(valid(doc({ type: "paragraph", content: [{ type: "text", text: "" }] }))).toBe(false);
    expect(valid(doc({ type: "listItem", content: [] }))).toBe(false);
    expect(valid({ type: "doc", content: [] })).toBe(false);
  });
});

import { describe, expect, it } from "vitest";
import { parseMarkdown } from "./parse.ts";
import { writeMarkdown } from "./write.ts";

const table = (cell: string) => `| A | B |\n| --- | --- |\n| x | ${cell} |\n`;

describe("a status in a table", () => {
  it.each([
    "{status:DONE|green}",
    "{status:DONE\\|green}",
    "a {status:IN PROGRESS|blue} {status:B|red}",
  ])("%s is one cell", (cell) => {
    const { children } = parseMarkdown(table(cell));
    const [block] = children;
    const cells = block?.type === "table" ? block.rows[1] : [];
    expect(cells).toHaveLength(2);
    expect(JSON.stringify(cells)).toContain('"type":"status"');
    expect(parseMarkdown(writeMarkdown({ type: "document", children }))).toEqual({
      type: "document",
      children,
    });
  });

  it("leaves code and prose as they are", () => {
    const text = "```\n| {status:DONE|green} |\n```\n\na | `{status:X|red}` | b";
    expect(JSON.stringify(parseMarkdown(text))).not.toContain("\uE000");
    expect(JSON.stringify(parseMarkdown(text))).toContain("| {status:DONE|green} |");
  });
});

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/security.md"), "utf8");
const lines = page.split("\n").filter((line) => line.startsWith("- "));
const named = lines.map((line) => {
  const [, path = "", name = ""] = /^- `([^`]+\.test\.ts)` › "(.+)"$/.exec(line) ?? [];
  return { line, path, name };
});

describe("the page on security", () => {
  it.each(named)("names a test that exists: $line", ({ path, name }) => {
    const file = join(root, path);
    expect([path, existsSync(file)]).toEqual([expect.stringMatching(/./), true]);
    const text = readFileSync(file, "utf8").replace(/\s+/g, " ");
    expect([name, text.includes(`"${name}", `)]).toEqual([name, true]);
  });

  it("has a test for each of its subjects", () => {
    const [, ...sections] = page.split(/^## /m);
    expect(sections.length).toBeGreaterThan(10);
    for (const section of sections) expect(section).toMatch(/^- `/m);
  });
});

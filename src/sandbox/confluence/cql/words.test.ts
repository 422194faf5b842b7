import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { excerpt, highlight } from "./excerpt.ts";
import { markedPattern, wordSearch } from "./words.ts";

describe("a word search", () => {
  it.each([
    ["Restore a backup", "backup restore", true],
    ["Restore a backup", "back", false],
    ["Restore a backup", "back*", true],
    ["Restore a backup", "*", true],
    ["Restore a backup", "re?tore", true],
    ["Restore a backup", '"a backup"', true],
    ["Restore a backup", '"restore backup"', false],
    ["Restore a backup", "missing OR backup", true],
    ["Größe über Ölfass", "größe", true],
    ["C++ and Rust", "c++", true],
    ["one.two", "one.two", true],
    ["anything", "", false],
    ["anything", "++", false],
  ])("in %j for %j is %s", (text, search, found) => {
    expect(wordSearch(search)(text)).toBe(found);
  });

  it("finds every word that a text has", () => {
    const word = fc.stringMatching(/^[a-z0-9]{1,8}$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), (words) => {
        for (const one of words) expect(wordSearch(one)(words.join(", "))).toBe(true);
      }),
    );
  });
});

describe("an excerpt", () => {
  const pattern = markedPattern(["restor* OR backup"]);
  const long = `${"word ".repeat(100)}the backup ${"tail ".repeat(100)}`;

  it("marks whole words and leaves the rest", () => {
    expect(highlight("Restoring the backup, not backups", pattern)).toBe(
      "@@@hl@@@Restoring@@@endhl@@@ the @@@hl@@@backup@@@endhl@@@, not backups",
    );
    expect(highlight("plain", markedPattern([]))).toBe("plain");
  });

  it("stands around the first found word", () => {
    const text = excerpt(long, "highlight", pattern);
    expect(text).toContain("@@@hl@@@backup@@@endhl@@@");
    expect(text.length).toBeLessThan(340);
  });

  it("is the beginning of the text when asked for the index", () => {
    expect(excerpt(long, "indexed", pattern)).toBe(long.slice(0, 300));
  });

  it("is empty when none is wanted", () => {
    expect(excerpt(long, "none", pattern)).toBe("");
  });

  it("escapes HTML unless told not to", () => {
    expect(excerpt(`a < "backup" & 'b'`, "highlight", pattern)).toBe(
      "a &lt; &quot;@@@hl@@@backup@@@endhl@@@&quot; &amp; &#39;b&#39;",
    );
    expect(excerpt("a < b", "highlight_unescaped", pattern)).toBe("a < b");
  });
});

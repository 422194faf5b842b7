import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isOurs } from "../errors.ts";
import { cqlText, isCql, quotedValues, withinSpaces } from "./cql.ts";

describe("isCql", () => {
  it.each([
    'type = page AND title ~ "plan"',
    "space=DEV",
    "label in (a, b)",
    "space not in (A)",
    "id in childrenOf(currentContent())",
    'NOT space = "A"',
    '(text ~ "a" OR title ~ "b") ORDER BY created desc',
    "lastmodified > now('-7d')",
    "ORDER BY created",
    'content.property[x].y = "z"',
    'user.fullname ~ "Ada"',
    'title ~ "never closed',
  ])("takes %s for CQL", (text) => expect(isCql(text)).toBe(true));

  it.each([
    "cats and dogs",
    "release notes or changelog",
    "a = b",
    "what type of label is it in the space",
    '"type = page"',
    "order by phone",
    "don't panic",
    "cost < 5 and title",
    "in space (outer)",
    "C++ & C#",
  ])("takes %s for words", (text) => expect(isCql(text)).toBe(false));
});

describe("withinSpaces", () => {
  it.each([
    ["type = page", '(type = page) AND space IN ("DEV", "~ada")'],
    ["a ~ 1 OR space = X", '(a ~ 1 OR space = X) AND space IN ("DEV", "~ada")'],
    [
      'title ~ "order by" order by created desc',
      '(title ~ "order by") AND space IN ("DEV", "~ada") order by created desc',
    ],
    [
      'text ~ ") ORDER BY x" ORDER BY created',
      '(text ~ ") ORDER BY x") AND space IN ("DEV", "~ada") ORDER BY created',
    ],
    ["ORDER BY created", 'space IN ("DEV", "~ada") ORDER BY created'],
    ["", 'space IN ("DEV", "~ada")'],
  ])("limits %s", (cql, expected) => {
    expect(withinSpaces(cql, ["DEV", "~ada"])).toBe(expected);
  });

  it("leaves a well-formed query alone without spaces", () => {
    expect(withinSpaces("type = page ORDER BY created", undefined)).toBe(
      "type = page ORDER BY created",
    );
  });

  it.each([
    "type = page) OR (type = page",
    'title ~ "a',
    "title ~ 'a",
    "(type = page",
    "title ~ a\\",
    'title ~ a\\" OR space = B OR title ~ \\"',
    "type ! page",
  ])("refuses %s", (cql) => {
    expect(() => withinSpaces(cql, ["DEV"])).toThrowError(
      expect.objectContaining({ code: "input" }),
    );
  });

  it("never lets a text out of its brackets", () => {
    const pieces = fc.constantFrom(
      '"',
      "'",
      "\\",
      "(",
      ")",
      " OR ",
      "space = X",
      " ORDER BY ",
      "a",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        let limited: string;
        try {
          limited = withinSpaces(parts.join(""), ["DEV"]);
        } catch (error) {
          return isOurs(error, "input");
        }
        return hasTopLevelCondition(limited);
      }),
    );
  });
});

/** Reads like a parser would: the condition must stand outside strings and brackets, followed by the order at most. */
function hasTopLevelCondition(cql: string): boolean {
  const outside = cql
    .replace(/"(\\[\s\S]|[^"\\])*"|'(\\[\s\S]|[^'\\])*'/g, (text) =>
      text === '"DEV"' ? "DEV" : "S",
    )
    .replace(/\(DEV\)/g, "DEV");
  let depth = 0;
  let top = "";
  for (const char of outside) {
    if (char === "(") depth += 1;
    if (depth === 0) top += char;
    if (char === ")") depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0 && /^(\s*AND )?\s*space IN DEV(\s+ORDER BY\b.*)?$/i.test(top.trim());
}

describe("cqlText", () => {
  it("escapes quotes and backslashes and joins lines", () => {
    expect(cqlText('say "hi"\n\\o/')).toBe('"say \\"hi\\" \\\\o/"');
  });

  it("gives one string that reads back as the same text", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const expected = text.replace(/\s+/g, " ").trim();
        expect(quotedValues(`title ~ ${cqlText(text)}`)).toEqual([expected]);
        expect(withinSpaces(`title ~ ${cqlText(text)}`, undefined)).toContain("title");
      }),
    );
  });
});

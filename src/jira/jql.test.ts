import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isUnbounded, quoteProjectKeys, restrictToProjects } from "./jql.ts";

describe("a query limited to projects", () => {
  it.each([
    ["status = Open", 'status = Open AND project IN ("A", "B")'],
    ["a = 1 OR b = 2", '(a = 1 OR b = 2) AND project IN ("A", "B")'],
    [
      "a = 1 or b = 2 order by rank, key desc",
      '(a = 1 OR b = 2) AND project IN ("A", "B") ORDER BY rank, key DESC',
    ],
    ["", 'project IN ("A", "B")'],
    ["order by created", 'project IN ("A", "B") ORDER BY created'],
    ['text ~ "x) OR (project = C"', 'text ~ "x) OR (project = C" AND project IN ("A", "B")'],
    ["project = AND", 'project = "AND" AND project IN ("A", "B")'],
  ])("%s", async (jql, limited) => {
    await expect(restrictToProjects(jql, ["A", "B"])).resolves.toBe(limited);
  });

  it.each(["a = 1) OR (b = 2", "a = ", "(a = 1", "a = 1 // comment", "not a query"])(
    "is refused when it does not parse: %s",
    async (jql) => {
      await expect(restrictToProjects(jql, ["A"])).rejects.toMatchObject({ code: "input" });
    },
  );

  it("keeps keys with quotes inside one literal", async () => {
    await expect(restrictToProjects("", ['A") OR ("'])).resolves.toBe(
      'project IN ("A\\") OR (\\"")',
    );
  });

  it("never lets go of the restriction", async () => {
    const word = fc.constantFrom(
      "a = 1",
      "or",
      "and",
      "(",
      ")",
      "not",
      '"',
      "order by b",
      "project = C",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 6 }), async (words) => {
        const limited = await restrictToProjects(words.join(" "), ["A"]).catch(() => undefined);
        if (limited === undefined) return;
        const [where = ""] = limited.split(" ORDER BY ");
        expect(where.endsWith('project IN ("A")')).toBe(true);
        expect(where === 'project IN ("A")' || where.includes(' AND project IN ("A")')).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

describe("reserved words as project keys", () => {
  it.each([
    ["project = ON", 'project = "ON"'],
    ["project in (OR, PROJ, and)", 'project in ("OR", PROJ, "and")'],
    ["project not in (IN)", 'project not in ("IN")'],
    ["project != IN AND x = 1", 'project != "IN" AND x = 1'],
  ])("%s", (jql, quoted) => {
    expect(quoteProjectKeys(jql)).toBe(quoted);
  });

  it.each([
    "project = PROJ AND status = Open",
    'summary ~ "project = AND"',
    "project in projectsLeadByUser() AND x = 1",
    "project is EMPTY OR project = PROJ",
    'project = "AND"',
  ])("leaves %s alone", (jql) => {
    expect(quoteProjectKeys(jql)).toBe(jql);
  });
});

it.each([
  ["", true],
  [" ORDER BY created", true],
  ["order = 1", false],
  ["project = A ORDER BY created", false],
])("knows whether %s has a restriction", (jql, expected) => {
  expect(isUnbounded(jql)).toBe(expected);
});

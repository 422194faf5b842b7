import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { distance, nearest } from "./spelling.ts";

describe("distance", () => {
  it.each([
    ["JIRA_URL", "JIRA_URL", 0],
    ["JIRA_ULR", "JIRA_URL", 1],
    ["JIRA_UR", "JIRA_URL", 1],
    ["JIRA_API_TOKNES", "JIRA_API_TOKEN", 2],
    ["", "ab", 2],
  ])("counts edits from %s to %s", (a, b, expected) => {
    expect(distance(a, b, 5)).toBe(expected);
  });

  it("is symmetric, and above the limit only says that it is", () => {
    const word = fc.string({ unit: fc.constantFrom("A", "B", "_"), maxLength: 8 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        const full = distance(a, b, 20);
        expect(distance(b, a, 20)).toBe(full);
        expect(distance(a, b, 2)).toBe(full <= 2 ? full : 3);
      }),
    );
  });
});

describe("nearest", () => {
  it("picks the closest known word within the limit", () => {
    expect(nearest("--prot", ["--path", "--port", "--host"], 2)).toBe("--port");
    expect(nearest("--jira-user", ["--path", "--port"], 2)).toBeUndefined();
  });
});

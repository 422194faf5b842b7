import { describe, expect, it } from "vitest";
import { loadSettings } from "./load.ts";
import { formatNotices, formatProblems } from "./problems.ts";

const unprintable = /[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/u;
/** Clears the line, turns the reading direction round, joins invisibly, breaks the line, sets the title. */
const escapes = "\u001b[2K\u202e\u200d\u2028\u009b\u001b]0;x\u0007";

describe("what goes to a terminal", () => {
  it("holds no escapes from names and values of an env file", () => {
    const file = `${escapes}\nJIRA_URL${escapes[0]}=x\nJIRA_UR${escapes}L=x\nPORT="8${escapes}"\nHOST="${escapes}"\n`;
    const readFile = (path: string) => {
      if (path === "/.env") return file;
      throw Object.assign(new Error(path), { code: "ENOENT" });
    };
    const result = loadSettings({ argv: [], env: {}, cwd: "/", readFile });
    if (result.kind !== "errors") throw new Error(result.kind);
    expect(JSON.stringify(result.notices)).toContain("\\u001b");
    expect(formatNotices(result.notices) + formatProblems(result.problems)).not.toMatch(
      unprintable,
    );
  });

  it("gives each notice and each part of a problem one line", () => {
    const text = `a${escapes}b\nc`;
    const problem = { setting: text, found: text, source: text, problem: text, remedy: text };
    const output = formatNotices([{ setting: text, message: text }]) + formatProblems([problem]);
    expect(output).not.toMatch(unprintable);
    expect(output.match(/b c/g)).toHaveLength(6);
    expect(output.split("\n").filter((line) => line.includes("b c"))).toHaveLength(5);
  });
});

import { expect, it } from "vitest";
import { failed, ok, problem, type Report, skipped, warning } from "./report.ts";
import { withoutSecretsIn } from "./secrets.ts";
import { formatJson, formatText } from "./text.ts";

const report: Report = {
  version: "1.2.3",
  machine: "Node.js 24.0.0, linux x64",
  time: "2026-11-01T00:00:00.000Z",
  sections: [
    {
      title: "Jira",
      findings: [
        ok("address", "https://jira.example.com", { facts: { url: "https://jira.example.com" } }),
        warning("scopes", "1 of 2 tools lack scopes", "Add it.", { details: ["a: b", "c: d"] }),
        problem("account", "the site says\nno\u001b[2J", "Replace it."),
      ],
    },
    { title: "Confluence", findings: [skipped("rest", "not looked at")] },
  ],
};

it("gives people a line for each check, and under it what to do", () => {
  expect(formatText(report)).toMatchInlineSnapshot(`
    "mcp-atlassian 1.2.3 doctor, Node.js 24.0.0, linux x64, 2026-11-01T00:00:00.000Z

    Jira
      ok       Address: https://jira.example.com
      warning  Scopes: 1 of 2 tools lack scopes
               - a: b
               - c: d
               What to do: Add it.
      PROBLEM  Account: the site says no [2J
               What to do: Replace it.

    Confluence
      skipped  Everything else: not looked at

    1 problem, 1 warning, 1 check skipped.
    "
  `);
});

it("gives programs the same in values", () => {
  const json: unknown = JSON.parse(formatJson(report, 1));
  expect(json).toMatchObject({
    exit_code: 1,
    summary: { ok: 1, warning: 1, problem: 1, skipped: 1 },
    sections: report.sections,
  });
});

it("says so where everything is in order", () => {
  const fine = { ...report, sections: [{ title: "Jira", findings: [ok("address", "x")] }] };
  expect(formatText(fine)).toMatch(/\n\nEverything is in order\.\n$/);
});

it("masks secrets wherever they stand, also short ones and those that JSON would escape", () => {
  const secrets = ["abcd", 'quote"and\\slash', ""];
  const value = { text: 'x abcd quote"and\\slash y', list: ["abcd"], count: 4, none: undefined };
  const masked = JSON.stringify(withoutSecretsIn(value, secrets));
  expect(masked).not.toMatch(/abcd|quote/);
  expect(withoutSecretsIn(value, secrets).count).toBe(4);
});

it("makes a problem of any error", () => {
  expect(failed("rest", new TypeError("x is not a function"))).toMatchObject({
    outcome: "problem",
    text: expect.stringContaining("TypeError"),
  });
});

import { describe, expect, it } from "vitest";
import { z } from "zod";
import { AtlassianMcpError } from "../errors.ts";
import { parseArguments } from "./arguments.ts";
import { defineTool } from "./define.ts";
import { commaList, issueKey, jsonObject, limit, markdown, visibility } from "./params.ts";
import { jira } from "./toolsets.ts";

const tool = defineTool({
  name: "jira_test_tool",
  title: "Test",
  description: "A tool for tests.",
  toolset: jira.issues,
  access: "update",
  input: {
    issue_key: issueKey,
    body: markdown.describe("Text").optional(),
    fields: jsonObject("Fields").optional(),
    labels: commaList("Labels").optional(),
    limit: limit(10, 50),
    notify: z.boolean().default(true).describe("Notify"),
    watchers: z.array(z.string()).optional().describe("People"),
    visibility: visibility.optional(),
  },
  argumentAliases: { comment: "body" },
  run: async () => undefined,
});

const parse = (args: unknown) => parseArguments(tool, args);
const refusal = (args: unknown): AtlassianMcpError => {
  try {
    parse(args);
  } catch (error) {
    if (error instanceof AtlassianMcpError) return error;
  }
  throw new Error("was not refused");
};
const rest = { limit: 10, notify: true };

describe("lenient arguments", () => {
  it.each([
    ["null as absent", { issue_key: "PROJ-1", body: null }, { issue_key: "PROJ-1", ...rest }],
    ["a number for a text", { issue_key: 10001 }, { issue_key: "10001", ...rest }],
    [
      "an object for a JSON text",
      { issue_key: "A-1", fields: { a: 1 } },
      { issue_key: "A-1", fields: { a: 1 }, ...rest },
    ],
    [
      "a JSON text",
      { issue_key: "A-1", fields: '{"a":1}' },
      { issue_key: "A-1", fields: { a: 1 }, ...rest },
    ],
    [
      "a list for a comma list",
      { issue_key: "A-1", labels: ["a", "b,c"] },
      { issue_key: "A-1", labels: ["a", "b,c"], ...rest },
    ],
    [
      "a comma list",
      { issue_key: "A-1", labels: "a, b,," },
      { issue_key: "A-1", labels: ["a", "b"], ...rest },
    ],
    [
      "a comma list for a list",
      { issue_key: "A-1", watchers: "a, b" },
      { issue_key: "A-1", watchers: ["a", "b"], ...rest },
    ],
    [
      "text for a number and a boolean",
      { issue_key: "A-1", limit: "20", notify: "False" },
      { issue_key: "A-1", limit: 20, notify: false },
    ],
    [
      "another name",
      { issue_key: "A-1", comment: "hi" },
      { issue_key: "A-1", body: "hi", ...rest },
    ],
    ["another spelling", { issueKey: "A-1" }, { issue_key: "A-1", ...rest }],
    [
      "a link for a key",
      { issue_key: " https://x.atlassian.net/browse/abc-12?a=b" },
      { issue_key: "https://x.atlassian.net/browse/abc-12?a=b", ...rest },
    ],
    ["a key with blanks", { issue_key: " PROJ-7 " }, { issue_key: "PROJ-7", ...rest }],
  ])("take %s", (_, given, expected) => {
    expect(parse(given)).toEqual(expected);
  });

  it.each(["", " ", "{}", "null", {}, null])("take %j for an object that is not given", (empty) => {
    const parsed = parse({ issue_key: "A-1", visibility: empty, fields: empty });
    expect(parsed).toEqual({ issue_key: "A-1", ...(empty !== null && { fields: {} }), ...rest });
  });
});

describe("refused arguments", () => {
  it("names everything that is wrong at once, and what would be right", () => {
    const error = refusal({
      isue_key: "A-1",
      limit: 99,
      notify: "maybe",
      nonsense: 1,
      fields: "[1]",
    });
    expect(error.code).toBe("input");
    expect(error.message).toMatchInlineSnapshot(
      `"jira_test_tool: \`isue_key\` is not an argument of this tool; did you mean \`issue_key\`?; \`nonsense\` is not an argument of this tool; \`issue_key\` is required; \`fields\` must be a JSON object such as {"priority": "High"}; \`limit\` must be at most 50; \`notify\` must be of type boolean."`,
    );
    expect(error.details.next).toMatchInlineSnapshot(
      `"Arguments of jira_test_tool: issue_key (required), body, fields, labels, limit, notify, watchers, visibility."`,
    );
  });

  it.each([
    ["a missing argument", {}, { issue_key: "is required" }],
    [
      "the same thing twice",
      { issue_key: "A-1", body: "a", comment: "b" },
      { comment: "says the same as `body`; give only one of them" },
    ],
    ["no object", "A-1", { arguments: "must be an object", issue_key: "is required" }],
    [
      "names of the prototype",
      { issue_key: "A-1", constructor: "x" },
      { constructor: "is not an argument of this tool" },
    ],
  ])("%s", (_, given, fields) => {
    expect(refusal(given).details.fields).toEqual(fields);
  });

  it.each([[{ type: "group" }], [{ type: "", value: "" }], [[]], ["Developers"]])(
    "does not guess the visibility %j",
    (visibility) => {
      expect(refusal({ issue_key: "A-1", visibility }).details.fields).toHaveProperty("visibility");
    },
  );
});

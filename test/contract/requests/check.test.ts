import { describe, expect, it } from "vitest";
import { areDescribed, createChecker } from "./check.ts";
import type { SentRequest } from "./connect.ts";

describe.skipIf(!areDescribed())("the check of a request", () => {
  const plain: SentRequest = {
    product: "jira",
    method: "GET",
    path: "/rest/api/3/issue/A-1",
    query: new URLSearchParams(),
    headers: {},
    body: "",
  };
  const json = { "content-type": "application/json" };
  const query = (text: string) => ({ query: new URLSearchParams(text) });
  const upload = { method: "POST", path: "/rest/api/3/issue/A-1/attachments", body: "--x" };

  it.each([
    ["nothing at all", {}, []],
    ["a path nobody knows", { path: "/rest/api/3/issues/A-1" }, [/is not described/]],
    ["an unknown parameter", query("field=x"), [/query field is not declared/]],
    ["an unsuitable parameter", query("updateHistory=maybe"), [/updateHistory must be boolean/]],
    ["a single value given twice", query("expand=a&expand=b"), [/expand must be string/]],
    [
      "a missing parameter",
      { path: "/wiki/rest/api/search", product: "confluence" as const },
      [/query cql is required/],
    ],
    ["a deprecated operation", { path: "/rest/api/3/search" }, [/is deprecated/]],
    [
      "a wrong body",
      { method: "POST", path: "/rest/api/3/issueLink", headers: json, body: '{"type":1}' },
      [/inwardIssue/, /outwardIssue/, /body\/type must be object/],
    ],
    [
      "an upload without its header",
      { ...upload, headers: { "content-type": "multipart/form-data; boundary=x" } },
      [/x-atlassian-token/],
    ],
    ["an upload as JSON", { ...upload, headers: json, body: "[]" }, [/body is application\/json/]],
  ])("finds what is wrong with %s", (_what, change, expected) => {
    const problems = createChecker([]).check("cloud", { ...plain, ...change });
    expect(problems).toHaveLength(expected.length);
    for (const pattern of expected) expect(problems.join("\n")).toMatch(pattern);
  });

  it("lets exceptions pass and knows which ones were of no use", () => {
    const reason = "made up";
    const unknown = { reason, operation: "GET /rest/api/3/{thing}/A-1", ignore: /not described/ };
    const idle = { reason, operation: "GET /rest/api/3/issue/{issueIdOrKey}", ignore: /query/ };
    const checker = createChecker([unknown, idle]);
    expect(checker.check("cloud", { ...plain, path: "/rest/api/3/issues/A-1" })).toEqual([]);
    expect(checker.unused()).toEqual([idle]);
    expect(checker.check("cloud", { ...plain, ...query("field=x") })).toEqual([]);
    expect(checker.unused()).toEqual([]);
  });

  it("holds a request to every version of Data Center", () => {
    const onlyIn11 = { ...plain, path: "/rest/api/2/searchLimits/maxResultWindow" };
    expect(createChecker([]).check("datacenter", onlyIn11)).toEqual([
      "GET /rest/api/2/searchLimits/maxResultWindow: is not described",
    ]);
    const inBoth = { ...plain, path: "/rest/api/2/issue/A-1" };
    expect(createChecker([]).check("datacenter", inBoth)).toEqual([]);
  });
});

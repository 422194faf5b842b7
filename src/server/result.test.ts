import { describe, expect, it } from "vitest";
import { AtlassianMcpError } from "../errors.ts";
import type { LogFields } from "../log.ts";
import { errorResultOf, errorText, resultOf } from "./result.ts";

describe("values", () => {
  it.each([
    [{ a: 1, b: undefined }, '{"a":1}'],
    ["text", "text"],
    [undefined, "null"],
    [["ü"], '["ü"]'],
  ])("%j", (value, text) => {
    expect(resultOf(value)).toEqual({ content: [{ type: "text", text }] });
  });
});

describe("errors", () => {
  it("say what happened, in whose words, and what to do", () => {
    const error = new AtlassianMcpError("invalid", "Jira refused the values", {
      fields: { summary: "Too long." },
      operation: "POST /rest/api/3/issue",
      status: 400,
      traceId: "abc",
      retryAfterMs: 1500,
      next: "Shorten the summary.",
    });
    expect(errorText(error)).toMatchInlineSnapshot(`
      "Error (invalid): Jira refused the values
      - summary: Too long.
      Request: POST /rest/api/3/issue answered 400, trace abc
      Retry after: 2 s
      Next: Shorten the summary."
    `);
  });

  it("that are not ours quote the id of the HTTP request", () => {
    const log = { error() {}, warn() {}, info() {}, debug() {} };
    const result = errorResultOf(new Error("secret"), "jira_search", log, "request-42");
    expect(JSON.stringify(result)).toContain("request id request-42");
  });

  it("that are not ours show an id; the log has the rest", () => {
    const lines: { event: string; fields: LogFields | undefined }[] = [];
    const note = (event: string, fields?: LogFields) => void lines.push({ event, fields });
    const log = { error: note, warn: note, info: note, debug: note };
    const result = errorResultOf(
      new TypeError("password hunter2 is undefined"),
      "jira_search",
      log,
    );
    const [content] = result.content;
    const text = content?.type === "text" ? content.text : "";
    expect(result.isError).toBe(true);
    expect(text).not.toContain("hunter2");
    expect(text).toContain(String(lines[0]?.fields?.["errorId"]));
  });
});

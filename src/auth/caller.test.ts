import { describe, expect, it } from "vitest";
import { isOurs } from "../errors.ts";
import { fingerprintOf, hasCredential, readCaller } from "./caller.ts";

function read(headers: Record<string, string>) {
  const lower = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return readCaller((name) => lower[name.toLowerCase()]);
}

const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;

describe("reading a caller's credentials", () => {
  it.each([
    [
      basic("ada@example.com:secret:with:colons"),
      { scheme: "basic", user: "ada@example.com", secret: "secret:with:colons" },
    ],
    [
      basic("ada:sécrèt").replace("Basic", "bAsIc"),
      { scheme: "basic", user: "ada", secret: "sécrèt" },
    ],
    ["Bearer abc.def-_~+/=", { scheme: "bearer", token: "abc.def-_~+/=" }],
    ["bearer   abc", { scheme: "bearer", token: "abc" }],
    ["Token abc", { scheme: "token", token: "abc" }],
  ])("takes %s", (value, expected) => {
    expect(read({ Authorization: value })).toMatchObject({ shared: expected });
  });

  it.each([
    "abc",
    "Basic",
    "Basic !!!!",
    basic(":secret"),
    basic("user:"),
    basic("user"),
    basic("user:sec\nret"),
    "Basic YTpi YTpi",
    "Bearer a b",
    "Bearer a,b",
    "Bearer ünicode",
    "Digest username=x",
  ])("refuses %j instead of serving the request as somebody else", (value) => {
    try {
      read({ Authorization: value });
      expect.unreachable();
    } catch (error) {
      expect(isOurs(error, "auth")).toBe(true);
      expect(String(error)).not.toContain("secret");
    }
  });

  it.each([
    { Authorization: "" },
    { Authorization: "  " },
    { "X-Atlassian-Jira-Authorization": " " },
    { "X-Atlassian-Jira-Personal-Token": "pat", "X-Atlassian-Jira-Url": "https://x.example" },
    { "X-Atlassian-Confluence-Url": "https://x.example" },
    { "X-Atlassian-Cloud-Id": "d5b1a0c5-0000-0000-0000-000000000000" },
  ])("refuses an identity that it cannot serve: %j", (headers) => {
    expect(() => read(headers)).toThrow(expect.objectContaining({ code: "auth" }));
  });

  it("does not mind a cloud id beside a credential", () => {
    const headers = { Authorization: "Bearer x", "X-Atlassian-Cloud-Id": "any" };
    expect(hasCredential(read(headers))).toBe(true);
  });

  it("keeps the credentials of the products apart", () => {
    const caller = read({
      "X-Atlassian-Jira-Authorization": "Bearer jira",
      "x-atlassian-confluence-authorization": "Bearer confluence",
    });
    expect(caller).toMatchObject({
      shared: undefined,
      products: { jira: { token: "jira" }, confluence: { token: "confluence" } },
    });
  });

  it("knows when there is nothing", () => {
    expect(hasCredential(read({}))).toBe(false);
    expect(hasCredential(read({ "X-Atlassian-Jira-Authorization": "Bearer x" }))).toBe(true);
    expect(hasCredential({ kind: "operator" })).toBe(false);
  });

  it("names callers without revealing them, and no two alike", () => {
    const callers = [
      read({ Authorization: "Bearer one" }),
      read({ Authorization: "Token one" }),
      read({ Authorization: basic("a:b") }),
      read({ "X-Atlassian-Jira-Authorization": "Bearer one" }),
      { kind: "operator" as const },
    ];
    const names = callers.map(fingerprintOf);
    expect(new Set(names).size).toBe(callers.length);
    expect(names.join()).not.toContain("one");
  });
});

import { describe, expect, it } from "vitest";
import { loadSettings } from "../config/load.ts";
import { isOurs } from "../errors.ts";
import { headerRulesOf } from "./header-rules.ts";

function rulesFor(env: Record<string, string>) {
  const readFile = (): never => {
    throw Object.assign(new Error("no file"), { code: "ENOENT" });
  };
  const argv = ["--transport=http"];
  const loaded = loadSettings({ argv, env, cwd: "/", readFile });
  if (loaded.kind !== "settings") throw new Error(JSON.stringify(loaded));
  return headerRulesOf(loaded.settings);
}

const jira = { JIRA_URL: "https://jira.corp/jira" };

describe("addresses that callers may name", () => {
  const verdict = (env: Record<string, string>, text: string): string => {
    try {
      return rulesFor(env).checkUrl("X-Atlassian-Jira-Url", text).href;
    } catch (error) {
      return isOurs(error) ? error.code : "crash";
    }
  };

  it.each([
    ["the operator's own", {}, "https://jira.corp/jira", "https://jira.corp/jira"],
    ["another path of the operator's own", {}, "https://jira.corp/x", "https://jira.corp/x"],
    ["another port of the operator's own", {}, "https://jira.corp:8443", "forbidden"],
    ["the operator's own without encryption", {}, "http://jira.corp", "forbidden"],
    ["the operator's own with a dot at the end", {}, "https://jira.corp./jira", "input"],
    ["any other one without a list", {}, "https://wiki.example.com", "forbidden"],
    [
      "a listed one",
      { MCP_ALLOWED_URL_DOMAINS: "example.com" },
      "https://a.example.com",
      "https://a.example.com/",
    ],
    [
      "a listed one with a dot at the end",
      { MCP_ALLOWED_URL_DOMAINS: "example.com" },
      "https://example.com.",
      "input",
    ],
    [
      "a listed one with a user",
      { MCP_ALLOWED_URL_DOMAINS: "example.com" },
      "https://u@example.com",
      "input",
    ],
    [
      "a listed one without encryption",
      { MCP_ALLOWED_URL_DOMAINS: "example.com" },
      "http://example.com",
      "input",
    ],
    [
      "two in one header",
      { MCP_ALLOWED_URL_DOMAINS: "*" },
      "https://a.example,https://b.example",
      "input",
    ],
    [
      "two hosts in one header",
      { MCP_ALLOWED_URL_DOMAINS: "*" },
      "https://a.example,b.example",
      "forbidden",
    ],
    [
      "an address where all names are listed",
      { MCP_ALLOWED_URL_DOMAINS: "*" },
      "https://10.0.0.1",
      "forbidden",
    ],
    [
      "an address in a listed network",
      { MCP_ALLOWED_URL_DOMAINS: "10.0.0.0/8" },
      "https://10.0.0.1",
      "https://10.0.0.1/",
    ],
    [
      "metadata in a listed network",
      { MCP_ALLOWED_URL_DOMAINS: "0.0.0.0/0" },
      "https://169.254.169.254",
      "forbidden",
    ],
    [
      "localhost where all names are listed",
      { MCP_ALLOWED_URL_DOMAINS: "*" },
      "https://localhost",
      "forbidden",
    ],
    ["nothing", { MCP_ALLOWED_URL_DOMAINS: "*" }, "", "input"],
  ] as const)("%s", (_, env, text, expected) => {
    expect(verdict({ ...jira, ...env }, text)).toBe(expected);
  });
});

describe("headers that are passed on", () => {
  it("are named for each product that can be reached", () => {
    expect(rulesFor(jira).passthrough).toEqual({ jira: [] });
    const env = { ...jira, JIRA_PASSTHROUGH_HEADERS: "Cookie,X-A" };
    expect(rulesFor(env).passthrough).toEqual({ jira: ["cookie", "x-a"] });
  });

  it("also go to an address that a caller names where none is configured", () => {
    const env = {
      MCP_ALLOWED_URL_DOMAINS: "example.com",
      ATLASSIAN_EXTERNAL_AUTH_ENABLE: "true",
      JIRA_PASSTHROUGH_HEADERS: "Cookie",
    };
    expect(rulesFor(env).passthrough).toEqual({ jira: ["cookie"] });
  });
});

import { describe, expect, it } from "vitest";
import { loadSettings } from "./load.ts";

type Env = Record<string, string>;

function outcome(env: Env, argv: string[] = []): string[] {
  const result = loadSettings({
    argv,
    env,
    cwd: "/",
    readFile: () => {
      throw Object.assign(new Error("no file"), { code: "ENOENT" });
    },
  });
  if (result.kind === "errors") {
    return result.problems.map(({ setting, problem }) => `${setting} ${problem}`);
  }
  return result.kind === "settings" ? result.notices.map(({ setting }) => `notice ${setting}`) : [];
}

const cloud = { JIRA_URL: "https://acme.atlassian.net" };
const own = { JIRA_URL: "https://jira.example.com" };
const basic = { JIRA_USERNAME: "ann", JIRA_API_TOKEN: "secret-1" };
const pat = { JIRA_PERSONAL_TOKEN: "secret-2" };
const http = ["--transport=streamable-http"];

describe("credentials", () => {
  it.each<[string, Env]>([
    ["an API token on Cloud", { ...cloud, ...basic }],
    ["a password on Data Center", { ...own, ...basic }],
    ["a PAT on Data Center", { ...own, ...pat }],
    ["a PAT with a user name that it does not need", { ...own, ...pat, JIRA_USERNAME: "ann" }],
    ["a forced method where both are set", { ...own, ...pat, ...basic, JIRA_AUTH: "basic" }],
  ])("accepts %s", (_, env) => {
    expect(outcome(env)).toEqual([]);
  });

  it.each<[Env, string]>([
    [{ ...own, JIRA_USERNAME: "ann" }, "JIRA_USERNAME is set without JIRA_API_TOKEN"],
    [{ ...own, JIRA_API_TOKEN: "secret-1" }, "JIRA_API_TOKEN is set without JIRA_USERNAME"],
    [{ ...own }, "JIRA_URL is set without credentials"],
    [{ ...basic }, "JIRA_URL is missing although JIRA_USERNAME is set"],
    [{ ...pat }, "JIRA_URL is missing although JIRA_PERSONAL_TOKEN is set"],
    [{ ...cloud, ...pat }, "JIRA_PERSONAL_TOKEN is set, but Cloud has no personal access tokens"],
    [
      { ...own, ...pat, JIRA_DEPLOYMENT: "cloud" },
      "JIRA_PERSONAL_TOKEN is set, but Cloud has no personal access tokens",
    ],
    [
      { ...cloud, ...basic, ...pat },
      "JIRA_PERSONAL_TOKEN is set, but Cloud has no personal access tokens",
    ],
    [{ ...own, ...basic, JIRA_AUTH: "pat" }, "JIRA_AUTH asks for a token that is missing"],
    [{ ...own, ...pat, JIRA_AUTH: "basic" }, "JIRA_AUTH asks for credentials that are missing"],
  ])("refuses %j", (env, problem) => {
    expect(outcome(env)).toEqual([problem]);
  });

  it("reports half a credential beside a URL that cannot be read", () => {
    expect(outcome({ JIRA_URL: "acme", JIRA_USERNAME: "ann" })).toEqual([
      "JIRA_URL has no scheme",
      "JIRA_USERNAME is set without JIRA_API_TOKEN",
    ]);
  });

  it("does not call a secret missing whose file cannot be read", () => {
    const env = { ...cloud, JIRA_USERNAME: "ann", JIRA_API_TOKEN_FILE: "/gone" };
    expect(outcome(env)).toEqual(["JIRA_API_TOKEN_FILE names a file that does not exist"]);
  });

  it("names the method that is used where two are set", () => {
    expect(outcome({ ...own, ...basic, ...pat })).toEqual(["notice JIRA_PERSONAL_TOKEN"]);
  });

  it("does not drop one of two products silently", () => {
    const env = { ...cloud, ...basic, CONFLUENCE_URL: "https://acme.atlassian.net" };
    expect(outcome(env)).toEqual(["CONFLUENCE_URL is set without credentials"]);
  });
});

describe("OAuth", () => {
  const problem = (name: string, where: string) =>
    `${name} is the only credential${where}, and OAuth is not available in this version`;

  it.each<[Env, string]>([
    [{ ...own, JIRA_OAUTH_ACCESS_TOKEN: "t" }, problem("JIRA_OAUTH_ACCESS_TOKEN", " for Jira")],
    [
      { ...cloud, ATLASSIAN_OAUTH_CLIENT_ID: "c", ATLASSIAN_OAUTH_CLIENT_SECRET: "s" },
      problem("ATLASSIAN_OAUTH_CLIENT_ID", " for Jira"),
    ],
    [{ ATLASSIAN_OAUTH_ACCESS_TOKEN: "t" }, problem("ATLASSIAN_OAUTH_ACCESS_TOKEN", "")],
  ])("refuses it as the only credential in %j", (env, expected) => {
    expect(outcome(env)).toEqual([expected]);
    expect(outcome(env, http)).toEqual([expected]);
  });

  it("gives way to other credentials with a notice", () => {
    expect(outcome({ ...cloud, ...basic, ATLASSIAN_OAUTH_CLIENT_ID: "c" })).toEqual([
      "notice ATLASSIAN_OAUTH_CLIENT_ID",
    ]);
  });
});

describe("over HTTP", () => {
  it("needs only an address, for callers bring their own credentials", () => {
    expect(outcome(own, http)).toEqual([]);
  });

  it("needs at least one product", () => {
    expect(outcome({}, http)).toEqual(["JIRA_URL no product is configured"]);
    expect(outcome({})).toEqual(["notice JIRA_URL"]);
  });

  it("says when there is nothing to fall back to", () => {
    const env = { ...own, ALLOW_GLOBAL_CRED_FALLBACK: "true" };
    expect(outcome(env, http)).toEqual(["notice ALLOW_GLOBAL_CRED_FALLBACK"]);
  });
});

describe("addresses", () => {
  it.each<[Env, string[]]>([
    [
      { JIRA_URL: "http://acme.atlassian.net" },
      ["JIRA_URL uses http, but Cloud is reached by https"],
    ],
    [{ JIRA_URL: "http://jira.example.com" }, ["notice JIRA_URL"]],
    [{ JIRA_URL: "http://localhost:8080/jira" }, []],
    [{ JIRA_URL: "https://acme.atlassian.net/jira/projects" }, ["notice JIRA_URL"]],
    [{ JIRA_URL: "https://jira.example.com/?a=b" }, ["notice JIRA_URL"]],
    [
      { ...cloud, JIRA_DEPLOYMENT: "datacenter" },
      ["JIRA_DEPLOYMENT says Data Center, but acme.atlassian.net belongs to Atlassian Cloud"],
    ],
  ])("judges %j", (env, expected) => {
    expect(outcome({ ...basic, ...env })).toEqual(expected);
  });
});

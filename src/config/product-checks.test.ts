import { describe, expect, it } from "vitest";
import { type LoadResult, loadSettings } from "./load.ts";

type Env = Record<string, string>;

function loadFrom(env: Env, argv: string[] = []): LoadResult {
  return loadSettings({
    argv,
    env,
    cwd: "/",
    readFile: (path) => {
      if (path.endsWith(".pem")) return "PEM";
      throw Object.assign(new Error("no file"), { code: "ENOENT" });
    },
  });
}

function outcome(...input: Parameters<typeof loadFrom>): string[] {
  const result = loadFrom(...input);
  if (result.kind === "errors") {
    return result.problems.map(({ setting, problem }) => `${setting} ${problem}`);
  }
  return result.kind === "settings" ? result.notices.map(({ setting }) => `notice ${setting}`) : [];
}

const cloud = { JIRA_URL: "https://acme.atlassian.net" };
const own = { JIRA_URL: "https://jira.example.com" };
const basic = { JIRA_USERNAME: "ann", JIRA_API_TOKEN: "secret-1" };
const pat = { JIRA_PERSONAL_TOKEN: "secret-2" };
const certificate = { JIRA_CLIENT_CERT: "/client.pem" };
const key = { JIRA_CLIENT_KEY: "/key.pem", JIRA_CLIENT_KEY_PASSWORD: "secret-3" };
const app = { ATLASSIAN_OAUTH_CLIENT_ID: "client", ATLASSIAN_OAUTH_CLIENT_SECRET: "secret-4" };
const http = ["--transport=streamable-http"];

describe("credentials", () => {
  it.each<[string, Env]>([
    ["an API token on Cloud", { ...cloud, ...basic }],
    ["a password on Data Center", { ...own, ...basic }],
    ["a PAT on Data Center", { ...own, ...pat }],
    ["a PAT with a user name that it does not need", { ...own, ...pat, JIRA_USERNAME: "ann" }],
    ["a forced method where both are set", { ...own, ...pat, ...basic, JIRA_AUTH: "basic" }],
    ["a certificate on Data Center", { ...own, ...certificate }],
    ["a certificate with its key and passphrase", { ...own, ...certificate, ...key }],
    ["a certificate that nobody asks for on Cloud", { ...cloud, ...basic, ...certificate }],
    ["a token obtained elsewhere", { ...cloud, JIRA_OAUTH_ACCESS_TOKEN: "token-1" }],
    ["an OAuth app", { ...cloud, ...app }],
    ["the headers of a gateway", { ...own, ATLASSIAN_EXTERNAL_AUTH_ENABLE: "yes" }],
  ])("accepts %s", (_, env) => {
    expect(outcome(env)).toEqual([]);
  });

  it.each<[Env, string]>([
    [{ ...own, JIRA_USERNAME: "ann" }, "JIRA_USERNAME is set without JIRA_API_TOKEN"],
    [{ ...own, JIRA_API_TOKEN: "secret-1" }, "JIRA_API_TOKEN is set without JIRA_USERNAME"],
    [{ ...own }, "JIRA_URL is set without credentials"],
    [{ ...basic }, "JIRA_URL is missing although JIRA_USERNAME is set"],
    [{ ...pat }, "JIRA_URL is missing although JIRA_PERSONAL_TOKEN is set"],
    [{ ...certificate }, "JIRA_URL is missing although JIRA_CLIENT_CERT is set"],
    [{ ...cloud, ...pat }, "JIRA_PERSONAL_TOKEN is set, but Cloud has no personal access tokens"],
    [
      { ...own, ...pat, JIRA_DEPLOYMENT: "cloud" },
      "JIRA_PERSONAL_TOKEN is set, but Cloud has no personal access tokens",
    ],
    [
      { ...cloud, ...basic, ...pat },
      "JIRA_PERSONAL_TOKEN is set, but Cloud has no personal access tokens",
    ],
    [{ ...own, ...key }, "JIRA_CLIENT_KEY is set without JIRA_CLIENT_CERT"],
    [
      { ...own, ...pat, JIRA_CLIENT_KEY_PASSWORD: "secret-3" },
      "JIRA_CLIENT_KEY_PASSWORD is set without JIRA_CLIENT_CERT",
    ],
    [
      { ...cloud, ...certificate },
      "JIRA_CLIENT_CERT is the only credential, but Cloud does not know client certificates",
    ],
    [
      { JIRA_URL: "http://jira.corp", ...certificate },
      "JIRA_CLIENT_CERT needs https, but Jira is reached by http",
    ],
    [{ ...own, ATLASSIAN_OAUTH_ENABLE: "true" }, "JIRA_URL is set without credentials"],
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

  it("does not drop one of two products silently", () => {
    const env = { ...cloud, ...basic, CONFLUENCE_URL: "https://acme.atlassian.net" };
    expect(outcome(env)).toEqual(["CONFLUENCE_URL is set without credentials"]);
  });
});

describe("a forced method", () => {
  const all = { ...basic, ...pat, ...certificate, ...app, ATLASSIAN_OAUTH_ACCESS_TOKEN: "token-1" };

  it.each([
    ["token", "token"],
    ["byot", "token"],
    ["access-token", "token"],
    ["OAuth", "oauth"],
    ["3lo", "oauth"],
    [" PAT ", "pat"],
    ["basic", "basic"],
    ["certificate", "certificate"],
    ["cert", "certificate"],
    ["service-account", "service-account"],
    ["client-credentials", "service-account"],
    ["client_credentials", "service-account"],
    ["external", "external"],
    ["none", "external"],
  ])("%j means %s, and nothing needs to be said about the others", (word, method) => {
    const result = loadFrom({ ...own, ...all, JIRA_AUTH: word });
    if (result.kind !== "settings") throw new Error(JSON.stringify(result));
    expect([result.settings.products.jira?.auth, result.notices]).toEqual([method, []]);
  });

  it.each<[string, Env, string]>([
    ["token", app, "JIRA_OAUTH_ACCESS_TOKEN or ATLASSIAN_OAUTH_ACCESS_TOKEN"],
    ["oauth", pat, "ATLASSIAN_OAUTH_CLIENT_ID and ATLASSIAN_OAUTH_CLIENT_SECRET"],
    ["service-account", pat, "ATLASSIAN_OAUTH_CLIENT_ID and ATLASSIAN_OAUTH_CLIENT_SECRET"],
    ["pat", basic, "JIRA_PERSONAL_TOKEN"],
    ["basic", pat, "JIRA_USERNAME and JIRA_API_TOKEN"],
    ["certificate", pat, "JIRA_CLIENT_CERT"],
  ])("%s asks for what it needs", (word, others, needed) => {
    const result = loadFrom({ ...own, ...others, JIRA_AUTH: word });
    if (result.kind !== "errors") throw new Error(result.kind);
    expect(result.problems).toMatchObject([
      {
        setting: "JIRA_AUTH",
        problem: "asks for credentials that are missing",
        remedy: expect.stringContaining(needed),
      },
    ]);
  });
});

describe("which method is used", () => {
  const chosen = (env: Env) => {
    const result = loadFrom(env);
    if (result.kind !== "settings") throw new Error(JSON.stringify(result));
    return result.notices.map(({ setting, message }) => `${setting}: ${message}`);
  };

  it("is told where several are set, with those that are not used", () => {
    expect(chosen({ ...own, ...basic, ...pat, ...certificate })).toEqual([
      "JIRA_AUTH: Jira signs in by a personal access token, not by user name and API token or password, " +
        "a client certificate. JIRA_AUTH decides otherwise.",
    ]);
    const token = { ATLASSIAN_OAUTH_ACCESS_TOKEN: "token-1" };
    expect(chosen({ ...cloud, ...token, ...basic })).toEqual([
      "JIRA_AUTH: Jira signs in by an OAuth access token obtained elsewhere, not by user name and API token or " +
        "password. JIRA_AUTH decides otherwise.",
    ]);
  });

  it("changes when somebody signs in by OAuth", () => {
    expect(chosen({ ...cloud, ...app, ...basic })).toEqual([
      "JIRA_AUTH: Jira signs in by OAuth once somebody has run mcp-atlassian auth login, until then by user name " +
        "and API token or password. JIRA_AUTH decides otherwise.",
    ]);
  });
});

describe("OAuth", () => {
  it.each<[Env, string]>([
    [
      { ATLASSIAN_OAUTH_CLIENT_ID: "c" },
      "ATLASSIAN_OAUTH_CLIENT_ID is set without ATLASSIAN_OAUTH_CLIENT_SECRET",
    ],
    [
      { ATLASSIAN_OAUTH_CLIENT_SECRET: "secret-4" },
      "ATLASSIAN_OAUTH_CLIENT_SECRET is set without ATLASSIAN_OAUTH_CLIENT_ID",
    ],
    [
      { ...app, JIRA_OAUTH_CLIENT_ID: "c" },
      "JIRA_OAUTH_CLIENT_ID is set without JIRA_OAUTH_CLIENT_SECRET",
    ],
    [
      { ...app, JIRA_OAUTH_CLIENT_SECRET: "secret-5" },
      "JIRA_OAUTH_CLIENT_SECRET is set without JIRA_OAUTH_CLIENT_ID",
    ],
  ])("never takes half of an app, or halves of two: %j", (env, problem) => {
    expect(outcome(env)).toEqual([problem]);
    expect(outcome({ ...cloud, ...env }, http)).toEqual([problem]);
    const both = { CONFLUENCE_URL: "https://acme.atlassian.net/wiki", ...cloud, ...env };
    expect(outcome({ ...both, ...basic }, http)).toEqual([problem]);
  });

  const twoHosts = { JIRA_URL: "https://jira.corp", CONFLUENCE_URL: "https://wiki.corp" };
  const token = { ATLASSIAN_OAUTH_ACCESS_TOKEN: "token-1" };
  const problem =
    "ATLASSIAN_OAUTH_ACCESS_TOKEN is one credential for two places, jira.corp and wiki.corp";

  it("is never one token for two places", () => {
    expect(outcome({ ...twoHosts, ...token })).toEqual([problem]);
    expect(outcome({ ...twoHosts, ...token, JIRA_OAUTH_ACCESS_TOKEN: "token-2" })).toEqual([]);
    const mixed = { JIRA_URL: "https://acme.atlassian.net", CONFLUENCE_URL: "https://wiki.corp" };
    expect(outcome({ ...mixed, ...token })).toEqual([
      "ATLASSIAN_OAUTH_ACCESS_TOKEN is one credential for two places, Atlassian Cloud and wiki.corp",
    ]);
  });

  it("may be one token for two sites of Cloud, for one host, or for one product that uses it", () => {
    const sites = {
      JIRA_URL: "https://a.atlassian.net",
      CONFLUENCE_URL: "https://b.atlassian.net",
    };
    expect(outcome({ ...sites, ...token })).toEqual([]);
    const host = { JIRA_URL: "https://dc.corp/jira", CONFLUENCE_URL: "https://dc.corp/wiki" };
    expect(outcome({ ...host, ...token })).toEqual([]);
    expect(outcome({ ...twoHosts, ...token, ...pat, JIRA_AUTH: "pat" })).toEqual([]);
  });

  it("is never at one cloud id for two sites", () => {
    const id = { ATLASSIAN_OAUTH_CLOUD_ID: "11111111-2222-3333-4444-555555555555" };
    const sites = {
      JIRA_URL: "https://a.atlassian.net",
      CONFLUENCE_URL: "https://b.atlassian.net",
    };
    const refused =
      "ATLASSIAN_OAUTH_CLOUD_ID names one site, but the products are at two, a.atlassian.net and b.atlassian.net";
    for (const env of [app, token, { ATLASSIAN_OAUTH_ENABLE: "true" }]) {
      expect(outcome({ ...sites, ...id, ...env }, http)).toEqual([refused]);
    }
    const passwords = { ...basic, CONFLUENCE_USERNAME: "ann", CONFLUENCE_API_TOKEN: "secret-6" };
    expect(outcome({ ...sites, ...id, ...passwords })).toEqual([]);
    const one = {
      JIRA_URL: "https://a.atlassian.net",
      CONFLUENCE_URL: "https://a.atlassian.net/wiki",
    };
    expect(outcome({ ...one, ...id, ...token })).toEqual([]);
    expect(outcome({ ...sites, ...token })).toEqual([]);
  });

  it("is seldom one app for two places", () => {
    expect(outcome({ ...twoHosts, ...app })).toEqual(["notice ATLASSIAN_OAUTH_CLIENT_ID"]);
    expect(outcome({ ...twoHosts, ...app, ...pat, JIRA_AUTH: "pat" })).toEqual([]);
  });

  it("is all that is needed where it says which site is meant", () => {
    for (const env of [app, token]) {
      expect(outcome(env)).toEqual([]);
      expect(outcome(env, http)).toEqual([]);
    }
    expect(outcome({ ATLASSIAN_OAUTH_ENABLE: "true" }, http)).toEqual([]);
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

  it("needs no product where callers may name sites", () => {
    expect(outcome({ MCP_ALLOWED_URL_DOMAINS: "*" }, http)).toEqual([]);
    expect(outcome({ MCP_ALLOWED_URL_DOMAINS: "*" })).toEqual(["notice JIRA_URL"]);
  });

  it("cannot ignore callers and have nobody else", () => {
    const env = { ...own, ...pat, IGNORE_HEADER_AUTH: "true" };
    expect(outcome(env, http)[0]).toMatch(/^IGNORE_HEADER_AUTH leaves no credentials/);
    expect(outcome({ ...env, ALLOW_GLOBAL_CRED_FALLBACK: "true" }, http)).toEqual([]);
    expect(outcome({ ...env, ATLASSIAN_EXTERNAL_AUTH_ENABLE: "true" }, http)).toEqual([]);
    expect(outcome(env)).toEqual([]);
  });

  it("lets a gateway sign in only where requests without credentials are let in", () => {
    const env = { ...own, JIRA_AUTH: "external" };
    expect(outcome(env)).toEqual([]);
    expect(outcome(env, http)).toEqual([
      "JIRA_AUTH needs requests without credentials, and those are turned away",
    ]);
    expect(outcome({ ...env, ATLASSIAN_EXTERNAL_AUTH_ENABLE: "true" }, http)).toEqual([]);
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

import { describe, expect, it } from "vitest";
import { loadSettings } from "./load.ts";

type Env = Record<string, string>;

const good: Env = {
  TRANSPORT: "streamable-http",
  JIRA_URL: "https://acme.atlassian.net",
  ATLASSIAN_OAUTH_PROXY_ENABLE: "true",
  ATLASSIAN_OAUTH_CLIENT_ID: "client",
  ATLASSIAN_OAUTH_CLIENT_SECRET: "secret-of-the-app",
  ATLASSIAN_OAUTH_REDIRECT_URI: "https://mcp.example.com/oauth/callback",
  PUBLIC_BASE_URL: "https://mcp.example.com",
};

function load(changes: Record<string, string | undefined> = {}) {
  const env = Object.fromEntries(
    Object.entries({ ...good, ...changes }).filter(([, value]) => value !== undefined),
  ) as Env;
  return loadSettings({ argv: [], env, cwd: "/", readFile: () => "" });
}

function serverOf(changes?: Record<string, string | undefined>) {
  const result = load(changes);
  if (result.kind !== "settings") throw new Error(JSON.stringify(result));
  return result.settings.oauthServer;
}

function faultsOf(changes: Record<string, string | undefined>) {
  const result = load(changes);
  return result.kind === "errors" ? result.problems.map(({ setting }) => setting) : [];
}

describe("the authorization server's settings", () => {
  it("are those that were written, with safe defaults", () => {
    expect(serverOf()).toEqual({
      issuer: new URL("https://mcp.example.com"),
      app: {
        clientId: "client",
        clientSecret: "secret-of-the-app",
        redirectUri: new URL("https://mcp.example.com/oauth/callback"),
        scopes: [],
      },
      signIn: { deployment: "cloud" },
      allowedRedirects: undefined,
      grantTypes: ["authorization_code", "refresh_token"],
      requireConsent: true,
      trustedProxies: 0,
    });
  });

  it("are absent while it is off", () => {
    expect(serverOf({ ATLASSIAN_OAUTH_PROXY_ENABLE: "off" })).toBeUndefined();
    expect(serverOf({ ATLASSIAN_OAUTH_PROXY_ENABLE: undefined })).toBeUndefined();
  });

  it("take the base from the redirect address where none is written", () => {
    const server = serverOf({
      PUBLIC_BASE_URL: undefined,
      ATLASSIAN_OAUTH_REDIRECT_URI: "https://mcp.example.com/atlassian/callback",
    });
    expect(server?.issuer.href).toBe("https://mcp.example.com/atlassian");
  });

  it("take the app of a product where none is shared", () => {
    const server = serverOf({
      ATLASSIAN_OAUTH_CLIENT_ID: undefined,
      ATLASSIAN_OAUTH_CLIENT_SECRET: undefined,
      JIRA_OAUTH_CLIENT_ID: "of-jira",
      JIRA_OAUTH_CLIENT_SECRET: "secret-of-jira",
    });
    expect(server?.app.clientId).toBe("of-jira");
  });

  it.each<[Record<string, string | undefined>, object]>([
    [
      { JIRA_URL: "https://jira.example.com/jira", JIRA_DEPLOYMENT: "datacenter" },
      { deployment: "datacenter", product: "jira", url: new URL("https://jira.example.com/jira") },
    ],
    [
      { JIRA_URL: undefined, CONFLUENCE_URL: "https://wiki.example.com/wiki/" },
      {
        deployment: "datacenter",
        product: "confluence",
        url: new URL("https://wiki.example.com/wiki"),
      },
    ],
    [
      { ATLASSIAN_OAUTH_INSTANCE_URL: "https://jira.corp.internal" },
      { deployment: "datacenter", product: "jira", url: new URL("https://jira.corp.internal") },
    ],
    [{ ATLASSIAN_OAUTH_INSTANCE_URL: "https://auth.atlassian.com" }, { deployment: "cloud" }],
    [{ JIRA_URL: undefined }, { deployment: "cloud" }],
  ])("sign users in where %j says", (changes, signIn) => {
    expect(serverOf(changes)?.signIn).toEqual(signIn);
  });

  it("may be those of this machine", () => {
    const changes = {
      PUBLIC_BASE_URL: "http://localhost:8000",
      ATLASSIAN_OAUTH_REDIRECT_URI: "http://localhost:8000/callback",
      ATLASSIAN_OAUTH_ALLOWED_CLIENT_REDIRECT_URIS: "http://localhost:* app://*",
      MCP_TRUSTED_PROXIES: "1",
    };
    expect(serverOf(changes)).toMatchObject({
      issuer: new URL("http://localhost:8000"),
      allowedRedirects: ["http://localhost:*", "app://*"],
      trustedProxies: 1,
    });
  });
});

describe("a wrong set-up", () => {
  it("is told all at once", () => {
    const nothing = {
      ATLASSIAN_OAUTH_CLIENT_ID: undefined,
      ATLASSIAN_OAUTH_CLIENT_SECRET: undefined,
      ATLASSIAN_OAUTH_REDIRECT_URI: undefined,
      PUBLIC_BASE_URL: "http://mcp.example.com",
      ATLASSIAN_OAUTH_ALLOWED_GRANT_TYPES: "password",
      ATLASSIAN_OAUTH_CLIENT_STORAGE_MODE: "factory",
      IGNORE_HEADER_AUTH: "true",
      ALLOW_GLOBAL_CRED_FALLBACK: "true",
    };
    expect(new Set(faultsOf(nothing))).toEqual(
      new Set([
        "IGNORE_HEADER_AUTH",
        "ATLASSIAN_OAUTH_CLIENT_ID",
        "ATLASSIAN_OAUTH_CLIENT_SECRET",
        "ATLASSIAN_OAUTH_REDIRECT_URI",
        "PUBLIC_BASE_URL",
        "ATLASSIAN_OAUTH_ALLOWED_GRANT_TYPES",
        "ATLASSIAN_OAUTH_CLIENT_STORAGE_MODE",
      ]),
    );
  });

  it.each<[string, Record<string, string | undefined>]>([
    [
      "ATLASSIAN_OAUTH_PROXY_ENABLE",
      { TRANSPORT: "stdio", JIRA_USERNAME: "ann", JIRA_API_TOKEN: "token" },
    ],
    ["ATLASSIAN_OAUTH_REDIRECT_URI", { PUBLIC_BASE_URL: "https://mcp.example.com/atlassian" }],
    ["ATLASSIAN_OAUTH_REDIRECT_URI", { PUBLIC_BASE_URL: "https://other.example.com" }],
    ["ATLASSIAN_OAUTH_REDIRECT_URI", { ATLASSIAN_OAUTH_REDIRECT_URI: "https://mcp.example.com/" }],
    [
      "ATLASSIAN_OAUTH_REDIRECT_URI",
      { ATLASSIAN_OAUTH_REDIRECT_URI: "https://mcp.example.com/mcp" },
    ],
    [
      "ATLASSIAN_OAUTH_REDIRECT_URI",
      { ATLASSIAN_OAUTH_REDIRECT_URI: "https://mcp.example.com/token" },
    ],
    ["PUBLIC_BASE_URL", { PUBLIC_BASE_URL: "https://mcp.example.com?x=1" }],
    [
      "ATLASSIAN_OAUTH_ALLOWED_GRANT_TYPES",
      { ATLASSIAN_OAUTH_ALLOWED_GRANT_TYPES: "refresh_token" },
    ],
    [
      "ATLASSIAN_OAUTH_ALLOWED_CLIENT_REDIRECT_URIS",
      { ATLASSIAN_OAUTH_ALLOWED_CLIENT_REDIRECT_URIS: "localhost" },
    ],
    [
      "ATLASSIAN_OAUTH_ALLOWED_CLIENT_REDIRECT_URIS",
      { ATLASSIAN_OAUTH_ALLOWED_CLIENT_REDIRECT_URIS: "https://*" },
    ],
    [
      "ATLASSIAN_OAUTH_ALLOWED_CLIENT_REDIRECT_URIS",
      { ATLASSIAN_OAUTH_ALLOWED_CLIENT_REDIRECT_URIS: "," },
    ],
    ["ATLASSIAN_OAUTH_REQUIRE_CONSENT", { ATLASSIAN_OAUTH_REQUIRE_CONSENT: "onn" }],
    ["ATLASSIAN_EXTERNAL_AUTH_ENABLE", { ATLASSIAN_EXTERNAL_AUTH_ENABLE: "true" }],
  ])("names %s for %j", (setting, changes) => {
    expect(faultsOf(changes)).toContain(setting);
  });

  it("never shows the secret", () => {
    const result = load({ ATLASSIAN_OAUTH_REDIRECT_URI: "https://secret-of-the-app.example.com/" });
    expect(JSON.stringify(result)).not.toContain("secret-of-the-app");
  });
});

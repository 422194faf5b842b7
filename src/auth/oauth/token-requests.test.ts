import { describe, expect, it } from "vitest";
import { sendJson, startServer } from "../../../test/fakes/loopback.ts";
import {
  allOf,
  cloudApp,
  dataCenterApp,
  failureOf,
  fakeFetch,
  secrets,
  secretText,
  tokens,
} from "./oauth.fixtures.ts";
import { clientCredentials, exchangeCode, refresh, revoke } from "./token-requests.ts";

const redirect = (parameters: Record<string, string>) => ({
  parameters: new URLSearchParams(parameters),
  expectedState: "our state",
  codeVerifier: secrets.verifier,
});
const arrived = { code: secrets.code, state: "our state" };

describe("tokens for a code", () => {
  it("sends code, verifier, redirect address and the app's own secret", async () => {
    const { fetch, sent } = fakeFetch(tokens(1));
    expect(await exchangeCode(cloudApp(), redirect(arrived), { fetch })).toEqual({
      accessToken: secrets.access,
      refreshToken: secrets.refresh,
      expiresInS: 3600,
      scopes: ["read:me", "offline_access"],
    });
    expect(sent[0]?.url).toBe("https://auth.atlassian.com/oauth/token");
    expect(Object.fromEntries(sent[0]?.body ?? [])).toEqual({
      grant_type: "authorization_code",
      code: secrets.code,
      code_verifier: secrets.verifier,
      redirect_uri: "http://localhost:8080/callback",
      client_id: "app",
      client_secret: secrets.client,
    });
  });

  it.each([
    { code: secrets.code, state: "another state" },
    { code: secrets.code },
    { state: "our state" },
    { error: "access_denied", error_description: "User did not authorize", state: "our state" },
    { error: "server_error", error_description: `no ${secrets.code}`, state: "our state" },
  ])("asks nobody when the redirect is %j", async (parameters) => {
    const { fetch, sent } = fakeFetch(tokens(1));
    const error = await failureOf(exchangeCode(cloudApp(), redirect(parameters), { fetch }));
    expect(error).toMatchObject({ code: "auth" });
    expect(sent).toEqual([]);
  });
});

describe("tokens for a refresh token", () => {
  it("sends it to Data Center's endpoint", async () => {
    const { fetch, sent } = fakeFetch(tokens(2, { refresh_token: undefined, scope: undefined }));
    expect(await refresh(dataCenterApp(), secrets.refresh, { fetch })).toEqual({
      accessToken: "access-2-of-a-short-life",
      refreshToken: undefined,
      expiresInS: 3600,
      scopes: [],
    });
    expect(sent[0]?.url).toBe("https://jira.example.com/jira/rest/oauth2/latest/token");
    expect(sent[0]?.body.get("refresh_token")).toBe(secrets.refresh);
  });

  it.each([
    ["no token type", { token_type: undefined }],
    ["a foreign id token", { id_token: "eyJhbGciOiJub25lIn0.e30.x" }],
    ["a lifetime in text", { expires_in: "3600" }],
    ["no lifetime", { expires_in: undefined }],
  ])("accepts an answer with %s", async (_what, changes) => {
    const { fetch } = fakeFetch(tokens(2, changes));
    expect(await refresh(cloudApp(), secrets.refresh, { fetch })).toMatchObject({
      accessToken: "access-2-of-a-short-life",
      expiresInS: 3600,
    });
  });

  it("speaks plain http with this machine only", async () => {
    const server = await startServer((_request, response) => sendJson(response, tokens(2)));
    const app = cloudApp(server.url);
    expect(await refresh(app, secrets.refresh, { fetch })).toMatchObject({ expiresInS: 3600 });
    const far = fakeFetch(tokens(2));
    const open = refresh(cloudApp(new URL("http://auth.example.com")), secrets.refresh, far);
    expect(await failureOf(open)).toMatchObject({
      code: "config",
      details: { setting: "ATLASSIAN_AUTH_URL" },
    });
    expect(far.sent).toEqual([]);
  });

  it("reads what went wrong although the server adds a challenge", async () => {
    const server = await startServer((_request, response) =>
      sendJson(response, { error: "invalid_client" }, 401, { "www-authenticate": "Basic" }),
    );
    const error = await failureOf(refresh(cloudApp(server.url), secrets.refresh, { fetch }));
    expect(error).toMatchObject({
      code: "config",
      details: { setting: "ATLASSIAN_OAUTH_CLIENT_SECRET" },
    });
  });
});

describe("tokens for a service account", () => {
  it.each([
    ["Cloud", cloudApp(), null],
    ["Cloud with scopes", { ...cloudApp(), scopes: ["a", "b"] }, "a b"],
    ["Data Center", dataCenterApp(), "WRITE"],
  ])("asks %s", async (_where, app, scope) => {
    const { fetch, sent } = fakeFetch(tokens(1, { refresh_token: undefined }));
    await clientCredentials(app, { fetch });
    expect(sent[0]?.body.get("grant_type")).toBe("client_credentials");
    expect(sent[0]?.body.get("scope")).toBe(scope);
  });
});

describe("revoking", () => {
  it("tells Data Center", async () => {
    const { fetch, sent } = fakeFetch({ body: "" });
    expect(await revoke(dataCenterApp(), secrets.refresh, { fetch })).toBe(true);
    expect(sent[0]?.url).toBe("https://jira.example.com/jira/rest/oauth2/latest/revoke");
    expect(sent[0]?.body.get("token")).toBe(secrets.refresh);
  });

  it("cannot be had on Cloud", async () => {
    const { fetch, sent } = fakeFetch({ body: "" });
    expect(await revoke(cloudApp(), secrets.refresh, { fetch })).toBe(false);
    expect(sent).toEqual([]);
  });
});

const system = (code: string) =>
  new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) });
const failures: [string, Error | { status: number; body: unknown }, string, string?][] = [
  ["a dead token, 400", { status: 400, body: { error: "invalid_grant" } }, "auth"],
  ["a dead token, 401", { status: 401, body: { error: "invalid_grant" } }, "auth"],
  ["a dead token, 403", { status: 403, body: { error: "invalid_grant" } }, "auth"],
  [
    "a dead token in other words",
    {
      status: 403,
      body: { error: "unauthorized_client", error_description: "refresh_token is invalid" },
    },
    "auth",
  ],
  [
    "a wrong secret",
    { status: 401, body: { error: "invalid_client" } },
    "config",
    "ATLASSIAN_OAUTH_CLIENT_SECRET",
  ],
  [
    "an app that may not",
    { status: 403, body: { error: "unauthorized_client" } },
    "config",
    "ATLASSIAN_OAUTH_CLIENT_SECRET",
  ],
  [
    "access_denied",
    { status: 401, body: { error: "access_denied", error_description: "Unauthorized" } },
    "config",
    "ATLASSIAN_OAUTH_CLIENT_SECRET",
  ],
  ["401 without a word", { status: 401, body: "" }, "config", "ATLASSIAN_OAUTH_CLIENT_SECRET"],
  [
    "a wrong scope",
    { status: 400, body: { error: "invalid_scope" } },
    "config",
    "ATLASSIAN_OAUTH_SCOPE",
  ],
  [
    "a bad request",
    { status: 400, body: { error: "invalid_request" } },
    "config",
    "ATLASSIAN_OAUTH_CLIENT_ID",
  ],
  ["no endpoint", { status: 404, body: "<html>" }, "config", "ATLASSIAN_AUTH_URL"],
  ["too many requests", { status: 429, body: {} }, "rate_limited"],
  [
    "a broken issuer",
    { status: 503, body: `{"error":"x","error_description":"${secrets.refresh}"}` },
    "upstream",
  ],
  ["a redirect", { status: 302, body: "" }, "upstream"],
  ["a sign-in page with 403", { status: 403, body: `<html>${secrets.refresh}</html>` }, "upstream"],
  ["a sign-in page with 200", { status: 200, body: `<html>${secrets.refresh}</html>` }, "shape"],
  ["no token in the answer", { status: 200, body: { refresh_token: secrets.refresh } }, "shape"],
  ["a token that is no text", { status: 200, body: tokens(1, { access_token: 1 }) }, "shape"],
  [
    "an echo",
    {
      status: 403,
      body: { error: "invalid_grant", error_description: `${secrets.client} ${secrets.refresh}` },
    },
    "auth",
  ],
  ["no route", system("ECONNREFUSED"), "network"],
  ["an unknown host", system("ENOTFOUND"), "network"],
  ["a stalled connection", system("UND_ERR_HEADERS_TIMEOUT"), "timeout"],
];

describe("failures", () => {
  it.each(failures)("%s", async (_what, answer, code, setting) => {
    const { fetch } = fakeFetch(answer);
    const error = await failureOf(refresh(cloudApp(), secrets.refresh, { fetch }));
    expect(error).toMatchObject({ code });
    expect(error).toHaveProperty("details.next", expect.stringMatching(/\.$/));
    if (setting !== undefined) expect(error).toHaveProperty("details.setting", setting);
    expect(allOf(error)).not.toMatch(secretText);
  });

  it("says how long to stay away", async () => {
    const server = await startServer((_request, response) =>
      sendJson(response, {}, 429, { "retry-after": "7" }),
    );
    const error = await failureOf(refresh(cloudApp(server.url), secrets.refresh, { fetch }));
    expect(error).toMatchObject({ code: "rate_limited", details: { retryAfterMs: 7000 } });
  });

  it("names the site's own setting on Data Center", async () => {
    const { fetch } = fakeFetch({ status: 404, body: "" });
    const error = await failureOf(refresh(dataCenterApp(), secrets.refresh, { fetch }));
    expect(error).toMatchObject({ code: "config", details: { setting: "JIRA_URL" } });
  });

  it("sends nothing without the app's id, secret and redirect address", async () => {
    const { fetch, sent } = fakeFetch(tokens(1));
    const app = cloudApp();
    for (const [attempt, setting] of [
      [refresh({ ...app, clientSecret: "" }, "x", { fetch }), "ATLASSIAN_OAUTH_CLIENT_SECRET"],
      [refresh({ ...app, clientId: "" }, "x", { fetch }), "ATLASSIAN_OAUTH_CLIENT_ID"],
      [
        exchangeCode({ ...app, redirectUri: undefined }, redirect(arrived), { fetch }),
        "ATLASSIAN_OAUTH_REDIRECT_URI",
      ],
    ] as const) {
      expect(await failureOf(attempt)).toMatchObject({ code: "config", details: { setting } });
    }
    expect(sent).toEqual([]);
  });

  it("gives up after its time limit", async () => {
    const server = await startServer(() => {});
    const late = refresh(cloudApp(server.url), secrets.refresh, { fetch, timeoutMs: 20 });
    expect(await failureOf(late)).toMatchObject({ code: "timeout" });
  });

  it("ends with the caller's own reason when the caller gives up", async () => {
    const server = await startServer(() => stop.abort(new Error("enough")));
    const stop = new AbortController();
    const options = { fetch, signal: stop.signal };
    await expect(refresh(cloudApp(server.url), secrets.refresh, options)).rejects.toThrow("enough");
  });
});

import { createHash } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { basic, client } from "../../../test/fakes/sandbox-client.ts";
import { cloudCode, cloudToken, postForm, readReply } from "../../../test/fakes/sandbox-login.ts";
import { type Sandbox, startSandbox } from "../server.ts";

const start = Date.parse("2026-03-11T12:00:00Z");
let time = start;
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ now: () => new Date(time) });
});
afterEach(() => {
  time = start;
  sandbox.reset();
});
afterAll(() => sandbox.close());

const myself = "/rest/api/3/myself";
const gateway = (token: string, product = "jira", id = sandbox.cloudId) =>
  client(`${sandbox.urls.gateway}/ex/${product}/${id}`, { authorization: `Bearer ${token}` });
const profile = (token: string) =>
  client(sandbox.urls.gateway, { authorization: `Bearer ${token}` });

describe("the token endpoint", () => {
  it("exchanges a code once, for opaque tokens that may not be cached", async () => {
    const code = await cloudCode(sandbox);
    const first = await cloudToken(sandbox, { grant_type: "authorization_code", code });
    expect(first.body).toEqual({
      access_token: expect.stringMatching(/^[\w-]{40,}$/),
      refresh_token: expect.stringMatching(/^[\w-]{40,}$/),
      expires_in: 3600,
      token_type: "Bearer",
      scope: "read:jira-work read:me offline_access",
    });
    expect(first.headers.get("cache-control")).toBe("no-store");
    const second = await cloudToken(sandbox, { grant_type: "authorization_code", code });
    expect(second).toMatchObject({ status: 403, body: { error: "invalid_grant" } });
  });

  it("gives a refresh token only with the scope for it", async () => {
    const code = await cloudCode(sandbox, { scope: "read:me" });
    const { body } = await cloudToken(sandbox, { grant_type: "authorization_code", code });
    expect(body).not.toHaveProperty("refresh_token");
  });

  it.each([
    ["another callback", { redirect_uri: "http://localhost:8080/callback/" }],
    ["no callback", { redirect_uri: undefined }],
  ])("refuses a code with %s", async (_name, change) => {
    const code = await cloudCode(sandbox);
    const answer = await cloudToken(sandbox, { grant_type: "authorization_code", code, ...change });
    expect(answer).toMatchObject({ status: 403, body: { error: "invalid_grant" } });
  });

  it("checks the verifier where there was a challenge", async () => {
    const verifier = "a-verifier-of-at-least-forty-three-characters";
    const challenge = createHash("sha256").update(verifier).digest("base64url");
    const redeem = async (code_verifier?: string) => {
      const code = await cloudCode(sandbox, {
        code_challenge: challenge,
        code_challenge_method: "S256",
      });
      return cloudToken(sandbox, { grant_type: "authorization_code", code, code_verifier });
    };
    expect((await redeem()).body.error).toBe("invalid_grant");
    expect((await redeem(`${verifier}!`)).body.error).toBe("invalid_grant");
    expect((await redeem(verifier)).status).toBe(200);
  });

  it("takes JSON, and client credentials in the header", async () => {
    const { clientId, clientSecret } = sandbox.login.app;
    const { refreshToken = "" } = sandbox.login.issue();
    const url = `${sandbox.urls.login}/oauth/token`;
    const json = { grant_type: "refresh_token", refresh_token: refreshToken };
    const asJson = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...json, client_id: clientId, client_secret: clientSecret }),
    });
    expect(asJson.status).toBe(200);
    const header = { authorization: basic(clientId, clientSecret) };
    expect((await postForm(url, json, header)).status).toBe(200);
  });

  it.each([
    ["a wrong secret", { client_secret: "wrong" }, 401, "access_denied"],
    ["no secret", { client_secret: undefined }, 401, "access_denied"],
    ["an unknown app", { client_id: "unknown" }, 401, "access_denied"],
    ["no grant type", { grant_type: undefined }, 400, "invalid_request"],
    ["no refresh token", { refresh_token: undefined }, 400, "invalid_request"],
    ["passwords", { grant_type: "password" }, 400, "unsupported_grant_type"],
    ["a service's grant", { grant_type: "client_credentials" }, 403, "unauthorized_client"],
    ["an unknown refresh token", {}, 403, "invalid_grant"],
  ])("refuses %s in OAuth's shape", async (_name, change, status, error) => {
    const fields = { grant_type: "refresh_token", refresh_token: "unknown", ...change };
    const answer = await cloudToken(sandbox, fields);
    expect(answer).toMatchObject({
      status,
      body: { error, error_description: expect.any(String) },
    });
  });

  it("answers bodies it cannot read, and other methods", async () => {
    const url = `${sandbox.urls.login}/oauth/token`;
    for (const body of ["{", "null", '"text"']) {
      const headers = { "content-type": "application/json" };
      expect(
        (await readReply(await fetch(url, { method: "POST", headers, body }))).body.error,
      ).toBe("invalid_request");
    }
    expect((await fetch(url)).status).toBe(405);
  });

  it("rotates refresh tokens and takes a late one for stolen", async () => {
    const refresh = (token = "") =>
      cloudToken(sandbox, { grant_type: "refresh_token", refresh_token: token });
    const first = sandbox.login.issue();
    const second = (await refresh(first.refreshToken)).body;
    expect(second.refresh_token).not.toBe(first.refreshToken);
    expect((await refresh(first.refreshToken)).status).toBe(200);
    time += 10 * 60_000;
    const late = await refresh(first.refreshToken);
    expect(late).toMatchObject({
      status: 403,
      body: { error: "invalid_grant", error_description: "Unknown or invalid refresh token." },
    });
    expect((await refresh(second.refresh_token)).status).toBe(403);
    expect((await gateway(second.access_token)("GET", myself)).status).toBe(401);
  });

  it("serves the service account without a browser or refresh token", async () => {
    const { clientId, clientSecret } = sandbox.login.serviceApp;
    const ask = (scope?: string) =>
      cloudToken(sandbox, {
        grant_type: "client_credentials",
        client_id: clientId,
        client_secret: clientSecret,
        scope,
      });
    const { body } = await ask();
    expect(body).toMatchObject({ expires_in: 3600, token_type: "Bearer" });
    expect(body).not.toHaveProperty("refresh_token");
    const me = await gateway(body.access_token)("GET", myself);
    expect(me.body.accountId).toBe(sandbox.serviceAccount.accountId);
    expect((await ask("read:jira-work")).body.scope).toBe("read:jira-work");
    expect((await ask("offline_access")).body.error).toBe("invalid_scope");
  });

  it("keeps a list of what it was asked, without secrets", async () => {
    await cloudToken(sandbox, { grant_type: "refresh_token", refresh_token: "unknown" });
    expect(sandbox.login.tokenRequests).toEqual([
      {
        site: "login",
        grantType: "refresh_token",
        clientId: sandbox.login.app.clientId,
        status: 403,
        at: new Date(start),
      },
    ]);
    expect(sandbox.requests.at(-1)).toMatchObject({ site: "login", url: "/oauth/token" });
  });
});

describe("issued tokens at the gateway", () => {
  it("open what their scopes say, as their user", async () => {
    const { accessToken } = sandbox.login.issue({ user: "ben", scopes: ["read:jira-user"] });
    const me = await gateway(accessToken)("GET", myself);
    expect(me.body.displayName).toBe("Ben Okafor");
    const search = await gateway(accessToken)("GET", "/rest/api/3/search/jql?jql=key=SHOP-1");
    expect(search.body).toEqual({ code: 401, message: "Unauthorized; scope does not match" });
  });

  it("do not open the site itself, whose own tokens do not open the gateway", async () => {
    const { accessToken } = sandbox.login.issue();
    const site = client(sandbox.urls.cloud, { authorization: `Bearer ${accessToken}` });
    expect((await site("GET", myself)).status).toBe(403);
    const [ada] = sandbox.users;
    expect((await gateway(ada.apiToken)("GET", myself)).status).toBe(401);
  });

  it.each([
    [
      "expired in time",
      () => {
        time += 3600_000;
      },
    ],
    ["were made to expire", (token: string) => sandbox.login.expire(token)],
    ["were revoked", (token: string) => sandbox.login.revoke(token)],
    ["were forgotten", () => sandbox.reset()],
  ])("are refused once they %s", async (_name, end) => {
    const { accessToken } = sandbox.login.issue();
    expect((await gateway(accessToken)("GET", myself)).status).toBe(200);
    end(accessToken);
    const answer = await gateway(accessToken)("GET", myself);
    expect(answer).toMatchObject({ status: 401, body: { code: 401, message: "Unauthorized" } });
    const list = await profile(accessToken)("GET", "/oauth/token/accessible-resources");
    expect(list.status).toBe(401);
  });

  it("reach the sites that were ticked", async () => {
    const { accessToken } = sandbox.login.issue({ sites: [sandbox.labsCloudId] });
    const answer = await gateway(accessToken)("GET", myself);
    expect([answer.status, answer.body.error]).toEqual([404, "Not Found"]);
    const labs = gateway(accessToken, "jira", sandbox.labsCloudId);
    expect((await labs("GET", myself)).status).toBe(200);
    const wiki = gateway(accessToken, "confluence", sandbox.labsCloudId);
    const spaces = await wiki("GET", "/wiki/api/v2/spaces");
    expect(spaces.body._links.base).toBe(`${sandbox.urls.cloudLabs}/wiki`);
    expect((await gateway(accessToken, "confluence")("GET", "/wiki/api/v2/spaces")).status).toBe(
      404,
    );
  });

  it("can be made to live shorter", async () => {
    sandbox.login.setAccessSeconds(2);
    const code = await cloudCode(sandbox);
    const { body } = await cloudToken(sandbox, { grant_type: "authorization_code", code });
    expect(body.expires_in).toBe(2);
    time += 2000;
    expect((await gateway(body.access_token)("GET", myself)).status).toBe(401);
  });

  it("are counted by grant", async () => {
    sandbox.login.issue({ expiresInSeconds: 60, scopes: ["read:me"] });
    const { refreshToken = "" } = sandbox.login.issue();
    expect(sandbox.login.liveGrants()).toBe(2);
    time += 60_000;
    expect(sandbox.login.liveGrants()).toBe(1);
    sandbox.login.revoke(refreshToken);
    expect(sandbox.login.liveGrants()).toBe(0);
  });
});

describe("the profile of a token", () => {
  it("lists each site once per product that its scopes name", async () => {
    const both = ["read:jira-work", "read:page:confluence", "read:me"];
    const list = async (wish: { scopes: readonly string[]; sites?: readonly string[] }) => {
      const { accessToken } = sandbox.login.issue(wish);
      const answer = await profile(accessToken)("GET", "/oauth/token/accessible-resources");
      return answer.body;
    };
    const entries = await list({ scopes: both });
    expect(entries.map((entry: { id: string }) => entry.id)).toEqual([
      sandbox.cloudId,
      sandbox.cloudId,
      sandbox.labsCloudId,
      sandbox.labsCloudId,
    ]);
    expect(entries[3]).toMatchObject({
      name: "harbourpine-labs",
      url: sandbox.urls.cloudLabs,
      scopes: ["read:page:confluence"],
    });
    expect(await list({ scopes: ["read:jira-work"], sites: [sandbox.cloudId] })).toHaveLength(1);
    expect(await list({ scopes: both, sites: [] })).toEqual([]);
  });

  it("tells who it is with the scope for it", async () => {
    const me = (scopes: readonly string[]) =>
      profile(sandbox.login.issue({ user: "emi", scopes }).accessToken)("GET", "/me");
    expect((await me(["read:me"])).body).toMatchObject({ name: "Emi Tanaka" });
    const refused = await me(["read:jira-work"]);
    expect(refused.body).toEqual({ code: 401, message: "Unauthorized; scope does not match" });
  });

  it("is nothing for API tokens", async () => {
    const service = profile(sandbox.tokens.service.value);
    expect((await service("GET", "/oauth/token/accessible-resources")).status).toBe(401);
    expect((await service("GET", "/me")).status).toBe(401);
  });
});

describe("API tokens for the gateway", () => {
  it("are each person's own", async () => {
    const [, ben] = sandbox.users;
    const { scopedOfBen } = sandbox.tokens;
    const base = `${sandbox.urls.gateway}/ex/jira/${sandbox.cloudId}`;
    const me = await client(base, { authorization: basic(ben.email, scopedOfBen.value) })(
      "GET",
      myself,
    );
    expect(me.body.accountId).toBe(ben.accountId);
    expect((await gateway(scopedOfBen.value)("GET", myself)).status).toBe(401);
    const site = client(sandbox.urls.cloud, { authorization: basic(ben.email, scopedOfBen.value) });
    expect((await site("GET", myself)).status).toBe(401);
  });

  it("of the service account work as Bearer and with its address, on the first site", async () => {
    const { service } = sandbox.tokens;
    const { email, accountId } = sandbox.serviceAccount;
    const bearer = gateway(service.value);
    expect((await bearer("GET", myself)).body.accountId).toBe(accountId);
    const base = `${sandbox.urls.gateway}/ex/jira/${sandbox.cloudId}`;
    const withAddress = client(base, { authorization: basic(email, service.value) });
    expect((await withAddress("GET", myself)).status).toBe(200);
    const [ada] = sandbox.users;
    const withOther = client(base, { authorization: basic(ada.email, service.value) });
    expect((await withOther("GET", myself)).status).toBe(401);
    const labs = gateway(service.value, "jira", sandbox.labsCloudId);
    expect((await labs("GET", myself)).status).toBe(404);
    const site = client(sandbox.urls.cloud, { authorization: basic(email, service.value) });
    expect((await site("GET", myself)).status).toBe(401);
  });

  it("let the service account write", async () => {
    const robot = gateway(sandbox.tokens.service.value);
    const fields = { project: { key: "SHOP" }, issuetype: { name: "Task" }, summary: "By a robot" };
    const created = await robot("POST", "/rest/api/3/issue", { fields });
    expect(created.status).toBe(201);
    const read = await robot("GET", `/rest/api/3/issue/${created.body.key}`);
    expect(read.body.fields.creator.displayName).toBe("Release Robot");
  });
});

describe("the second Cloud site", () => {
  it("has the same people and its own content", async () => {
    const [ada] = sandbox.users;
    const authorization = basic(ada.email, ada.apiToken);
    const labs = client(sandbox.urls.cloudLabs, { authorization });
    const first = client(sandbox.urls.cloud, { authorization });
    expect((await labs("GET", "/_edge/tenant_info")).body.cloudId).toBe(sandbox.labsCloudId);
    const path = "/rest/api/3/issue/SHOP-1";
    await labs("PUT", path, { fields: { summary: "Only here" } });
    expect((await labs("GET", path)).body.fields.summary).toBe("Only here");
    expect((await first("GET", path)).body.fields.summary).not.toBe("Only here");
    expect((await labs("GET", "/wiki/api/v2/spaces")).status).toBe(200);
  });
});

describe("faults on the login host", () => {
  const refresh = (refresh_token = "") =>
    cloudToken(sandbox, { grant_type: "refresh_token", refresh_token });

  it("can lose the answer to a refresh that was carried out", async () => {
    const { refreshToken } = sandbox.login.issue();
    const effect = { kind: "close", after: true } as const;
    sandbox.inject({ site: "login", match: "POST /oauth/token", effect });
    await expect(refresh(refreshToken)).rejects.toThrow();
    expect(sandbox.login.tokenRequests).toHaveLength(1);
    time += 10 * 60_000;
    expect((await refresh(refreshToken)).status).toBe(403);
  });

  it("can close before the refresh, or answer in its place", async () => {
    const { refreshToken } = sandbox.login.issue();
    sandbox.inject({ site: "login", match: "POST *", effect: { kind: "close" } });
    await expect(refresh(refreshToken)).rejects.toThrow();
    const answer = { status: 503, text: "try later" };
    sandbox.inject({ site: "login", match: "POST *", effect: { kind: "answer", answer } });
    expect((await refresh(refreshToken)).status).toBe(503);
    expect(sandbox.login.tokenRequests).toEqual([]);
  });

  it("can keep the client waiting for ever", async () => {
    sandbox.inject({ site: "login", match: "POST *", effect: { kind: "stall" } });
    const url = `${sandbox.urls.login}/oauth/token`;
    const stalled = fetch(url, { method: "POST", signal: AbortSignal.timeout(50) });
    await expect(stalled).rejects.toThrow(/timeout/i);
  });
});

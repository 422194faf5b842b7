import { createHash } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { basic, client, type SandboxClient } from "../../../test/fakes/sandbox-client.ts";
import {
  callbackOf,
  dataCenterAuthorizeUrl,
  dataCenterBase,
  dataCenterToken,
  postForm,
} from "../../../test/fakes/sandbox-login.ts";
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

type Product = "jira" | "confluence";
const products: readonly Product[] = ["jira", "confluence"];

const site = (product: Product, token: string) =>
  client(dataCenterBase(sandbox, product), { authorization: `Bearer ${token}` });
const whoAmI = (product: Product, token: string) =>
  site(product, token)("GET", product === "jira" ? "/rest/api/2/myself" : "/rest/api/user/current");
const write = (product: Product, as: SandboxClient) =>
  product === "jira"
    ? as("POST", "/rest/api/2/issue/OPS-8/watchers", "ben")
    : as("POST", "/rest/api/content", {
        type: "page",
        title: "By an app",
        space: { key: "ENG" },
        body: { storage: { value: "<p>x</p>", representation: "storage" } },
      });

async function code(product: Product, change: Readonly<Record<string, string>> = {}) {
  const url = dataCenterAuthorizeUrl(sandbox, product, { sandbox_user: "ada", ...change });
  return (await callbackOf(url)).get("code") ?? "";
}

describe.each(products)("the OAuth 2.0 provider of %s", (product) => {
  const token = (fields: Readonly<Record<string, string | undefined>>) =>
    dataCenterToken(sandbox, product, fields);

  it("signs a person in", async () => {
    const { body } = await token({ grant_type: "authorization_code", code: await code(product) });
    expect(body).toEqual({
      access_token: expect.any(String),
      refresh_token: expect.any(String),
      token_type: "bearer",
      expires_in: 7200,
      scope: "WRITE",
      created_at: start / 1000,
    });
    const me = await whoAmI(product, body.access_token);
    expect(me.body.displayName).toBe("Ada Moreno");
    time += 2 * 3600_000;
    expect((await whoAmI(product, body.access_token)).status).toBe(401);
  });

  it.each([
    ["S256", (verifier: string) => createHash("sha256").update(verifier).digest("base64url")],
    ["plain", (verifier: string) => verifier],
  ])("checks a verifier by %s", async (code_challenge_method, challenge) => {
    const verifier = "a-verifier-of-at-least-forty-three-characters";
    const asked = { code_challenge: challenge(verifier), code_challenge_method };
    const redeem = async (code_verifier?: string) =>
      token({
        grant_type: "authorization_code",
        code: await code(product, asked),
        code_verifier,
      });
    expect((await redeem()).status).toBe(400);
    expect((await redeem(`x${verifier}`)).body.error).toBe("invalid_grant");
    expect((await redeem(verifier)).status).toBe(200);
  });

  it("rotates refresh tokens", async () => {
    const first = sandbox.dataCenter[product].issue();
    const refresh = (refresh_token = "") => token({ grant_type: "refresh_token", refresh_token });
    const second = await refresh(first.refreshToken);
    expect((await whoAmI(product, second.body.access_token)).status).toBe(200);
    expect(await refresh(first.refreshToken)).toMatchObject({
      status: 400,
      body: { error: "invalid_grant" },
    });
    expect((await refresh(second.body.refresh_token)).status).toBe(200);
  });

  it("serves the service account for a named scope", async () => {
    const { clientId, clientSecret } = sandbox.dataCenter[product].serviceApp;
    const ask = (scope?: string) =>
      token({
        grant_type: "client_credentials",
        client_id: clientId,
        client_secret: clientSecret,
        scope,
      });
    expect((await ask()).body.error).toBe("invalid_scope");
    expect((await ask("EVERYTHING")).body.error).toBe("invalid_scope");
    const { body } = await ask("READ");
    expect(body).not.toHaveProperty("refresh_token");
    expect((await whoAmI(product, body.access_token)).body.displayName).toBe("Release Robot");
  });

  it.each([
    ["a wrong secret", { client_secret: "wrong" }, 401, "invalid_client"],
    ["an unknown app", { client_id: "unknown" }, 401, "invalid_client"],
    ["no grant type", { grant_type: undefined }, 400, "invalid_request"],
    ["passwords", { grant_type: "password" }, 400, "unsupported_grant_type"],
    ["a service's grant", { grant_type: "client_credentials" }, 400, "unauthorized_client"],
  ])("refuses %s in OAuth's shape", async (_name, change, status, error) => {
    const answer = await token({ grant_type: "refresh_token", refresh_token: "x", ...change });
    expect(answer).toMatchObject({ status, body: { error } });
  });

  it("takes forms only", async () => {
    const url = `${dataCenterBase(sandbox, product)}/rest/oauth2/latest/token`;
    const headers = { "content-type": "application/json" };
    expect((await fetch(url, { method: "POST", headers, body: "{}" })).status).toBe(415);
    expect((await fetch(url)).status).toBe(405);
  });

  it("revokes an access token alone, a refresh token with everything", async () => {
    const { clientId, clientSecret } = sandbox.dataCenter[product].app;
    const url = `${dataCenterBase(sandbox, product)}/rest/oauth2/latest/revoke`;
    const authorization = basic(clientId, clientSecret);
    const revoke = (value?: string) => postForm(url, { token: value }, { authorization });
    const first = sandbox.dataCenter[product].issue();
    const refresh = { grant_type: "refresh_token", refresh_token: first.refreshToken };
    const second = await token(refresh);
    expect((await revoke(first.accessToken)).status).toBe(200);
    expect((await whoAmI(product, first.accessToken)).status).toBe(401);
    expect((await whoAmI(product, second.body.access_token)).status).toBe(200);
    expect((await revoke(second.body.refresh_token)).status).toBe(200);
    expect((await whoAmI(product, second.body.access_token)).status).toBe(401);
    expect((await revoke("unknown")).status).toBe(200);
    expect((await revoke()).status).toBe(400);
    expect((await postForm(url, { token: "x" })).status).toBe(401);
  });

  it("lets READ read, and the higher scopes write", async () => {
    const as = (scope: string) => {
      const { accessToken } = sandbox.dataCenter[product].issue({ scopes: [scope] });
      return site(product, accessToken);
    };
    const me = product === "jira" ? "/rest/api/2/myself" : "/rest/api/user/current";
    expect((await as("READ")("GET", me)).status).toBe(200);
    expect((await write(product, as("READ"))).status).toBe(403);
    expect((await as("READ")("POST", "/rest/pat/latest/tokens", { name: "x" })).status).toBe(403);
    for (const scope of ["WRITE", "ADMIN", "SYSTEM_ADMIN"]) {
      expect((await write(product, as(scope))).status).toBeLessThan(300);
      sandbox.reset();
    }
  });

  it("loses answers and stalls where a fault is set", async () => {
    const { refreshToken = "" } = sandbox.dataCenter[product].issue();
    const refresh = () => token({ grant_type: "refresh_token", refresh_token: refreshToken });
    sandbox.inject({
      site: `${product}-data-center`,
      match: "POST /rest/oauth2/latest/token",
      effect: { kind: "close", after: true },
    });
    await expect(refresh()).rejects.toThrow();
    expect((await refresh()).status).toBe(400);
    expect(sandbox.dataCenter[product].tokenRequests).toMatchObject([
      { grantType: "refresh_token", status: 200 },
      { grantType: "refresh_token", status: 400 },
    ]);
  });
});

it("keeps the tokens of the two sites apart", async () => {
  const jira = sandbox.dataCenter.jira.issue();
  const confluence = sandbox.dataCenter.confluence.issue();
  expect((await whoAmI("jira", jira.accessToken)).status).toBe(200);
  expect((await whoAmI("confluence", jira.accessToken)).status).toBe(401);
  expect((await whoAmI("confluence", confluence.accessToken)).status).toBe(200);
  expect((await whoAmI("jira", confluence.accessToken)).status).toBe(401);
});

it("lets a READ token of Jira search with POST", async () => {
  const { accessToken } = sandbox.dataCenter.jira.issue({ scopes: ["READ"] });
  const search = await site("jira", accessToken)("POST", "/rest/api/2/search", {
    jql: "key = SHOP-1",
  });
  expect(search.body.total).toBe(1);
});

it("ends tokens as time or an administrator would", async () => {
  const { jira } = sandbox.dataCenter;
  const [first, second] = [jira.issue(), jira.issue({ user: "ben" })];
  expect(jira.liveGrants()).toBe(2);
  jira.expire(first.accessToken);
  jira.revoke(second.refreshToken ?? "");
  expect((await whoAmI("jira", first.accessToken)).status).toBe(401);
  expect((await whoAmI("jira", second.accessToken)).status).toBe(401);
  expect(jira.liveGrants()).toBe(1);
  expect(() => jira.issue({ user: "mallory" })).toThrow("mallory");
});

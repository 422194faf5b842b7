import { generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  askToken,
  authorize,
  authorizeUrl,
  Browser,
  clientRedirect,
  documents,
  locationOf,
  openConsent,
  register,
  startAuthorizationServer,
  verifier,
} from "../../test/fakes/oauth-server.ts";
import { type Sandbox, startSandbox } from "../sandbox/server.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.reset());
afterAll(() => sandbox.close());

describe("behind a proxy that ends TLS", () => {
  it("sends addresses and cookies as browsers are to see them", async () => {
    const setup = await startAuthorizationServer(sandbox, {
      publicBase: "https://mcp.example.com/atlassian",
    });
    const browser = new Browser(setup.map);
    const id = String((await register({ base: setup.local })).body["client_id"]);
    const url = authorizeUrl(setup, id);
    const started = await browser.open(url);
    expect(started.headers.getSetCookie().every((cookie) => /; ?secure/i.test(cookie))).toBe(true);
    const { address, csrf } = await openConsent(browser, url);
    expect(address).toMatch(/^https:\/\/mcp\.example\.com\/atlassian\/interaction\//);
    const approved = await browser.post(address, { csrf, decision: "approve" });
    const [cookie = ""] = approved.headers.getSetCookie();
    expect(cookie).toMatch(
      /^__Host-mcp-login-[\w-]{8}=[\w-]{43}; Path=\/; Max-Age=600; Secure; HttpOnly; SameSite=Lax$/,
    );
    expect(new URL(locationOf(approved)).searchParams.get("redirect_uri")).toBe(
      "https://mcp.example.com/atlassian/callback",
    );
  });

  it("lets users in", async () => {
    const setup = await startAuthorizationServer(sandbox, {
      publicBase: "https://mcp.example.com/atlassian",
    });
    const id = String((await register({ base: setup.local })).body["client_id"]);
    const browser = new Browser(setup.map);
    const back = await authorize(setup, id, { sites: sandbox.cloudId, browser });
    expect(back.searchParams.get("iss")).toBe("https://mcp.example.com/atlassian");
    const { status } = await askToken(
      { base: setup.local },
      {
        grant_type: "authorization_code",
        client_id: id,
        code: back.searchParams.get("code") ?? "",
        redirect_uri: clientRedirect,
        code_verifier: verifier,
      },
    );
    expect(status).toBe(200);
  });
});

describe("a client that signs its requests", () => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const jwks = { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "one", alg: "ES256" }] };
  const client_assertion_type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const assertion = (clientId: string, audience: string, header: object = {}, key = privateKey) => {
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: clientId,
      sub: clientId,
      aud: audience,
      jti: randomUUID(),
      iat: now,
      exp: now + 60,
    };
    const text = `${part({ alg: "ES256", kid: "one", ...header })}.${part(claims)}`;
    const signature = sign("sha256", Buffer.from(text), {
      key,
      dsaEncoding: "ieee-p1363",
    });
    return `${text}.${signature.toString("base64url")}`;
  };

  it("is known by its key, and an assertion counts once over all replicas", async () => {
    const setup = await startAuthorizationServer(sandbox, { replicas: 2 });
    const client = await register(setup, { token_endpoint_auth_method: "private_key_jwt", jwks });
    const id = String(client.body["client_id"]);
    const back = await authorize(setup, id, { sites: sandbox.cloudId });
    const fields = {
      grant_type: "authorization_code",
      code: back.searchParams.get("code") ?? "",
      redirect_uri: clientRedirect,
      code_verifier: verifier,
      client_assertion_type,
    };
    const foreign = await askToken(setup, {
      ...fields,
      client_assertion: assertion(id, "https://other.example"),
    });
    expect(foreign.body["error"]).toBe("invalid_client");
    const client_assertion = assertion(id, setup.base);
    const first = await askToken(setup, { ...fields, client_assertion });
    expect(first.status).toBe(200);
    const again = await askToken(setup, { ...fields, client_assertion });
    expect(again.body["error"]).toBe("invalid_client");
  });

  const stranger = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const strangersKey = stranger.publicKey.export({ format: "jwk" });
  it.each<[string, object]>([
    ["the key of somebody else", {}],
    ["a key that it brings along", { jwk: strangersKey }],
    ["keys at an address that it names", { jku: "https://evil.example/jwks.json", kid: "two" }],
    ["no signature", { alg: "none" }],
  ])("is not believed with %s", async (_name, header) => {
    const documentFetch = documents({
      "https://evil.example/jwks.json": { keys: [{ ...strangersKey, kid: "two" }] },
    });
    const setup = await startAuthorizationServer(sandbox, { documentFetch });
    const client = await register(setup, { token_endpoint_auth_method: "private_key_jwt", jwks });
    const id = String(client.body["client_id"]);
    const ask = async (client_assertion: string) => {
      const fields = { grant_type: "refresh_token", refresh_token: "x", client_assertion };
      return (await askToken(setup, { ...fields, client_assertion_type })).body["error"];
    };
    const forged = assertion(id, setup.base, header, stranger.privateKey);
    expect(await ask(forged)).toBe("invalid_client");
    expect(await ask(assertion(id, setup.base))).toBe("invalid_grant");
    expect(documentFetch.asked).toEqual([]);
  });
});

describe("a flood", () => {
  it.each([
    ["/authorize?client_id=x", 120, {}],
    ["/token", 300, { method: "POST", body: new URLSearchParams({ grant_type: "x" }) }],
  ])("of requests to %s is stopped after %d in a minute", async (path, max, init) => {
    const setup = await startAuthorizationServer(sandbox, { clock: () => 0 });
    const ask = () => fetch(`${setup.base}${path}`, { ...init, headers: { accept: "text/html" } });
    for (let count = 0; count < max; count += 1) {
      const { status } = await ask();
      if (status === 429) throw new Error(`stopped after ${count}`);
    }
    const answer = await ask();
    expect(answer.status).toBe(429);
    expect(answer.headers.get("retry-after")).toBe("60");
  });
});

it("drops a login whose client never fetched its tokens", async () => {
  let now = Date.now();
  const clock = () => now;
  const { createMemoryStore } = await import("../store/memory-store.ts");
  const kept = new Set<string>();
  const inner = createMemoryStore({ clock });
  const store = {
    ...inner,
    put: (key: string, value: string, ttlMs?: number) => {
      if (key.startsWith("oauth:login:")) kept.add(key);
      return inner.put(key, value, ttlMs);
    },
  };
  const setup = await startAuthorizationServer(sandbox, { clock, store });
  const id = String((await register(setup)).body["client_id"]);
  await authorize(setup, id, { sites: sandbox.cloudId });
  const [key = ""] = kept;
  expect(await store.get(key)).toBeDefined();
  now += 601_000;
  expect(await store.get(key)).toBeUndefined();
});

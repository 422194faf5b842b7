import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  authorizeUrl,
  Browser,
  connect,
  refreshWith,
  register,
  startAuthorizationServer,
} from "../../test/fakes/oauth-server.ts";
import { silentLogger } from "../log.ts";
import { type Sandbox, startSandbox } from "../sandbox/server.ts";
import { createMemoryStore } from "../store/memory-store.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.reset());
afterAll(() => sandbox.close());

describe("a registration", () => {
  it("is answered with exactly what is stored", async () => {
    const setup = await startAuthorizationServer(sandbox);
    const { status, body, headers } = await register(setup, {
      token_endpoint_auth_method: undefined,
      scope: "read:jira something:else",
      grant_types: ["authorization_code", "refresh_token", "client_credentials"],
      response_types: ["code", "token"],
      logo_uri: "",
      tos_uri: null,
      unknown_field: "dropped",
    });
    expect(status).toBe(201);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(body).toEqual({
      client_id: expect.stringMatching(/^mcp-[\w-]{32}$/),
      client_id_issued_at: expect.any(Number),
      client_name: "Test client",
      redirect_uris: ["http://127.0.0.1:5555/callback"],
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      token_endpoint_auth_method: "none",
      application_type: "native",
    });
  });

  it("takes the addresses for a hint at what the client is", async () => {
    const setup = await startAuthorizationServer(sandbox);
    expect((await register(setup, { application_type: "web" })).body["application_type"]).toBe(
      "native",
    );
    const redirect_uris = ["https://claude.ai/api/mcp/auth_callback"];
    const { body } = await register(setup, { application_type: "web", redirect_uris });
    expect(body["application_type"]).toBe("web");
  });

  it("gives a secret to those who ask for one, and to nobody else", async () => {
    const setup = await startAuthorizationServer(sandbox);
    const secret = await register(setup, { token_endpoint_auth_method: "client_secret_post" });
    expect(secret.body).toMatchObject({
      client_secret: expect.stringMatching(/.{40}/),
      client_secret_expires_at: 0,
    });
    const pub = await register(setup);
    expect(pub.body).not.toHaveProperty("client_secret");
    expect(pub.body).not.toHaveProperty("client_secret_expires_at");
  });

  it("takes keys of clients that sign", async () => {
    const setup = await startAuthorizationServer(sandbox);
    const wrong = await register(setup, { token_endpoint_auth_method: "private_key_jwt" });
    expect(wrong.body["error"]).toBe("invalid_client_metadata");
    const jwks = {
      keys: [
        {
          kty: "EC",
          crv: "P-256",
          x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
          y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        },
      ],
    };
    const right = await register(setup, { token_endpoint_auth_method: "private_key_jwt", jwks });
    expect(right.body).toMatchObject({ token_endpoint_auth_method: "private_key_jwt", jwks });
  });

  it.each<[string, object, string]>([
    ["no address", { redirect_uris: [] }, "invalid_redirect_uri"],
    ["something else", { redirect_uris: "http://127.0.0.1/" }, "invalid_redirect_uri"],
    ["a script", { redirect_uris: ["javascript:alert(1)"] }, "invalid_redirect_uri"],
    ["http elsewhere", { redirect_uris: ["http://client.example.com/cb"] }, "invalid_redirect_uri"],
    [
      "http elsewhere, for the web",
      { redirect_uris: ["http://evil.example/cb"], application_type: "web" },
      "invalid_redirect_uri",
    ],
    ["https on this machine", { redirect_uris: ["https://localhost/cb"] }, "invalid_redirect_uri"],
    ["an unknown host", { redirect_uris: ["https://evil.example/cb"] }, "invalid_redirect_uri"],
    ["an unknown scheme", { redirect_uris: ["evil://cb"] }, "invalid_redirect_uri"],
    [
      "keys that come unencrypted",
      { token_endpoint_auth_method: "private_key_jwt", jwks_uri: "http://client.example.com/jwks" },
      "invalid_client_metadata",
    ],
    ["a fragment", { redirect_uris: ["http://127.0.0.1/cb#x"] }, "invalid_redirect_uri"],
    ["no code flow", { grant_types: ["client_credentials"] }, "invalid_client_metadata"],
    ["no code", { response_types: ["token"] }, "invalid_client_metadata"],
    [
      "a method that we do not have",
      { token_endpoint_auth_method: "tls_client_auth" },
      "invalid_client_metadata",
    ],
  ])("is refused with %s", async (_name, metadata, error) => {
    const setup = await startAuthorizationServer(sandbox);
    const { status, body } = await register(setup, metadata);
    expect({ status, error: body["error"] }).toEqual({ status: 400, error });
  });

  it("of no JSON is refused", async () => {
    const { base } = await startAuthorizationServer(sandbox);
    const answer = await fetch(`${base}/register`, { method: "POST", body: "{" });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: "invalid_client_metadata" });
  });

  it("of any size is refused", async () => {
    const { base } = await startAuthorizationServer(sandbox);
    const answer = await fetch(`${base}/register`, { method: "POST", body: "x".repeat(100_000) });
    expect(answer.status).toBe(413);
  });
});

describe("a registered client", () => {
  const status = async (base: string, resource: string, id: string) =>
    (await new Browser().open(authorizeUrl({ base, resource }, id))).status;

  it("is forgotten after a day without a user, and stays with one", async () => {
    let now = Date.now();
    const clock = () => now;
    const setup = await startAuthorizationServer(sandbox, {
      clock,
      store: createMemoryStore({ clock }),
    });
    const unused = String((await register(setup)).body["client_id"]);
    const { clientId } = await connect(setup);
    now += 86_400_000 + 1000;
    expect(await status(setup.base, setup.resource, unused)).toBe(400);
    expect(await status(setup.base, setup.resource, clientId)).toBe(303);
  });

  it("is bound by the operator's list as it is now, not as it was then", async () => {
    const store = createMemoryStore();
    const before = await startAuthorizationServer(sandbox, { store });
    const id = String((await register(before)).body["client_id"]);
    const { clientId, refresh } = await connect(before);
    const changes = { store, allowedRedirects: ["https://client.example.com/callback"] };
    const after = await startAuthorizationServer(sandbox, changes);
    expect(await status(before.base, before.resource, id)).toBe(303);
    expect(await status(after.base, after.resource, id)).toBe(400);
    expect((await refreshWith(after, clientId, refresh)).body["error"]).toBe("invalid_client");
  });

  it("is renewed no longer once the operator does not allow that", async () => {
    const store = createMemoryStore();
    const before = await startAuthorizationServer(sandbox, { store });
    const { clientId, refresh } = await connect(before);
    const changes = { store, grantTypes: ["authorization_code"] as const };
    const after = await startAuthorizationServer(sandbox, changes);
    const { body } = await refreshWith(after, clientId, refresh);
    expect(body["error_description"]).toContain("grant type is not allowed");
  });
});

describe("a flood", () => {
  it("of large registrations fills no store", async () => {
    const setup = await startAuthorizationServer(sandbox);
    const jwks = { keys: [{ kty: "RSA", n: "x".repeat(20_000), e: "AQAB" }] };
    const { status, body } = await register(setup, { jwks });
    expect({ status, error: body["error"] }).toEqual({
      status: 400,
      error: "invalid_client_metadata",
    });
  });

  it("of registrations from one address is stopped, with a word when to come back", async () => {
    let now = Date.now();
    const setup = await startAuthorizationServer(sandbox, { clock: () => now });
    let last = await register(setup);
    for (let count = 1; count < 31; count += 1) last = await register(setup);
    expect(last.status).toBe(429);
    expect(Number(last.headers.get("retry-after"))).toBeGreaterThan(0);
    now += 60_000;
    expect((await register(setup)).status).toBe(201);
  });

  it("that counts everybody behind a proxy as one is told to the operator", async () => {
    const warned: unknown[] = [];
    const log = { ...silentLogger, warn: (...line: unknown[]) => void warned.push(line) };
    const flood = async (headers: Record<string, string>, trustProxy: number) => {
      const setup = await startAuthorizationServer(sandbox, { log, trustProxy, clock: () => 0 });
      for (let count = 0; count < 31; count += 1)
        await fetch(`${setup.base}/register`, { method: "POST", body: "{", headers });
      return warned.splice(0);
    };
    const forwarded = { "x-forwarded-for": "192.0.2.1" };
    expect(await flood(forwarded, 0)).toEqual([
      ["callers.merged", { route: "register", setting: "MCP_TRUSTED_PROXIES" }],
    ]);
    expect(await flood(forwarded, 1)).toEqual([]);
    expect(await flood({}, 0)).toEqual([]);
  });

  it("is told apart by address only as far as the operator's proxies say", async () => {
    const flood = async (trustProxy: number) => {
      const setup = await startAuthorizationServer(sandbox, { trustProxy, clock: () => 0 });
      const statuses = new Set<number>();
      for (let count = 0; count < 40; count += 1) {
        const forwarded = `10.0.0.${count}, 192.0.2.${count}`;
        const headers = { "x-forwarded-for": forwarded };
        const answer = await fetch(`${setup.base}/register`, {
          method: "POST",
          body: "{",
          headers,
        });
        statuses.add(answer.status);
      }
      return [...statuses];
    };
    expect(await flood(0)).toEqual([400, 429]);
    expect(await flood(1)).toEqual([400]);
  });
});

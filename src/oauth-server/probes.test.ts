import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  askToken,
  authorize,
  authorizeUrl,
  Browser,
  clientRedirect,
  connect,
  type Fields,
  locationOf,
  redeem,
  refreshWith,
  register,
  startAuthorizationServer,
} from "../../test/fakes/oauth-server.ts";
import { type Sandbox, startSandbox } from "../sandbox/server.ts";
import { createMemoryStore } from "../store/memory-store.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.reset());
afterAll(() => sandbox.close());

async function start(changes = {}) {
  let now = Date.now();
  const clock = () => now;
  const store = createMemoryStore({ clock });
  const setup = await startAuthorizationServer(sandbox, { clock, store, ...changes });
  const pass = (ms: number) => {
    now += ms;
  };
  return { ...setup, pass };
}

describe("codes", () => {
  it("are good once, and a second use ends what the first one gave", async () => {
    const setup = await start();
    const { clientId, code, access, refresh } = await connect(setup);
    expect((await redeem(setup, clientId, code)).body["error"]).toBe("invalid_grant");
    expect(await setup.server.verify(access)).toBeUndefined();
    expect((await refreshWith(setup, clientId, refresh)).body["error"]).toBe("invalid_grant");
  });

  it("are good for a minute", async () => {
    const setup = await start();
    const id = String((await register(setup)).body["client_id"]);
    const back = await authorize(setup, id, { sites: sandbox.cloudId });
    setup.pass(61_000);
    const { status, body } = await redeem(setup, id, back.searchParams.get("code") ?? "");
    expect({ status, error: body["error"] }).toEqual({ status: 400, error: "invalid_grant" });
  });

  it.each<[string, Fields]>([
    ["another verifier", { code_verifier: "x".repeat(43) }],
    ["no verifier", { code_verifier: undefined }],
    ["another redirect address", { redirect_uri: "http://127.0.0.1:5556/callback" }],
  ])("are refused with %s", async (_name, change) => {
    const setup = await start();
    const id = String((await register(setup)).body["client_id"]);
    const back = await authorize(setup, id, { sites: sandbox.cloudId });
    const code = back.searchParams.get("code") ?? "";
    expect((await redeem(setup, id, code, change)).body["error"]).toBe("invalid_grant");
  });

  it("are refused to another client", async () => {
    const setup = await start();
    const [one, other] = [await register(setup), await register(setup)];
    const back = await authorize(setup, String(one.body["client_id"]), { sites: sandbox.cloudId });
    const code = back.searchParams.get("code") ?? "";
    const reply = await redeem(setup, String(other.body["client_id"]), code);
    expect(reply.body["error"]).toBe("invalid_grant");
  });
});

describe("refresh tokens", () => {
  it("rotate, and the return of an old one after the grace ends the whole grant", async () => {
    const setup = await start();
    const { clientId, refresh } = await connect(setup);
    const second = await refreshWith(setup, clientId, refresh);
    expect(second.body["refresh_token"]).not.toBe(refresh);
    setup.pass(21_000);
    expect((await refreshWith(setup, clientId, refresh)).body["error"]).toBe("invalid_grant");
    const third = await refreshWith(setup, clientId, second.body["refresh_token"] ?? "");
    expect(third.body["error"]).toBe("invalid_grant");
    expect(await setup.server.verify(second.body["access_token"] ?? "")).toBeUndefined();
  });

  it("may be used by several processes of a client at the same moment", async () => {
    const setup = await start();
    const { clientId, refresh } = await connect(setup);
    const [one, other] = await Promise.all([
      refreshWith(setup, clientId, refresh),
      refreshWith(setup, clientId, refresh),
    ]);
    expect([one.status, other.status]).toEqual([200, 200]);
    expect(one.body["refresh_token"]).not.toBe(other.body["refresh_token"]);
    setup.pass(21_000);
    for (const { body } of [one, other]) {
      expect((await refreshWith(setup, clientId, body["refresh_token"] ?? "")).status).toBe(200);
    }
  });

  it("end with the grant after 60 days", async () => {
    const setup = await start();
    const { clientId, refresh } = await connect(setup);
    setup.pass(61 * 86_400_000);
    expect((await refreshWith(setup, clientId, refresh)).status).toBe(400);
  });

  it("are not given where the operator does not allow them", async () => {
    const setup = await start({ grantTypes: ["authorization_code"] });
    const client = await register(setup, { grant_types: ["authorization_code", "refresh_token"] });
    expect(client.body["grant_types"]).toEqual(["authorization_code"]);
    const { body } = await connect(setup, { clientId: String(client.body["client_id"]) });
    expect(body).not.toHaveProperty("refresh_token");
  });
});

describe("access tokens", () => {
  it("are good for ten minutes", async () => {
    const setup = await start();
    const { access } = await connect(setup);
    setup.pass(599_000);
    expect(await setup.server.verify(access)).toBeDefined();
    setup.pass(2000);
    expect(await setup.server.verify(access)).toBeUndefined();
  });

  it("are not replaced by refresh tokens, codes or nonsense", async () => {
    const setup = await start();
    const { refresh, code } = await connect(setup);
    for (const token of [refresh, code, "", "x"]) {
      expect(await setup.server.verify(token)).toBeUndefined();
    }
  });
});

describe("an authorization request with a mistake", () => {
  it.each<[string, Fields, string]>([
    ["no PKCE", { code_challenge: undefined, code_challenge_method: undefined }, "invalid_request"],
    ["plain PKCE", { code_challenge_method: "plain" }, "invalid_request"],
    ["another resource", { resource: "https://other.example.com/mcp" }, "invalid_target"],
    ["another flow", { response_type: "none" }, "unsupported_response_type"],
    ["a silent request", { prompt: "none" }, "login_required"],
  ])("is answered at the client, with the issuer: %s", async (_name, change, error) => {
    const setup = await start();
    const id = String((await register(setup)).body["client_id"]);
    const back = new URL(locationOf(await new Browser().open(authorizeUrl(setup, id, change))));
    expect(back.href.startsWith(`${clientRedirect}?`)).toBe(true);
    expect(Object.fromEntries(back.searchParams)).toMatchObject({
      error,
      iss: setup.base,
      state: "state-of-the-client",
    });
  });

  it.each<[string, Fields]>([
    ["another path", { redirect_uri: "http://127.0.0.1:5555/other" }],
    ["another name of this machine", { redirect_uri: "http://localhost:5555/callback" }],
    ["a foreign host", { redirect_uri: "https://evil.example/callback" }],
    ["an unknown client", { client_id: "mcp-unknown" }],
    ["the app's own id", { client_id: "sandbox-cloud-client" }],
  ])("is never redirected: %s", async (_name, change) => {
    const setup = await start();
    const id = String((await register(setup)).body["client_id"]);
    const answer = await new Browser().open(authorizeUrl(setup, id, change));
    expect(answer.status).toBe(400);
    expect(answer.headers.get("location")).toBeNull();
    expect(answer.headers.get("content-type")).toMatch("text/html");
  });

  it("tells a program in JSON", async () => {
    const setup = await start();
    const url = authorizeUrl(setup, "mcp-unknown");
    const answer = await fetch(url, { headers: { accept: "application/json" } });
    expect(await answer.json()).toMatchObject({ error: "invalid_client" });
  });
});

describe("what a request leaves open", () => {
  it("may be the port of the client's own machine", async () => {
    const setup = await start();
    const id = String((await register(setup)).body["client_id"]);
    const change = { redirect_uri: "http://127.0.0.1:61234/callback" };
    const back = await authorize(setup, id, { sites: sandbox.cloudId, change });
    expect(back.port).toBe("61234");
    const code = back.searchParams.get("code") ?? "";
    expect((await redeem(setup, id, code, change)).status).toBe(200);
  });

  it.each([
    ["http://[::1]:4000/callback", "http://[::1]:4001/callback"],
    ["http://localhost/callback", "http://localhost:4001/callback"],
    [
      "cursor://anysphere.cursor-mcp/oauth/callback",
      "cursor://anysphere.cursor-mcp/oauth/callback",
    ],
    ["https://claude.ai/api/mcp/auth_callback", "https://claude.ai/api/mcp/auth_callback"],
  ])("is answered where it was registered: %s", async (registered, redirect_uri) => {
    const setup = await start();
    const { body } = await register(setup, { redirect_uris: [registered] });
    const id = String(body["client_id"]);
    const change = { redirect_uri };
    const back = await authorize(setup, id, { sites: sandbox.cloudId, change });
    expect(back.href.startsWith(`${redirect_uri}?`)).toBe(true);
    const code = back.searchParams.get("code") ?? "";
    expect((await redeem(setup, id, code, change)).status).toBe(200);
  });

  it("may be the scope", async () => {
    const setup = await start();
    const { body } = await connect(setup, { change: { scope: undefined } });
    expect(body["scope"]).toBe("read:jira write:jira read:confluence write:confluence");
  });

  it("may be the resource, at every step", async () => {
    const setup = await start();
    const id = String((await register(setup)).body["client_id"]);
    const change = { resource: undefined };
    const back = await authorize(setup, id, { sites: sandbox.cloudId, change });
    const { body } = await redeem(setup, id, back.searchParams.get("code") ?? "", change);
    expect(await setup.server.verify(body["access_token"] ?? "")).toBeDefined();
    const again = await refreshWith(setup, id, body["refresh_token"] ?? "");
    expect(await setup.server.verify(again.body["access_token"] ?? "")).toBeDefined();
  });

  it.each(["login", "consent", "login consent"])(
    "may demand what happens anyway: prompt %s",
    async (prompt) => {
      const setup = await start();
      const { access } = await connect(setup, {
        change: { prompt, scope: "read:jira offline_access" },
      });
      expect(await setup.server.verify(access)).toMatchObject({ scopes: ["read:jira"] });
    },
  );

  it("ignores scopes that it does not know", async () => {
    const setup = await start();
    const { body } = await connect(setup, { change: { scope: "read:jira mcp:everything" } });
    expect(body["scope"]).toBe("read:jira");
  });

  it("does not mind a slash after the resource", async () => {
    const setup = await start();
    const id = String((await register(setup)).body["client_id"]);
    const change = { resource: `${setup.resource}/` };
    const back = await authorize(setup, id, { sites: sandbox.cloudId, change });
    const { body } = await redeem(setup, id, back.searchParams.get("code") ?? "");
    const again = await refreshWith(setup, id, body["refresh_token"] ?? "", change);
    expect(await setup.server.verify(again.body["access_token"] ?? "")).toBeDefined();
  });

  it("may ask by POST", async () => {
    const setup = await start();
    const id = String((await register(setup)).body["client_id"]);
    const url = new URL(authorizeUrl(setup, id));
    const answer = await fetch(`${setup.base}/authorize`, {
      method: "POST",
      body: url.searchParams,
      redirect: "manual",
    });
    expect(answer.status).toBe(303);
    expect(new URL(locationOf(answer), setup.base).searchParams.get("client_id")).toBe(id);
  });
});

describe("the token endpoint", () => {
  it("refuses another resource", async () => {
    const setup = await start();
    const id = String((await register(setup)).body["client_id"]);
    const back = await authorize(setup, id, { sites: sandbox.cloudId });
    const code = back.searchParams.get("code") ?? "";
    const reply = await redeem(setup, id, code, { resource: "https://other.example.com/mcp" });
    expect(reply.body["error"]).toBe("invalid_target");
  });

  it("answers in JSON that nobody keeps", async () => {
    const setup = await start();
    const { status, body, headers } = await askToken(setup, { grant_type: "password" });
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("content-type")).toMatch("application/json");
    expect({ status, error: body["error"] }).toMatchObject({
      status: 400,
      error: "invalid_request",
    });
  });

  it("knows who signs in by secret, in both ways", async () => {
    const setup = await start();
    for (const method of ["client_secret_basic", "client_secret_post"]) {
      const client = await register(setup, { token_endpoint_auth_method: method });
      const [id, secret] = [client.body["client_id"], client.body["client_secret"]].map(String);
      const back = await authorize(setup, id ?? "", { sites: sandbox.cloudId });
      const fields = {
        grant_type: "authorization_code",
        code: back.searchParams.get("code") ?? "",
        redirect_uri: clientRedirect,
        code_verifier: "verifier-of-the-client-0123456789-0123456789-012345",
      };
      const basic = { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}` };
      const isBasic = method === "client_secret_basic";
      const wrong = await askToken(setup, { ...fields, client_id: id });
      expect(wrong).toMatchObject({ body: { error: "invalid_client" } });
      const reply = isBasic
        ? await askToken(setup, fields, basic)
        : await askToken(setup, { ...fields, client_id: id, client_secret: secret });
      expect(reply.status).toBe(200);
    }
  });
});

describe("the revocation endpoint", () => {
  it("says yes to tokens that it does not know", async () => {
    const setup = await start();
    const id = String((await register(setup)).body["client_id"]);
    const body = new URLSearchParams({ token: "unknown", client_id: id });
    expect((await fetch(`${setup.base}/revoke`, { method: "POST", body })).status).toBe(200);
  });

  it("does nothing for another client", async () => {
    const setup = await start();
    const { access, refresh } = await connect(setup);
    const id = String((await register(setup)).body["client_id"]);
    const body = new URLSearchParams({ token: refresh, client_id: id });
    await fetch(`${setup.base}/revoke`, { method: "POST", body });
    expect(await setup.server.verify(access)).toBeDefined();
  });
});

it("gives an id token to those who ask for one", async () => {
  const setup = await start();
  const { body } = await connect(setup, { change: { scope: "openid read:jira" } });
  const claims = JSON.parse(
    Buffer.from((body["id_token"] ?? "").split(".")[1] ?? "", "base64url").toString(),
  );
  expect(claims.iss).toBe(setup.base);
  const verified = await setup.server.verify(body["access_token"] ?? "");
  expect(claims.sub).toBe(verified?.subject);
});

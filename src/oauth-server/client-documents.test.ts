import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  authorizeUrl,
  Browser,
  connect,
  documents,
  openConsent,
  refreshWith,
  startAuthorizationServer,
} from "../../test/fakes/oauth-server.ts";
import { type Sandbox, startSandbox } from "../sandbox/server.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { isDocumentId } from "./client-documents.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.reset());
afterAll(() => sandbox.close());

const id = "https://client.example.com/oauth/client.json";
const good = {
  client_id: id,
  client_name: "Documented client",
  redirect_uris: ["http://127.0.0.1/callback", "https://client.example.com/cb"],
};
const statusOf = async (setup: { base: string; resource: string }, clientId = id, change = {}) =>
  (await new Browser().open(authorizeUrl(setup, clientId, change))).status;

async function start(document: object | Response, changes = {}) {
  let now = Date.now();
  const clock = () => now;
  const known: Record<string, object | Response> = { [id]: document };
  const documentFetch = documents(known);
  const store = createMemoryStore({ clock });
  const setup = await startAuthorizationServer(sandbox, {
    documentFetch,
    clock,
    store,
    ...changes,
  });
  const pass = (ms: number) => {
    now += ms;
  };
  return { ...setup, known, asked: documentFetch.asked, pass };
}

describe("a client with a document", () => {
  it("connects without registration, on any port of its machine", async () => {
    const setup = await start({ ...good, scope: "read:jira", application_type: undefined });
    const { access, refresh } = await connect(setup, { clientId: id });
    expect(await setup.server.verify(access)).toMatchObject({ clientId: id });
    expect((await refreshWith(setup, id, refresh)).status).toBe(200);
  });

  it("is shown with the host that vouches for it", async () => {
    const setup = await start(good);
    const { text } = await openConsent(new Browser(), authorizeUrl(setup, id));
    expect(text).toContain("client.example.com");
    expect(text).toContain("Documented client");
  });

  it("is answered at addresses of its own host and of well-known clients alone", async () => {
    const redirect_uris = ["https://client.example.com/cb", "https://evil.example/cb"];
    const setup = await start({ ...good, redirect_uris });
    const at = (redirect_uri: string) => statusOf(setup, id, { redirect_uri });
    expect(await at("https://client.example.com/cb")).toBe(303);
    expect(await at("https://evil.example/cb")).toBe(400);
  });

  it("loses its users when the document is taken back", async () => {
    const setup = await start(good);
    const { refresh } = await connect(setup, { clientId: id });
    setup.known[id] = new Response("", { status: 404 });
    setup.pass(31_000);
    expect((await refreshWith(setup, id, refresh)).body["error"]).toBe("invalid_client");
  });

  it("keeps them while a stranger asks for too much of its host", async () => {
    const setup = await start(good);
    const { refresh } = await connect(setup, { clientId: id });
    setup.pass(61_000);
    for (let count = 0; count < 40; count += 1)
      await statusOf(setup, `https://client.example.com/${count}`);
    expect((await refreshWith(setup, id, refresh)).status).toBe(200);
  });

  it("keeps them while its host is out of reach", async () => {
    const setup = await start(good);
    const { refresh } = await connect(setup, { clientId: id });
    setup.known[id] = new Response("", { status: 503 });
    setup.pass(31_000);
    const again = await refreshWith(setup, id, refresh);
    expect(again.status).toBe(200);
    setup.pass(86_400_000);
    expect((await refreshWith(setup, id, again.body["refresh_token"] ?? "")).status).not.toBe(200);
  });
});

describe("a document", () => {
  it.each<[string, object | Response]>([
    ["of another id", { ...good, client_id: `${id}?x` }],
    ["without an id", { ...good, client_id: undefined }],
    ["with a secret", { ...good, client_secret: "s" }],
    ["with the end of a secret", { ...good, client_secret_expires_at: 0 }],
    ["for a shared secret", { ...good, token_endpoint_auth_method: "client_secret_post" }],
    ["without addresses", { ...good, redirect_uris: [] }],
    ["with http elsewhere", { ...good, redirect_uris: ["http://client.example.com/cb"] }],
    ["with a script", { ...good, redirect_uris: ["javascript:alert(1)"] }],
    ["that is a list", [good]],
    ["that is none", new Response("<html>")],
    ["that is not there", new Response("", { status: 404 })],
    [
      "that is elsewhere",
      new Response("", { status: 302, headers: { location: "https://evil.example" } }),
    ],
    ["that is large", { ...good, padding: "x".repeat(6000) }],
  ])("%s is refused", async (_name, document) => {
    expect(await statusOf(await start(document))).toBe(400);
  });

  it("is read once while it is fresh, by all replicas, and again afterwards", async () => {
    const headers = { "cache-control": "public, max-age=600" };
    const setup = await start(Response.json(good, { headers }), { replicas: 3 });
    for (let count = 0; count < 6; count += 1) expect(await statusOf(setup)).toBe(303);
    expect(setup.asked).toHaveLength(1);
    setup.pass(601_000);
    await statusOf(setup);
    expect(setup.asked).toHaveLength(2);
  });

  it("is kept for half a minute at least, and an hour at most while nobody uses it", async () => {
    const brief = await start(Response.json(good, { headers: { "cache-control": "no-store" } }));
    await statusOf(brief);
    brief.pass(29_000);
    await statusOf(brief);
    expect(brief.asked).toHaveLength(1);
    const long = await start(
      Response.json(good, { headers: { "cache-control": "max-age=99999999" } }),
    );
    await statusOf(long);
    long.pass(3_601_000);
    await statusOf(long);
    expect(long.asked).toHaveLength(2);
  });

  it("of a client in use is kept for a day at most", async () => {
    const headers = { "cache-control": "max-age=99999999" };
    const setup = await start(Response.json(good, { headers }));
    await connect(setup, { clientId: id });
    setup.pass(3_601_000);
    await statusOf(setup);
    setup.pass(80_000_000);
    await statusOf(setup);
    expect(setup.asked).toHaveLength(2);
    setup.pass(7_000_000);
    await statusOf(setup);
    expect(setup.asked).toHaveLength(3);
  });

  it("that failed is not asked for again and again", async () => {
    const setup = await start(new Response("", { status: 404 }));
    for (let count = 0; count < 5; count += 1) await statusOf(setup);
    expect(setup.asked).toHaveLength(1);
    setup.known[id] = good;
    setup.pass(61_000);
    expect(await statusOf(setup)).toBe(303);
  });

  it("of one host among many is not fetched without end", async () => {
    const setup = await start(good);
    for (let count = 0; count < 50; count += 1)
      await statusOf(setup, `https://client.example.com/${count}`);
    expect(setup.asked.length).toBeLessThanOrEqual(30);
  });
});

describe("an id", () => {
  it.each([
    "http://client.example.com/client.json",
    "https://client.example.com",
    "https://client.example.com/",
    "https://client.example.com/a/../client.json",
    "https://client.example.com/a/%2e%2e/client.json",
    "https://client.example.com/%2E/client.json",
    "https://user@client.example.com/client.json",
    "https://client.example.com/client.json#x",
    "https://CLIENT.example.com/client.json",
    "https://client.example.com:443/client.json",
    "https://client.example.com\\client.json",
    "HTTPS://client.example.com/client.json",
    "file:///etc/passwd",
    "https:///client.json",
  ])("%s is not fetched", async (strange) => {
    expect(isDocumentId(strange)).toBe(false);
    const setup = await start(good);
    expect(await statusOf(setup, strange)).toBe(400);
    expect(setup.asked).toEqual([]);
  });

  it("inside this machine or network is stopped by the fetch that documents get", async () => {
    const refusal = () => Promise.reject(new Error("special address"));
    const setup = await startAuthorizationServer(sandbox, { documentFetch: refusal });
    expect(await statusOf(setup, "https://127.0.0.1/client.json")).toBe(400);
    expect(await statusOf(setup, "https://169.254.169.254/latest/meta-data")).toBe(400);
  });
});

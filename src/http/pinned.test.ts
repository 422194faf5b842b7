import { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { buildConnector } from "undici";
import { describe, expect, it } from "vitest";
import { sendJson, startServer, tlsFile, tlsServer } from "../../test/fakes/loopback.ts";
import { startConnectProxy } from "../../test/fakes/proxies.ts";
import { testClient, testPool } from "../../test/fakes/test-client.ts";
import { parseAllowedHosts } from "./allowed-hosts.ts";
import type { ApiClientOptions } from "./client.ts";
import { createFetch } from "./fetch.ts";
import { apiPath } from "./path.ts";
import { pinnedConnector, type Resolver } from "./pinned.ts";

const myself = { path: apiPath`/rest/api/2/myself` };
const inside = parseAllowedHosts(["*", "localhost", "127.0.0.1"]).addresses;
const outside = parseAllowedHosts(["*"]).addresses;
const tls = {
  prefix: "JIRA",
  verify: true,
  caFiles: [{ setting: "ATLASSIAN_CA_BUNDLE", path: tlsFile("ca.pem") }],
};

/** A resolver that answers with the next list each time, and what it was asked. */
function resolver(...answers: string[][]): { resolve: Resolver; asked: string[] } {
  const asked: string[] = [];
  const resolve = async (name: string) => answers[asked.push(name) - 1] ?? [];
  return { resolve, asked };
}

function call(url: URL, resolve: Resolver, options: Partial<ApiClientOptions> = {}) {
  const pool = testPool({ resolve });
  const made = testClient(url, { pool, tls, guard: inside, ...options });
  return { ...made, get: () => made.client.json(myself) };
}

describe("a guarded connection", () => {
  it("goes to the address that was checked, under the name that was asked for", async () => {
    const server = await startServer(
      (_, response) => sendJson(response, { ok: 1 }),
      tlsServer("site.pem"),
    );
    const { resolve, asked } = resolver(["127.0.0.1"], ["192.168.0.1"]);
    const pool = testPool({ resolve, concurrency: 1 });
    const { get } = call(new URL(`https://localhost:${server.port}`), resolve, { pool });
    expect(await get()).toEqual({ ok: 1 });
    // What the name leads to by now plays no part while the connection lasts.
    expect(await get()).toEqual({ ok: 1 });
    expect(asked).toEqual(["localhost"]);
    for (const { headers, socket } of server.seen) {
      expect(headers.host).toBe(`localhost:${server.port}`);
      expect((socket as TLSSocket & { servername: string }).servername).toBe("localhost");
    }
  });

  it("still checks the certificate against the name", async () => {
    const server = await startServer(
      (_, response) => sendJson(response, {}),
      tlsServer("site.pem"),
    );
    const { resolve } = resolver(["127.0.0.1"]);
    const { get } = call(new URL(`https://other.test:${server.port}`), resolve);
    await expect(get()).rejects.toMatchObject({
      code: "network",
      details: { next: expect.stringContaining("name on the certificate") },
    });
    expect(server.seen).toHaveLength(0);
  });

  it.each([
    ["a private address", ["127.0.0.1"]],
    ["a public and a private address", ["8.8.8.8", "127.0.0.1"]],
    ["a mapped private address", ["::ffff:127.0.0.1"]],
    ["a metadata service", ["169.254.169.254"]],
    ["nothing", []],
    ["something that is no address", ["localhost"]],
  ])("is refused once and for all when the name leads to %s", async (_, addresses) => {
    const server = await startServer((_request, response) => sendJson(response, {}));
    const { resolve, asked } = resolver(addresses, ["8.8.8.8"]);
    const { get, waits } = call(new URL(`http://evil.test:${server.port}`), resolve, {
      guard: outside,
    });
    await expect(get()).rejects.toMatchObject({
      code: "forbidden",
      details: { setting: "MCP_ALLOWED_URL_DOMAINS", product: "jira" },
    });
    expect([asked.length, waits.length, server.connections]).toEqual([1, 0, 0]);
  });

  it("checks literal addresses without asking the resolver", async () => {
    const server = await startServer((_, response) => sendJson(response, { ok: 1 }));
    const { resolve, asked } = resolver();
    await expect(call(server.url, resolve, { guard: outside }).get()).rejects.toMatchObject({
      code: "forbidden",
    });
    expect(server.connections).toBe(0);
    expect(await call(server.url, resolve).get()).toEqual({ ok: 1 });
    expect(asked).toEqual([]);
  });

  it("never goes through a proxy", async () => {
    const server = await startServer((_, response) => sendJson(response, { ok: 1 }));
    const proxy = await startConnectProxy();
    const all = `http://127.0.0.1:${proxy.port}`;
    const { resolve } = resolver(["127.0.0.1"]);
    const { get } = call(new URL(`http://listed.test:${server.port}`), resolve, {
      proxy: { product: { all }, environment: {} },
    });
    expect(await get()).toEqual({ ok: 1 });
    expect(proxy.tunnels).toEqual([]);
  });

  it("tries the next address when one does not answer", async () => {
    const server = await startServer((_, response) => sendJson(response, { ok: 1 }));
    const guard = parseAllowedHosts(["127.0.0.0/8"]).addresses;
    const { resolve } = resolver(["127.0.0.9", "127.0.0.1"]);
    const { get } = call(new URL(`http://listed.test:${server.port}`), resolve, { guard });
    expect(await get()).toEqual({ ok: 1 });
  });

  it("does not lend its sockets to calls with other rules", async () => {
    const server = await startServer((_, response) => sendJson(response, {}));
    const { resolve } = resolver(["127.0.0.1"], ["127.0.0.1"]);
    const pool = testPool({ resolve });
    const url = new URL(`http://listed.test:${server.port}`);
    await testClient(url, { pool, guard: inside }).client.json(myself);
    const other = testClient(url, { pool, guard: outside }).client.json(myself);
    await expect(other).rejects.toMatchObject({ code: "forbidden" });
  });

  it("lets go of a socket that ended up elsewhere", async () => {
    const elsewhere = new Socket();
    const connect: buildConnector.connector = (_, callback) => callback(null, elsewhere);
    const pinned = pinnedConnector(connect, outside, async () => ["8.8.8.8"]);
    const options = { hostname: "listed.test", protocol: "https:", port: "443" };
    const failure = await new Promise((resolve) =>
      pinned(options, (...outcome) => resolve(outcome[0])),
    );
    expect(failure).toMatchObject({ code: "forbidden" });
    expect(elsewhere.destroyed).toBe(true);
  });

  it("guards the function for signing in, too", async () => {
    const { resolve } = resolver(["10.0.0.1"]);
    const send = createFetch({
      pool: testPool({ resolve }),
      address: "X-Atlassian-Jira-Url",
      guard: outside,
      timeoutMs: 5000,
      userAgent: "t",
    });
    await expect(send("https://evil.test/token")).rejects.toMatchObject({ code: "forbidden" });
  });
});

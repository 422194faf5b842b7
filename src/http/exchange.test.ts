import { createServer } from "node:net";
import { Agent } from "undici";
import { describe, expect, it, onTestFinished } from "vitest";
import { listenUntilTestEnds, startServer } from "../../test/fakes/loopback.ts";
import { testClient } from "../../test/fakes/test-client.ts";
import type { ApiClientOptions } from "./client.ts";
import { exchange } from "./exchange.ts";
import { apiPath } from "./path.ts";
import { defaultRetry } from "./retry.ts";

const page = { path: apiPath`/rest/api/content/1` };
const once = { ...defaultRetry, retries: 0 };

interface Site {
  readonly length?: number;
  readonly stalls?: boolean;
}

// A server tells the length of an answer or sends it in chunks.
describe.each([
  ["with a length", true],
  ["in chunks", false],
])("an answer %s", (_, hasLength) => {
  const headersFor = (length: number): Record<string, string> =>
    hasLength ? { "content-length": String(length) } : {};

  /** A client of a site that answers with these bytes, of `length` announced ones, and ends or stalls there. */
  async function clientFor(body: string, given: Partial<ApiClientOptions> & Site = {}) {
    const { length = Buffer.byteLength(body), stalls = false, ...options } = given;
    const server = await startServer((__, response) => {
      response.writeHead(200, headersFor(length));
      response.write(body, () => {
        if (stalls) return;
        if (length === Buffer.byteLength(body)) response.end();
        else response.destroy();
      });
    });
    return testClient(server.url, { retry: once, ...options }).client;
  }

  it("is read as UTF-8 without its byte order mark", async () => {
    const client = await clientFor('\uFEFF{"a":"é🎉"}');
    expect(await client.json(page)).toEqual({ a: "é🎉" });
  });

  it("may be as large as the limit and no larger", async () => {
    const body = JSON.stringify("é".repeat(50_000));
    const maxBytes = Buffer.byteLength(body);
    expect(await (await clientFor(body, { maxBytes })).json(page)).toHaveLength(50_000);
    const client = await clientFor(body, { maxBytes: maxBytes - 1 });
    await expect(client.json(page)).rejects.toMatchObject({ code: "upstream" });
  });

  it("is an error of the network when it breaks off", async () => {
    const client = await clientFor('{"a":', { length: 100 });
    await expect(client.json(page)).rejects.toMatchObject({ code: "network" });
  });

  it("is given up at the deadline when it stalls", async () => {
    const options = { length: 100, stalls: true, timeoutMs: 60, clock: Date.now };
    const client = await clientFor('{"a":', options);
    await expect(client.json(page)).rejects.toMatchObject({ code: "timeout" });
  });

  it("leaves the connection usable", async () => {
    const server = await startServer((__, response) => {
      response.writeHead(200, headersFor(2)).end("{}");
    });
    const { client } = testClient(server.url);
    for (let call = 0; call < 20; call++) expect(await client.json(page)).toEqual({});
    expect(server.connections).toBeLessThanOrEqual(2);
  });
});

describe("exchange", () => {
  it("takes no early hint for the answer", async () => {
    const server = await startServer((_, response) => {
      response.writeEarlyHints({ link: "</style.css>; rel=preload" });
      response.writeHead(201, { "x-final": "yes" }).end("{}");
    });
    const answer = await exchange(openAgent(), outgoing(server.url));
    expect(answer).toMatchObject({ status: 201, headers: { "x-final": "yes" }, text: "{}" });
  });

  it("ends with its signal while the connection is still being made", async () => {
    const agent = openAgent();
    const controller = new AbortController();
    const reason = new Error("gone");
    // Accepts connections and never answers the TLS handshake.
    const silent = createServer(() => controller.abort(reason));
    const url = new URL(`https://127.0.0.1:${await listenUntilTestEnds(silent)}`);
    const { signal } = controller;
    await expect(exchange(agent, { ...outgoing(url), signal })).rejects.toBe(reason);
  });

  it("sends nothing once its signal has fired", async () => {
    const server = await startServer((_, response) => response.end("{}"));
    const reason = new Error("gone");
    const late = { ...outgoing(server.url), signal: AbortSignal.abort(reason) };
    await expect(exchange(openAgent(), late)).rejects.toBe(reason);
    expect(server.seen).toEqual([]);
  });

  function openAgent(): Agent {
    const agent = new Agent();
    onTestFinished(() => agent.destroy());
    return agent;
  }

  function outgoing(url: URL) {
    const { signal } = new AbortController();
    return { method: "GET", url, headers: {}, signal, maxBytes: 1000 } as const;
  }
});

import { brotliCompressSync, gzipSync } from "node:zlib";
import { describe, expect, it, vi } from "vitest";
import { sendJson, startServer } from "../../test/fakes/loopback.ts";
import { testClient, testPool } from "../../test/fakes/test-client.ts";
import { apiPath } from "./path.ts";
import type { Credentials } from "./types.ts";

const myself = { path: apiPath`/rest/api/3/myself` };

/** Credentials that move from one token to the next when they are renewed. */
function rotating(
  ...tokens: readonly string[]
): Credentials & { readonly renew: () => Promise<boolean> } {
  let index = 0;
  return {
    headers: () => ({ Authorization: `Bearer ${tokens[index]}` }),
    async renew() {
      index += 1;
      return index < tokens.length;
    },
  };
}

describe("requests", () => {
  it("keeps the base's path and encodes segments and query values", async () => {
    const server = await startServer((_, response) => sendJson(response, {}));
    const { client } = testClient(new URL("/ex/jira/11-22/", server.url));
    await client.json({
      path: apiPath`/rest/api/3/issue/${"A/../B"}`,
      query: { jql: "a = b & c", fields: ["x", "y z"], limit: 5, expand: undefined, flag: false },
    });
    expect(server.seen[0]?.url).toBe(
      "/ex/jira/11-22/rest/api/3/issue/A%2F..%2FB?jql=a%20%3D%20b%20%26%20c&fields=x&fields=y%20z&limit=5&flag=false",
    );
  });

  it("sends JSON with the headers of all sources, credentials last", async () => {
    const server = await startServer((_, response) => sendJson(response, { id: "1" }, 201));
    const { client } = testClient(server.url, {
      headers: {
        "X-Tenant": "t1",
        AUTHORIZATION: "Basic forged",
        Host: "evil.example",
        "User-Agent": "own",
      },
    });
    const request = {
      method: "POST",
      path: apiPath`/rest/api/3/issue`,
      json: { a: "ü" },
      headers: { "X-Force": "1" },
    } as const;
    expect(await client.json(request)).toEqual({ id: "1" });
    expect(server.seen[0]).toMatchObject({
      method: "POST",
      body: '{"a":"ü"}',
      headers: {
        authorization: "Bearer test-token",
        host: server.url.host,
        "x-tenant": "t1",
        "x-force": "1",
        "user-agent": "own",
        accept: "application/json",
        "accept-encoding": "gzip, br",
        "content-type": "application/json",
      },
    });
  });

  it("returns undefined for an empty answer", async () => {
    const server = await startServer((_, response) => response.writeHead(204).end());
    const { client } = testClient(server.url);
    expect(await client.json({ ...myself, method: "DELETE" })).toBeUndefined();
  });

  it.each([
    ["gzip", gzipSync('{"a":"é"}')],
    ["br", brotliCompressSync('{"a":"é"}')],
  ])("decodes %s", async (encoding, body) => {
    const server = await startServer((_, response) =>
      response.writeHead(200, { "content-encoding": encoding }).end(body),
    );
    expect(await testClient(server.url).client.json(myself)).toEqual({ a: "é" });
  });

  it("stops at the byte limit, counted after decoding", async () => {
    const bomb = gzipSync(JSON.stringify("x".repeat(100_000)));
    const server = await startServer((_, response) =>
      response.writeHead(200, { "content-encoding": "gzip" }).end(bomb),
    );
    const { client } = testClient(server.url, { maxBytes: 50_000 });
    await expect(client.json(myself)).rejects.toMatchObject({ code: "upstream" });
    expect(bomb.length).toBeLessThan(50_000);
  });

  it("reports a damaged encoding instead of hanging", async () => {
    const server = await startServer((_, response) =>
      response.writeHead(200, { "content-encoding": "gzip" }).end("not gzip at all"),
    );
    const { client } = testClient(server.url);
    await expect(client.json(myself)).rejects.toMatchObject({ code: "upstream" });
  });

  it("reuses connections for calls in a row", async () => {
    const server = await startServer((_, response) => sendJson(response, {}));
    const { client } = testClient(server.url);
    for (let call = 0; call < 20; call++) await client.json(myself);
    // undici opens a second one while it still marks the first as free.
    expect(server.connections).toBeLessThanOrEqual(2);
  });

  it("lets only reads through in read-only mode", async () => {
    const server = await startServer((_, response) => sendJson(response, {}));
    const { client } = testClient(server.url, { readOnly: true });
    const path = apiPath`/rest/api/3/search/jql`;
    await client.json(myself);
    await client.json({ method: "POST", path, idempotent: true });
    for (const method of ["POST", "PUT", "DELETE"] as const) {
      await expect(client.json({ method, path })).rejects.toMatchObject({ code: "forbidden" });
    }
    expect(server.seen.map((each) => each.method)).toEqual(["GET", "POST"]);
  });
});

describe("answers that are no JSON", () => {
  it.each([
    ["auth", '<html><form action="/login.jsp"><input name="os_username"></form></html>'],
    ["shape", "<html><title>Dashboard</title></html>"],
    ["shape", "OK"],
    ["shape", '{"cut": '],
  ])("is a %s error: %s", async (code, body) => {
    const server = await startServer((_, response) => response.end(body));
    await expect(testClient(server.url).client.json(myself)).rejects.toMatchObject({ code });
  });
});

describe("renewal of credentials", () => {
  it("renews once after a 401 and repeats the request, even a write", async () => {
    const server = await startServer((request, response) =>
      request.headers.authorization === "Bearer new"
        ? sendJson(response, { ok: true })
        : sendJson(response, { message: "expired" }, 401),
    );
    const { client } = testClient(server.url, { credentials: rotating("old", "new") });
    expect(await client.json({ ...myself, method: "POST", json: { n: 1 } })).toEqual({ ok: true });
    expect(server.seen.map((each) => [each.headers.authorization, each.body])).toEqual([
      ["Bearer old", '{"n":1}'],
      ["Bearer new", '{"n":1}'],
    ]);
  });

  it("does not renew a second time", async () => {
    const server = await startServer((_, response) => sendJson(response, {}, 401));
    const { client } = testClient(server.url, { credentials: rotating("a", "b", "c") });
    await expect(client.json(myself)).rejects.toMatchObject({ code: "auth" });
    expect(server.seen).toHaveLength(2);
  });

  it("does not renew for a missing scope, which a new token would lack as well", async () => {
    const body = { code: 401, message: "Unauthorized; scope does not match" };
    const server = await startServer((_, response) => sendJson(response, body, 401));
    const { client } = testClient(server.url, { credentials: rotating("a", "b") });
    await expect(client.json(myself)).rejects.toMatchObject({ code: "scope" });
    expect(server.seen).toHaveLength(1);
  });

  it("does not quote its credentials when the site echoes them", async () => {
    const server = await startServer((request, response) =>
      sendJson(response, { message: `bad ${request.headers.authorization} s3cret-token` }, 400),
    );
    const credentials = { headers: () => ({ authorization: "Bearer s3cret-token" }) };
    const failure = testClient(server.url, { credentials }).client.json(myself);
    await expect(failure).rejects.toThrow(/^(?!.*s3cret-token)/);
  });
});

describe("redirects", () => {
  it("follows them within the origin, relative and absolute, with the credentials", async () => {
    const server = await startServer((request, response) => {
      if (request.url === "/a") response.writeHead(302, { location: "../b?x=1" }).end();
      else if (request.url === "/b?x=1")
        response.writeHead(301, { location: `${server.url.origin}/c` }).end();
      else sendJson(response, { at: request.url });
    });
    const { client } = testClient(server.url);
    expect(await client.json({ path: apiPath`/a` })).toEqual({ at: "/c" });
    expect(server.seen.map((each) => each.headers.authorization)).toEqual(
      Array(3).fill("Bearer test-token"),
    );
  });

  it("sends nothing to another origin and names it", async () => {
    const other = await startServer((_, response) => sendJson(response, {}));
    const server = await startServer((_, response) =>
      response.writeHead(302, { location: `${other.url}rest?token=abc` }).end(),
    );
    const failure = testClient(server.url).client.json(myself);
    await expect(failure).rejects.toMatchObject({
      code: "upstream",
      message: expect.stringContaining(other.url.host),
    });
    await expect(failure).rejects.toThrow(/^(?!.*abc)/);
    expect(other.seen).toEqual([]);
  });

  it.each([
    "/login.jsp?os_destination=%2Frest",
    "https://sso.example.com/saml2?SAMLRequest=x",
    "https://id.atlassian.com/login",
  ])("recognises the login page %s", async (location) => {
    const server = await startServer((_, response) => response.writeHead(302, { location }).end());
    await expect(testClient(server.url).client.json(myself)).rejects.toMatchObject({
      code: "auth",
    });
    expect(server.seen).toHaveLength(1);
  });

  it("does not follow them for writes", async () => {
    const server = await startServer((_, response) =>
      response.writeHead(307, { location: "/elsewhere" }).end(),
    );
    const { client } = testClient(server.url);
    await expect(client.json({ ...myself, method: "PUT", json: {} })).rejects.toMatchObject({
      code: "upstream",
    });
    expect(server.seen).toHaveLength(1);
  });

  it("gives up on a circle after five", async () => {
    const server = await startServer((_, response) =>
      response.writeHead(302, { location: "/a" }).end(),
    );
    await expect(testClient(server.url).client.json(myself)).rejects.toMatchObject({
      code: "upstream",
    });
    expect(server.seen).toHaveLength(6);
  });
});

describe("repetition", () => {
  it("waits as told and repeats a read", async () => {
    const server = await startServer((_, response, index) =>
      index === 0
        ? sendJson(response, {}, 503, { "retry-after": "7" })
        : sendJson(response, { index }),
    );
    const { client, waits } = testClient(server.url);
    expect(await client.json(myself)).toEqual({ index: 1 });
    expect(waits).toEqual([7000 * 1.15]);
  });

  it("backs off exponentially, at most four tries, and keeps the last answer's words", async () => {
    const server = await startServer((_, response, index) =>
      sendJson(response, { message: `try ${index + 1}` }, 502),
    );
    const { client, waits } = testClient(server.url);
    await expect(client.json(myself)).rejects.toMatchObject({
      code: "upstream",
      message: expect.stringContaining("try 4"),
    });
    expect(waits).toEqual([2000, 4000, 8000]);
  });

  it("repeats a write after a 429, which was not carried out, but not after a 503", async () => {
    const server = await startServer((_, response, index) =>
      index === 0
        ? sendJson(response, {}, 429, { "retry-after": "1" })
        : sendJson(response, {}, 503),
    );
    const { client } = testClient(server.url);
    await expect(client.json({ ...myself, method: "POST" })).rejects.toMatchObject({
      code: "upstream",
    });
    expect(server.seen).toHaveLength(2);
  });

  it("repeats a lost read but not a lost write", async () => {
    const server = await startServer((_, response, index) =>
      index < 2 ? response.destroy() : sendJson(response, {}),
    );
    const { client } = testClient(server.url);
    await expect(client.json({ ...myself, method: "POST" })).rejects.toMatchObject({
      code: "network",
    });
    expect(server.seen).toHaveLength(1);
    await client.json(myself);
    expect(server.seen).toHaveLength(3);
  });

  it("says at once when to come back if that is too far away", async () => {
    const server = await startServer((_, response) =>
      sendJson(response, {}, 429, { "retry-after": "600" }),
    );
    const { client, waits } = testClient(server.url);
    await expect(client.json(myself)).rejects.toMatchObject({
      code: "rate_limited",
      details: { retryAfterMs: 600_000, status: 429 },
    });
    expect(waits).toEqual([]);
  });

  it("sends nothing more under a credential whose quota is used up", async () => {
    const headers = { "retry-after": "900", "ratelimit-reason": "jira-quota-global-based" };
    const server = await startServer((_, response, index) =>
      index === 0 ? sendJson(response, {}, 429, headers) : sendJson(response, {}),
    );
    const { client } = testClient(server.url);
    await expect(client.json(myself)).rejects.toMatchObject({ code: "rate_limited" });
    await expect(client.json({ path: apiPath`/other` })).rejects.toMatchObject({
      code: "rate_limited",
      details: { retryAfterMs: 900_000 },
    });
    expect(server.seen).toHaveLength(1);
  });
});

describe("deadline and cancellation", () => {
  it("ends a call that the site never answers", async () => {
    const server = await startServer(() => {});
    const { client } = testClient(server.url, { timeoutMs: 50, clock: Date.now });
    await expect(client.json(myself)).rejects.toMatchObject({
      code: "timeout",
      message: expect.stringContaining(server.url.host),
    });
  });

  it("ends a call whose answer stalls half-way", async () => {
    const server = await startServer((_, response) => response.writeHead(200).write('{"a":'));
    const { client } = testClient(server.url, { timeoutMs: 100, clock: Date.now });
    await expect(client.json(myself)).rejects.toMatchObject({ code: "timeout" });
  });

  it("ends a call whose credentials never come", async () => {
    const server = await startServer((_, response) => sendJson(response, {}));
    const credentials = { headers: () => new Promise<Record<string, string>>(() => {}) };
    const { client } = testClient(server.url, { timeoutMs: 30, credentials });
    await expect(client.json(myself)).rejects.toMatchObject({ code: "timeout" });
  });

  it("gives the caller's own reason back, also during a wait", async () => {
    const server = await startServer((_, response) => sendJson(response, {}, 503));
    const caller = new AbortController();
    const reason = new Error("the client went away");
    const sleep = vi.fn(async (_: number, signal: AbortSignal) => {
      caller.abort(reason);
      signal.throwIfAborted();
    });
    const { client } = testClient(server.url, { sleep });
    await expect(client.json({ ...myself, signal: caller.signal })).rejects.toBe(reason);
    expect(server.seen).toHaveLength(1);
  });

  it("sends nothing for a caller who has left already", async () => {
    const server = await startServer((_, response) => sendJson(response, {}));
    const { client } = testClient(server.url);
    await expect(client.json({ ...myself, signal: AbortSignal.abort("gone") })).rejects.toBe(
      "gone",
    );
    expect(server.seen).toEqual([]);
  });
});

describe("order", () => {
  it("runs writes with one key one after another, others at the same time", async () => {
    let running = 0;
    const together: number[] = [];
    const server = await startServer((_, response) => {
      together.push(++running);
      setTimeout(() => {
        running -= 1;
        sendJson(response, {});
      }, 20);
    });
    const { client } = testClient(server.url, { pool: testPool() });
    const write = (order: string) => client.json({ ...myself, method: "PUT", order });
    await Promise.all([write("A-1"), write("A-1"), write("A-1")]);
    expect(together).toEqual([1, 1, 1]);
    await Promise.all([write("A-1"), write("A-2"), write("A-3")]);
    expect(Math.max(...together)).toBe(3);
  });
});

import { setMaxListeners } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { sendJson, startServer } from "../../test/fakes/loopback.ts";
import { testClient, testPool } from "../../test/fakes/test-client.ts";
import { createBreaker } from "./breaker.ts";
import { apiPath } from "./path.ts";
import { defaultRetry } from "./retry.ts";

const myself = { path: apiPath`/rest/api/2/myself` };
const once = { ...defaultRetry, retries: 0 };

describe("createHttpPool", () => {
  it("keeps at most the given number of requests in flight per origin", async () => {
    let running = 0;
    let most = 0;
    const server = await startServer((_, response) => {
      most = Math.max(most, ++running);
      setTimeout(() => {
        running -= 1;
        sendJson(response, {});
      }, 5);
    });
    const { client } = testClient(server.url, { pool: testPool({ concurrency: 3 }) });
    await Promise.all(Array.from({ length: 12 }, () => client.json(myself)));
    expect([most, server.seen.length]).toEqual([3, 12]);
    expect(server.connections).toBeLessThanOrEqual(3);
  });

  it("answers one user next, however many calls of another wait", async () => {
    const server = await startServer((_, response) => sendJson(response, {}));
    const pool = testPool({ concurrency: 2 });
    const as = (user: string) => {
      const credentials = { headers: () => ({ authorization: user }) };
      return testClient(server.url, { pool, credentials, retry: once }).client;
    };
    // The first call opens the connections; only then do all others meet in the queue.
    await as("a").json(myself);
    const many = Array.from({ length: 300 }, () => as("a").json(myself));
    await as("b").json(myself);
    const users = server.seen.map((each) => each.headers.authorization);
    expect(users.indexOf("b")).toBeLessThan(10);
    await Promise.all(many);
  });

  it("refuses a call at once when too many with the same credentials wait", async () => {
    const server = await startServer(() => {});
    const pool = testPool({ concurrency: 1 });
    const { client } = testClient(server.url, { pool });
    const leaving = new AbortController();
    const { signal } = leaving;
    setMaxListeners(0, signal);
    const waiting = Array.from({ length: 501 }, () => client.json({ ...myself, signal }));
    await expect(client.json(myself)).rejects.toMatchObject({
      code: "rate_limited",
      details: { product: "jira", operation: "GET /rest/api/2/myself" },
    });
    leaving.abort(new Error("gone"));
    for (const each of waiting) await expect(each).rejects.toThrow("gone");
  });

  it("does not let a call outlive its deadline in the queue, nor send it later", async () => {
    const server = await startServer(() => {});
    const pool = testPool({ concurrency: 1 });
    const { client } = testClient(server.url, { pool, timeoutMs: 40, retry: once });
    const calls = [client.json(myself), client.json(myself), client.json(myself)];
    for (const call of calls) await expect(call).rejects.toMatchObject({ code: "timeout" });
    expect(server.seen).toHaveLength(1);
  });

  it("shares connections between users but not between proxies and identities", async () => {
    const server = await startServer((_, response) => sendJson(response, {}));
    const pool = testPool({ concurrency: 1 });
    const as = (user: string) => ({
      pool,
      credentials: { headers: () => ({ authorization: user }) },
    });
    await testClient(server.url, as("a")).client.json(myself);
    await testClient(server.url, as("b")).client.json(myself);
    expect(server.connections).toBe(1);
    const tls = { prefix: "JIRA", verify: false, caFiles: [] };
    await testClient(server.url, { pool, tls }).client.json(myself);
    expect(server.connections).toBe(2);
    expect(server.seen.map((each) => each.headers.authorization)).toEqual([
      "a",
      "b",
      "Bearer test-token",
    ]);
  });

  it("forgets the origin that was not used for longest", async () => {
    const servers = await Promise.all(
      [0, 1, 2].map(() =>
        startServer((_, response, index) =>
          index === 0
            ? sendJson(response, {}, 429, { "retry-after": "600" })
            : sendJson(response, {}),
        ),
      ),
    );
    const pool = testPool({ maxOrigins: 2 });
    const call = (url: URL) =>
      testClient(url, { pool, retry: once, clock: Date.now }).client.json(myself);
    for (const { url } of servers)
      await expect(call(url)).rejects.toMatchObject({ code: "rate_limited" });
    const [first, , third] = servers.map(({ url }) => url);
    await expect(call(third ?? new URL("x:"))).rejects.toMatchObject({ code: "rate_limited" });
    expect(await call(first ?? new URL("x:"))).toEqual({});
  });

  it("lets requests under way finish when it is closed, and sends nothing afterwards", async () => {
    let arrived = () => {};
    const arrival = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const server = await startServer((_, response) => {
      arrived();
      setTimeout(() => sendJson(response, { late: true }), 20);
    });
    const pool = testPool();
    const { client } = testClient(server.url, { pool });
    const call = client.json(myself);
    await arrival;
    await pool.close();
    expect(await call).toEqual({ late: true });
    await expect(client.json(myself)).rejects.toMatchObject({ code: "network" });
    expect(server.seen).toHaveLength(1);
  });

  it("ends requests under way when it is closed by force", async () => {
    const pool = testPool();
    const server = await startServer(() => void pool.close({ force: true }));
    await expect(
      testClient(server.url, { pool, retry: once }).client.json(myself),
    ).rejects.toMatchObject({ code: "network" });
  });

  it("stops calling a site that keeps failing, for all users, but not for their mistakes", async () => {
    const server = await startServer((_, response, index) =>
      sendJson(response, {}, index < 3 ? 404 : 500),
    );
    const pool = testPool({ breaker: { threshold: 2, cooldownMs: 60_000 } });
    const { client } = testClient(server.url, { pool, retry: once });
    const codes: string[] = [];
    for (let call = 0; call < 7; call++) {
      await client.json(myself).catch((error) => codes.push(error.details.status ?? error.code));
    }
    expect(codes).toEqual([404, 404, 404, 500, 500, "upstream", "upstream"]);
    expect(server.seen).toHaveLength(5);
    const other = await startServer((_, response) => sendJson(response, {}));
    expect(await testClient(other.url, { pool }).client.json(myself)).toEqual({});
  });
});

it("loads none of its libraries before the first request", () => {
  const folder = new URL(".", import.meta.url);
  const sources = readdirSync(folder).filter((name) => /^[^.]+\.ts$/.test(name));
  const eager = sources.flatMap((name) => {
    const text = readFileSync(new URL(name, folder), "utf8");
    const imports = text.match(/^import (?!type )[^;]*from "(undici|p-queue|opossum)"/gm) ?? [];
    return imports.map((line) => `${name}: ${line}`);
  });
  expect(sources).toContain("pool.ts");
  expect(eager).toEqual([]);
});

describe("createBreaker", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const settings = { threshold: 2, cooldownMs: 1000 };
  const isBad = (outcome: string) => outcome === "bad";

  it("opens after failures in a row, not in all, and says when to come back", async () => {
    const breaker = await createBreaker(settings, "jira.example");
    const run = (outcome: string) => breaker.run(async () => outcome, isBad);
    for (const outcome of ["bad", "good", "bad"]) expect(await run(outcome)).toBe(outcome);
    expect(await run("bad")).toBe("bad");
    vi.advanceTimersByTime(400);
    await expect(run("good")).rejects.toMatchObject({
      code: "upstream",
      details: { retryAfterMs: 600 },
    });
    breaker.close();
  });

  it("closes after a good probe and opens again after a bad one", async () => {
    const breaker = await createBreaker(settings, "jira.example");
    const run = (outcome: string) => breaker.run(async () => outcome, isBad);
    await run("bad");
    await run("bad");
    vi.advanceTimersByTime(1000);
    expect(await run("bad")).toBe("bad");
    await expect(run("good")).rejects.toMatchObject({ code: "upstream" });
    vi.advanceTimersByTime(1000);
    let finish = (_: string) => {};
    const probe = breaker.run(
      () =>
        new Promise<string>((resolve) => {
          finish = resolve;
        }),
      isBad,
    );
    await expect(run("good")).rejects.toMatchObject({ code: "upstream" });
    finish("good");
    expect(await probe).toBe("good");
    expect(await run("bad")).toBe("bad");
    expect(await run("good")).toBe("good");
    breaker.close();
  });

  it("passes the job's own errors through", async () => {
    const breaker = await createBreaker(settings, "jira.example");
    const failure = new Error("own");
    await expect(breaker.run(() => Promise.reject(failure), isBad)).rejects.toBe(failure);
    breaker.close();
  });
});

import { describe, expect, it } from "vitest";
import type { HttpPool } from "../../http/pool.ts";
import { type Logger, silentLogger } from "../../log.ts";
import { createMemoryStore } from "../../store/memory-store.ts";
import { meterRefreshes, meterRetries, meterStore, observePool } from "./metered.ts";
import { type Metrics, noMetrics } from "./metrics.ts";

/** Metrics that keep what they are told. */
function recording(): { metrics: Metrics; told: unknown[][] } {
  const told: unknown[][] = [];
  const hear =
    (name: string) =>
    (...facts: unknown[]) =>
      void told.push([name, ...facts]);
  const names = Object.keys(noMetrics).map((name) => [name, hear(name)]);
  return { told, metrics: { ...noMetrics, ...Object.fromEntries(names) } };
}

const keys = { credential: "c", method: "GET", template: "/rest/{}" };
const way = { proxy: undefined, tls: { prefix: "JIRA", verify: true, caFiles: [] } };
const outgoing = (signal = new AbortController().signal) => ({
  method: "GET" as const,
  url: new URL("https://acme.atlassian.net/rest/1"),
  headers: {},
  signal,
  maxBytes: 1,
});

function poolOf(send: HttpPool["send"]): HttpPool {
  return {
    send,
    inOrder: (_origin, _key, _signal, job) => job(),
    blockedMs: () => 0,
    close: async () => {},
  };
}

describe("observePool", () => {
  const facts = { product: "jira", source: "caller" };

  it("is the pool itself where nobody wants to know", () => {
    const pool = poolOf(async () => ({ status: 200, headers: {}, text: "" }));
    expect(observePool(pool, { metrics: noMetrics, ...facts })).toBe(pool);
  });

  it("counts each try by its status, and those without an answer by why", async () => {
    const { metrics, told } = recording();
    const answered = poolOf(async () => ({ status: 429, headers: {}, text: "" }));
    await observePool(answered, { metrics, ...facts }).send(outgoing(), way, keys);
    const failing = observePool(
      poolOf(() => Promise.reject(new Error("reset"))),
      { metrics, ...facts },
    );
    await expect(failing.send(outgoing(), way, keys)).rejects.toThrow("reset");
    await expect(failing.send(outgoing(AbortSignal.abort()), way, keys)).rejects.toThrow("reset");
    const common = { ...facts, method: "GET", ms: expect.any(Number) };
    expect(told).toEqual([
      ["upstreamTried", { ...common, status: 429 }],
      ["upstreamTried", { ...common, status: "none" }],
      ["upstreamTried", { ...common, status: "cancelled" }],
    ]);
  });
});

describe("meterStore", () => {
  it("works as before and counts operations with their outcome", async () => {
    const { metrics, told } = recording();
    const inner = createMemoryStore({});
    const store = meterStore({ ...inner, take: () => Promise.reject(new Error("no")) }, metrics);
    await store.put("k", "v");
    expect(await store.get("k")).toBe("v");
    expect(await store.compareAndSet("k", "v", "w")).toBe(true);
    await store.delete("k");
    expect(await store.withLock("k", async () => 7)).toBe(7);
    await expect(store.take("k")).rejects.toThrow("no");
    expect(told.map(([, operation, outcome]) => [operation, outcome])).toEqual([
      ["put", "ok"],
      ["get", "ok"],
      ["compare_and_set", "ok"],
      ["delete", "ok"],
      ["take", "error"],
    ]);
  });
});

describe("loggers that count", () => {
  it("hear retries and refreshes, whatever the log prints, and pass lines on", () => {
    const { metrics, told } = recording();
    const passed: string[] = [];
    const log: Logger = { ...silentLogger, warn: (event) => void passed.push(event) };
    const retries = meterRetries(log, metrics);
    retries.warn("request.repeated", { product: "jira", status: 503 });
    retries.warn("request.repeated", { product: "jira" });
    retries.warn("other.event");
    const refreshes = meterRefreshes(log, metrics, "cloud");
    refreshes.info("token.refreshed");
    refreshes.warn("grant.ended");
    expect(told).toEqual([
      ["retried", "jira", "503"],
      ["retried", "jira", "none"],
      ["tokenRefreshed", "cloud", "ok"],
      ["tokenRefreshed", "cloud", "refused"],
    ]);
    expect(passed).toEqual(["request.repeated", "request.repeated", "other.event", "grant.ended"]);
  });

  it("are the log itself where nobody counts", () => {
    expect(meterRetries(silentLogger, noMetrics)).toBe(silentLogger);
    expect(meterRefreshes(silentLogger, noMetrics, "cloud")).toBe(silentLogger);
  });
});

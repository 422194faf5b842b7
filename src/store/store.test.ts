import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/fakes/children.ts";
import { hasRedis } from "../../test/fakes/redis.ts";
import { startRedisStore } from "../../test/fakes/redis-store.ts";
import { createFileStore } from "./file-store.ts";
import { createMemoryStore } from "./memory-store.ts";
import type { Store } from "./types.ts";

interface Started {
  readonly store: Store;
  /** Lets so much of every lifetime pass. */
  advance(ms: number): Promise<void>;
}

function withClock(open: (clock: () => number) => Store): Started {
  let now = 1_000_000;
  return {
    store: open(() => now),
    async advance(ms) {
      now += ms;
    },
  };
}

async function startInRedis(): Promise<Started> {
  const { server, store } = await startRedisStore();
  return { store, advance: server.advance };
}

const kinds: (readonly [string, () => Promise<Started>])[] = [
  ["in memory", async () => withClock((clock) => createMemoryStore({ clock }))],
  [
    "in files",
    async () => {
      const folder = join(await temporaryFolder(), "not", "there", "yet");
      return withClock((clock) => createFileStore({ folder, keys: [], clock }));
    },
  ],
  ...(hasRedis ? [["in Redis", startInRedis] as const] : []),
];

describe.each(kinds)("a store %s", (_kind, start) => {
  it("gives back what was put, whatever the key and the value", async () => {
    const { store } = await start();
    const keys = ["a", "A", "../a", "a/b", "ä ✓", "", "nul\0", "x".repeat(5000)];
    for (const key of keys) await store.put(key, `value of ${key}`);
    for (const key of keys) expect(await store.get(key)).toBe(`value of ${key}`);
    await store.put("a", "");
    expect(await store.get("a")).toBe("");
  });

  it("knows nothing of what was never put", async () => {
    const { store } = await start();
    expect(await store.get("a")).toBeUndefined();
    expect(await store.take("a")).toBeUndefined();
    await store.delete("a");
    expect(await store.compareAndSet("a", "b", "c")).toBe(false);
    expect(await store.get("a")).toBeUndefined();
  });

  it("replaces and deletes", async () => {
    const { store } = await start();
    await store.put("a", "1");
    await store.put("a", "2");
    expect(await store.get("a")).toBe("2");
    await store.delete("a");
    expect(await store.get("a")).toBeUndefined();
  });

  it("forgets a value when its time is over, and not before", async () => {
    const { store, advance } = await start();
    await store.put("a", "1", 100_000);
    await store.put("taken", "1", 100_000);
    await advance(80_000);
    expect(await store.get("a")).toBe("1");
    await advance(20_000);
    expect(await store.get("a")).toBeUndefined();
    expect(await store.take("taken")).toBeUndefined();
    expect(await store.compareAndSet("a", "1", "2")).toBe(false);
    expect(await store.compareAndSet("a", undefined, "2")).toBe(true);
    await advance(1_000_000_000);
    expect(await store.get("a")).toBe("2");
  });

  it("drops the time limit when a value is put again without one", async () => {
    const { store, advance } = await start();
    await store.put("a", "1", 100_000);
    await store.put("a", "2");
    await advance(500_000);
    expect(await store.get("a")).toBe("2");
  });

  it("lets exactly one of many callers take a value", async () => {
    const { store } = await start();
    await store.put("code", "1");
    const taken = await Promise.all(Array.from({ length: 20 }, () => store.take("code")));
    expect(taken.filter((value) => value !== undefined)).toEqual(["1"]);
    expect(await store.get("code")).toBeUndefined();
  });

  it("lets exactly one of many callers replace the value they all saw", async () => {
    const { store } = await start();
    await store.put("a", "old");
    const won = await Promise.all(
      Array.from({ length: 20 }, (_, index) => store.compareAndSet("a", "old", `new ${index}`)),
    );
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(await store.get("a")).toBe(`new ${won.indexOf(true)}`);
  });

  it("lets exactly one of many callers be the first", async () => {
    const { store } = await start();
    const won = await Promise.all(
      Array.from({ length: 10 }, () => store.compareAndSet("a", undefined, "1")),
    );
    expect(won.filter(Boolean)).toHaveLength(1);
  });

  it("gives what is set by comparison its own lifetime", async () => {
    const { store, advance } = await start();
    await store.compareAndSet("new", undefined, "1", 100_000);
    await store.put("short", "1");
    await store.compareAndSet("short", "1", "2", 100_000);
    await store.put("long", "1", 100_000);
    await store.compareAndSet("long", "1", "2");
    expect(await store.get("short")).toBe("2");
    await advance(100_000);
    expect(await store.get("new")).toBeUndefined();
    expect(await store.get("short")).toBeUndefined();
    expect(await store.get("long")).toBe("2");
  });

  it("takes whatever lifetime it is given", async () => {
    const { store, advance } = await start();
    await store.put("fraction", "1", 100_000.5);
    await store.put("endless", "1", Number.POSITIVE_INFINITY);
    await store.put("over", "1", -5);
    await advance(10);
    expect(await store.get("fraction")).toBe("1");
    expect(await store.get("endless")).toBe("1");
    expect(await store.get("over")).toBeUndefined();
  });

  it("says that it is ready", async () => {
    const { store } = await start();
    await store.ping?.();
    await store.put("a", "1");
    await store.ping?.();
    expect(await store.get("a")).toBe("1");
  });

  it("does not tell a holder that its lock was lost while it has it", async () => {
    const { store } = await start();
    expect(await store.withLock("a", async (lost) => lost.aborted)).toBe(false);
  });

  it("runs jobs under one lock one after another, and lets them use the store", async () => {
    const { store } = await start();
    const add = () =>
      store.withLock("a", async () => {
        await store.put("a", String(Number((await store.get("a")) ?? 0) + 1));
      });
    await Promise.all(Array.from({ length: 15 }, add));
    expect(await store.get("a")).toBe("15");
  });

  it("does not make jobs under different locks wait for each other", async () => {
    const { store } = await start();
    await store.withLock("a", () => store.withLock("b", async () => {}));
  });

  it("gives the lock back when the job fails, with the job's own error", async () => {
    const { store } = await start();
    const failure = Object.assign(new Error("mine"), { syscall: "open" });
    await expect(store.withLock("a", () => Promise.reject(failure))).rejects.toBe(failure);
    expect(await store.withLock("a", async () => "free")).toBe("free");
  });

  it("says when a lock was not to be had in time", async () => {
    const { store } = await start();
    await store.withLock("a", async () => {
      const late = store.withLock("a", async () => {}, { waitMs: 20 });
      await expect(late).rejects.toMatchObject({ code: "timeout" });
    });
  });

  it("stops waiting for a lock when the caller gives up", async () => {
    const { store } = await start();
    await store.withLock("a", async () => {
      const stop = new AbortController();
      const waiting = store.withLock("a", async () => {}, { signal: stop.signal });
      stop.abort(new Error("enough"));
      await expect(waiting).rejects.toThrow("enough");
    });
    const aborted = AbortSignal.abort(new Error("before"));
    await expect(store.withLock("a", async () => {}, { signal: aborted })).rejects.toThrow(
      "before",
    );
  });
});

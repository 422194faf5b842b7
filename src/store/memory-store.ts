import { setTimeout as delay } from "node:timers/promises";
import { defaultWaitMs } from "./file-lock.ts";
import { lockTimeout } from "./problems.ts";
import type { LockOptions, Store } from "./types.ts";

interface Entry {
  readonly value: string;
  readonly endsAt: number | undefined;
}

export interface MemoryStoreOptions {
  readonly clock?: (() => number) | undefined;
}

const sweepEvery = 1000;

/** A store that ends with the process. */
export function createMemoryStore({ clock = Date.now }: MemoryStoreOptions = {}): Store {
  const entries = new Map<string, Entry>();
  const locks = new Map<string, Promise<void>>();
  let writes = 0;

  const read = (key: string): string | undefined => {
    const entry = entries.get(key);
    if (entry === undefined) return undefined;
    if (!isOver(entry, clock())) return entry.value;
    entries.delete(key);
    return undefined;
  };
  const write = (key: string, value: string, ttlMs?: number) => {
    const now = clock();
    writes += 1;
    if (writes % sweepEvery === 0) {
      for (const [name, entry] of entries) if (isOver(entry, now)) entries.delete(name);
    }
    entries.set(key, { value, endsAt: ttlMs === undefined ? undefined : now + ttlMs });
  };

  return {
    async get(key) {
      return read(key);
    },
    async put(key, value, ttlMs) {
      write(key, value, ttlMs);
    },
    async delete(key) {
      entries.delete(key);
    },
    async take(key) {
      const value = read(key);
      entries.delete(key);
      return value;
    },
    async compareAndSet(key, expected, value, ttlMs) {
      if (read(key) !== expected) return false;
      write(key, value, ttlMs);
      return true;
    },
    async withLock(key, job, options) {
      const release = await takeTurn(locks, key, options);
      try {
        return await job();
      } finally {
        release();
      }
    },
    async close() {
      entries.clear();
    },
  };
}

function isOver({ endsAt }: Entry, now: number): boolean {
  return endsAt !== undefined && endsAt <= now;
}

/** Waits until nobody holds the lock and takes it; the result gives it back. */
async function takeTurn(
  locks: Map<string, Promise<void>>,
  key: string,
  { waitMs = defaultWaitMs, signal }: LockOptions = {},
): Promise<() => void> {
  const given = new AbortController();
  const limit = delay(waitMs, "late", { signal: given.signal, ref: false }).catch(() => "late");
  const aborted = new Promise<string>((resolve) => {
    const options = { once: true, signal: given.signal };
    signal?.addEventListener("abort", () => resolve("aborted"), options);
  });
  try {
    for (let held = locks.get(key); held !== undefined; held = locks.get(key)) {
      signal?.throwIfAborted();
      if ((await Promise.race([held, limit, aborted])) === "late") throw lockTimeout(waitMs);
    }
    signal?.throwIfAborted();
  } finally {
    given.abort();
  }
  const { promise, resolve } = deferred();
  locks.set(key, promise);
  return () => {
    locks.delete(key);
    resolve();
  };
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

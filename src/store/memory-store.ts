import { createTurns } from "./turns.ts";
import type { Store } from "./types.ts";

interface Entry {
  readonly value: string;
  readonly endsAt: number | undefined;
}

export interface MemoryStoreOptions {
  readonly clock?: (() => number) | undefined;
}

const sweepEvery = 1000;
const neverLost = new AbortController().signal;

/** A store that ends with the process. */
export function createMemoryStore({ clock = Date.now }: MemoryStoreOptions = {}): Store {
  const entries = new Map<string, Entry>();
  const turns = createTurns();
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
      const release = await turns.take(key, options);
      try {
        return await job(neverLost);
      } finally {
        release();
      }
    },
    async ping() {},
    async close() {
      entries.clear();
    },
  };
}

function isOver({ endsAt }: Entry, now: number): boolean {
  return endsAt !== undefined && endsAt <= now;
}

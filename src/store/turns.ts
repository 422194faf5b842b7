import { setTimeout as delay } from "node:timers/promises";
import { lockTimeout } from "./problems.ts";
import type { LockOptions } from "./types.ts";

/** Locks within this process. */
export interface Turns {
  /**
   * Waits until nobody has the turn for `key`, and takes it. The result gives it back.
   *
   * @throws AtlassianMcpError `timeout` after `waitMs`; the reason of `signal` when it fires while waiting.
   */
  take(key: string, options?: LockOptions): Promise<() => void>;
}

/** How long callers wait for a lock unless they say otherwise, in milliseconds. */
export const defaultWaitMs = 30_000;

export function createTurns(): Turns {
  /** Resolves when the last caller in the queue has ended its turn. */
  const tails = new Map<string, Promise<void>>();
  return {
    async take(key, options = {}) {
      options.signal?.throwIfAborted();
      const before = tails.get(key);
      const { promise, resolve } = deferred();
      const tail = before === undefined ? promise : before.then(() => promise);
      tails.set(key, tail);
      const end = () => {
        if (tails.get(key) === tail) tails.delete(key);
        resolve();
      };
      if (before === undefined) return end;
      try {
        await inTime(before, options);
      } catch (error) {
        // Those behind still wait for those before.
        resolve();
        throw error;
      }
      return end;
    },
  };
}

async function inTime(
  before: Promise<void>,
  { waitMs = defaultWaitMs, signal }: LockOptions,
): Promise<void> {
  const over = new AbortController();
  const late = delay(waitMs, true, { signal: over.signal }).catch(() => false);
  const aborted = new Promise<boolean>((resolve) => {
    const options = { once: true, signal: over.signal };
    signal?.addEventListener("abort", () => resolve(false), options);
  });
  const isLate = await Promise.race([before.then(() => false), late, aborted]);
  over.abort();
  signal?.throwIfAborted();
  if (isLate) throw lockTimeout(waitMs);
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

import { setTimeout as delay } from "node:timers/promises";
import { lockTimeout } from "./problems.ts";
import type { RedisLink } from "./redis-link.ts";
import { lostLock } from "./redis-problems.ts";
import { createTurns, defaultWaitMs } from "./turns.ts";
import type { LockOptions } from "./types.ts";

export interface RedisLockOptions {
  /** A lock whose holder does not renew it ends after so long. Default 10 s. */
  readonly leaseMs?: number | undefined;
  /** A text that no other holder has. */
  readonly newToken: () => string;
}

/** Runs a job under the lock kept at `name`; see {@link Store.withLock}. */
export type WithRedisLock = <T>(
  name: string,
  job: (lost: AbortSignal) => Promise<T>,
  options?: LockOptions,
) => Promise<T>;

const defaultLeaseMs = 10_000;
const firstPauseMs = 8;
const longestPauseMs = 64;

interface Lease {
  readonly name: string;
  readonly token: string;
  readonly leaseMs: number;
}

export function createRedisLock(link: RedisLink, options: RedisLockOptions): WithRedisLock {
  const { leaseMs = defaultLeaseMs, newToken } = options;
  // Callers of this process queue here, which is quicker and fairer than asking the server again and again.
  const turns = createTurns();
  return async (name, job, lockOptions = {}) => {
    const started = performance.now();
    const { waitMs = defaultWaitMs } = lockOptions;
    const endTurn = await turns.take(name, lockOptions);
    try {
      const leftMs = Math.max(0, waitMs - (performance.now() - started));
      const lease = { name, token: newToken(), leaseMs };
      const takenAt = await acquire(link, lease, { ...lockOptions, waitMs: leftMs });
      return await runUnder(link, lease, takenAt, job);
    } finally {
      endTurn();
    }
  };
}

/** @returns when the lease began at the latest. */
async function acquire(
  link: RedisLink,
  lease: Lease,
  { waitMs = defaultWaitMs, signal }: LockOptions,
): Promise<number> {
  let waitedMs = 0;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    signal?.throwIfAborted();
    const askedAt = performance.now();
    if (await isTaken(link, lease)) return askedAt;
    if (waitedMs >= waitMs) throw lockTimeout(waitMs);
    await delay(pauseMs, undefined, { signal }).catch(() => signal?.throwIfAborted());
    waitedMs += pauseMs;
  }
}

async function isTaken(link: RedisLink, { name, token, leaseMs }: Lease): Promise<boolean> {
  try {
    const answer = await link.run((client) => client.set(name, token, "PX", leaseMs, "NX"));
    return answer === "OK";
  } catch (error) {
    // Only the answer may have been lost.
    void release(link, { name, token });
    throw error;
  }
}

async function runUnder<T>(
  link: RedisLink,
  lease: Lease,
  takenAt: number,
  job: (lost: AbortSignal) => Promise<T>,
): Promise<T> {
  const { lost, stop } = keepAlive(link, lease, takenAt);
  try {
    return await job(lost);
  } finally {
    stop();
    await release(link, lease);
  }
}

/** A lock that is no longer ours stays; one that cannot be given back ends with its lease. */
async function release(link: RedisLink, { name, token }: Pick<Lease, "name" | "token">) {
  await link.run((client) => client.drop(name, token)).catch(() => {});
}

/**
 * Renews a lease until `stop`. It counts as lost when the server says so, and when no renewal has succeeded for as long
 * as it lasts: somebody else may then have the lock.
 */
function keepAlive(link: RedisLink, { name, token, leaseMs }: Lease, takenAt: number) {
  const controller = new AbortController();
  const stop = () => {
    clearInterval(renewals);
    clearTimeout(end);
  };
  const lose = () => {
    stop();
    controller.abort(lostLock());
  };
  const lasting = (since: number) =>
    setTimeout(lose, Math.max(0, since + leaseMs - performance.now())).unref();
  let isStopped = false;
  let end = lasting(takenAt);
  const renew = async () => {
    const askedAt = performance.now();
    const isOurs = await link.run((client) => client.prolong(name, token, leaseMs));
    if (isStopped || controller.signal.aborted) return;
    if (isOurs === 0) return lose();
    clearTimeout(end);
    end = lasting(askedAt);
  };
  // A renewal that fails is tried again until the lease is over.
  const renewals = setInterval(() => void renew().catch(() => {}), leaseMs / 3).unref();
  return {
    lost: controller.signal,
    stop() {
      isStopped = true;
      stop();
    },
  };
}

import { mkdir, rmdir, stat } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { absentAs } from "./disk.ts";
import { codeOf, lockTimeout, lostFileLock } from "./problems.ts";
import { createTurns, defaultWaitMs } from "./turns.ts";
import type { LockOptions } from "./types.ts";

export interface FileLockOptions extends LockOptions {
  /** A holder that has not shown a sign of life for so long is dead. Default 10 s, at least 3 s. */
  readonly staleMs?: number | undefined;
}

/** Callers of this process queue here, which is quicker and fairer than trying again and again on the disk. */
const turns = createTurns();

const defaultStaleMs = 10_000;
const firstPauseMs = 4;
const longestPauseMs = 32;

/**
 * Runs `job` while no other caller in any process holds the lock named `path`. The folder `path` is in must exist.
 * `lost` fires when the lock was taken over all the same.
 *
 * @throws AtlassianMcpError `timeout` after `waitMs`; the reason of `signal` when it fires while waiting.
 */
export async function withFileLock<T>(
  path: string,
  job: (lost: AbortSignal) => Promise<T>,
  options: FileLockOptions = {},
): Promise<T> {
  const started = performance.now();
  const { waitMs = defaultWaitMs } = options;
  const endTurn = await turns.take(path, options);
  try {
    const lost = new AbortController();
    const onLost = () => lost.abort(lostFileLock());
    const alreadyMs = performance.now() - started;
    const release = await acquire(path, { ...options, waitMs }, alreadyMs, onLost);
    try {
      return await job(lost.signal);
    } finally {
      // A lock that was taken over while this process slept is no longer ours to release.
      await release().catch(() => {});
    }
  } finally {
    endTurn();
  }
}

async function acquire(
  path: string,
  options: FileLockOptions,
  alreadyMs: number,
  onLost: () => void,
): Promise<() => Promise<void>> {
  const { signal, waitMs = defaultWaitMs, staleMs = defaultStaleMs } = options;
  const { lock } = await import("proper-lockfile");
  const watch = createWatch(`${path}.lock`, staleMs);
  let waitedMs = alreadyMs;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    signal?.throwIfAborted();
    try {
      return await lock(path, lockfileOptions(staleMs, onLost));
    } catch (error) {
      if (!isTaken(error, waitedMs)) throw error;
    }
    if (waitedMs >= waitMs) throw lockTimeout(waitMs);
    await delay(pauseMs, undefined, { signal }).catch(() => signal?.throwIfAborted());
    waitedMs += pauseMs;
    await watch(pauseMs);
  }
}

function isTaken(error: unknown, waitedMs: number): boolean {
  const code = codeOf(error);
  // So Windows calls a folder that was deleted a moment ago; for longer than that it means no permission.
  return (
    code === "ELOCKED" || (code === "EPERM" && process.platform === "win32" && waitedMs < 1000)
  );
}

function lockfileOptions(staleMs: number, onLost: () => void) {
  return {
    realpath: false,
    // Never by itself: when several find a stale lock at once, it lets one of them remove the lock that another has just
    // taken. `createWatch` does it with care.
    stale: Number.MAX_SAFE_INTEGER,
    update: staleMs / 4,
    onCompromised: onLost,
  };
}

/**
 * Removes the lock of a dead holder. Dead means: its last sign of life is long ago, and none came while we watched. The
 * second half matters after a machine has slept: every lock then looks old until its holder has had its turn.
 */
function createWatch(lockFolder: string, staleMs: number): (passedMs: number) => Promise<void> {
  let seen: number | undefined;
  let unchangedMs = 0;
  return async (passedMs) => {
    const signOfLife = await lastSign(lockFolder);
    unchangedMs = signOfLife !== undefined && signOfLife === seen ? unchangedMs + passedMs : 0;
    seen = signOfLife;
    if (seen === undefined || unchangedMs < staleMs / 2 || !isOld(seen, staleMs)) return;
    unchangedMs = 0;
    await takeAway(lockFolder, seen, staleMs);
  };
}

/** Only one process at a time may look again and remove: the others would remove the lock of its successor. */
async function takeAway(lockFolder: string, seen: number, staleMs: number): Promise<void> {
  const guard = `${lockFolder}.takeover`;
  try {
    await mkdir(guard, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    const since = await lastSign(guard);
    if (since !== undefined && isOld(since, staleMs)) await absentAs(undefined, rmdir(guard));
    return;
  }
  try {
    if ((await lastSign(lockFolder)) === seen) await absentAs(undefined, rmdir(lockFolder));
  } finally {
    await absentAs(undefined, rmdir(guard));
  }
}

/** Also true for a time far ahead: somebody has set the clock back. */
function isOld(time: number, staleMs: number): boolean {
  return Math.abs(Date.now() - time) > staleMs;
}

async function lastSign(folder: string): Promise<number | undefined> {
  const found = await absentAs(undefined, stat(folder));
  return found?.mtimeMs;
}

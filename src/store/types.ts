/**
 * State with a lifetime: tokens, sessions, registered clients. Values are text (usually JSON) and are encrypted at rest
 * where they leave the process. Keys are plain names such as `grant:cloud:CLIENT`; they are never secret.
 *
 * Every promise resolves only when the change survives a crash of this process. Expired values are as absent. A change
 * that fails with `upstream` may have been made all the same: only the answer may have been lost.
 */
export interface Store {
  get(key: string): Promise<string | undefined>;
  /** Replaces what is there. `ttlMs`: milliseconds until it is gone; absent: it stays. */
  put(key: string, value: string, ttlMs?: number): Promise<void>;
  delete(key: string): Promise<void>;
  /** Gets and deletes in one step: of several callers, in any number of processes, exactly one gets the value. */
  take(key: string): Promise<string | undefined>;
  /** Puts `value` only while the current one is `expected` (`undefined`: absent). False: it was not, nothing changed. */
  compareAndSet(
    key: string,
    expected: string | undefined,
    value: string,
    ttlMs?: number,
  ): Promise<boolean>;
  /**
   * Runs `job` while no other caller, in any process, holds the same lock. The lock of a holder that died is taken over
   * after some seconds.
   *
   * `lost` fires, with an error as its reason, when a holder that is alive finds that it no longer has the lock: it stood
   * still, or the store was away, for too long. The result of the job counts all the same, because what it did cannot be
   * undone. So a job looks at `lost` before it does what nobody else may do, and saves with `compareAndSet`.
   *
   * @throws AtlassianMcpError `timeout` when the lock was not to be had within `waitMs` (default 30 s).
   */
  withLock<T>(
    key: string,
    job: (lost: AbortSignal) => Promise<T>,
    options?: LockOptions,
  ): Promise<T>;
  /** Resolves while changes can be stored. @throws AtlassianMcpError as a change would. */
  ping?(): Promise<void>;
  close(): Promise<void>;
}

export interface LockOptions {
  readonly waitMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

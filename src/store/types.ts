/**
 * State with a lifetime: tokens, sessions, registered clients. Values are text (usually JSON) and are encrypted at rest
 * where they leave the process. Keys are plain names such as `grant:cloud:CLIENT`; they are never secret.
 *
 * Every promise resolves only when the change survives a crash of this process. Expired values are as absent.
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
   * @throws AtlassianMcpError `timeout` when the lock was not to be had within `waitMs` (default 30 s).
   */
  withLock<T>(key: string, job: () => Promise<T>, options?: LockOptions): Promise<T>;
  close(): Promise<void>;
}

export interface LockOptions {
  readonly waitMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** One limit for everything a call does: waiting in line, tries, waits between them, reading the answer. */
export interface Deadline {
  /** Aborts at the deadline or with the caller. */
  readonly signal: AbortSignal;
  /** By which of the two. */
  readonly expired: boolean;
  readonly remainingMs: number;
  /** Stops the timer; to be called when the call is over. */
  end(): void;
}

/** The reason of a signal that its deadline aborted. */
export class DeadlinePassed extends Error {
  override readonly name = "DeadlinePassed";
}

/**
 * `AbortSignal.any([AbortSignal.timeout(…), caller])` would read better, but a timeout signal that only a composite
 * refers to may be collected before it fires on Node 20.
 */
export function startDeadline(
  timeoutMs: number,
  caller: AbortSignal | undefined,
  now: () => number,
): Deadline {
  const controller = new AbortController();
  const endsAt = now() + timeoutMs;
  const withCaller = () => controller.abort(caller?.reason);
  if (caller?.aborted === true) withCaller();
  caller?.addEventListener("abort", withCaller, { once: true });
  const timer = setTimeout(() => controller.abort(new DeadlinePassed()), timeoutMs);
  return {
    signal: controller.signal,
    get expired() {
      return controller.signal.reason instanceof DeadlinePassed;
    },
    get remainingMs() {
      return Math.max(0, endsAt - now());
    },
    end() {
      clearTimeout(timer);
      caller?.removeEventListener("abort", withCaller);
    },
  };
}

/** The promise's outcome, or the signal's reason if that comes first. */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** One piece of work that many callers wait for. */
export interface SharedFlight<T> {
  /** Joins the work under way or starts it. A caller whose signal fires stops waiting; the work goes on. */
  join(signal?: AbortSignal): Promise<T>;
}

export function sharedFlight<T>(work: () => Promise<T>): SharedFlight<T> {
  let underWay: Promise<T> | undefined;
  return {
    async join(signal) {
      signal?.throwIfAborted();
      underWay ??= work().finally(() => {
        underWay = undefined;
      });
      return signal === undefined ? underWay : untilAborted(underWay, signal);
    },
  };
}

function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

import { abortable } from "./deadline.ts";

/** Runs jobs with the same key one after another, in the order they came. */
export interface Order {
  /** Rejects with the signal's reason when that fires before the job's turn; the others keep their order. */
  run<T>(key: string, signal: AbortSignal, job: () => Promise<T>): Promise<T>;
}

export function createOrder(): Order {
  const tails = new Map<string, Promise<void>>();
  return {
    async run(key, signal, job) {
      const before = tails.get(key) ?? Promise.resolve();
      let finish = () => {};
      const mine = new Promise<void>((resolve) => {
        finish = resolve;
      });
      const tail = before.then(() => mine);
      tails.set(key, tail);
      // Only when all before it are done, too: whoever comes after an aborted job still waits for those.
      void tail.then(() => {
        if (tails.get(key) === tail) tails.delete(key);
      });
      try {
        await abortable(before, signal);
        return await job();
      } finally {
        finish();
      }
    },
  };
}

import type { Queue, QueueAddOptions } from "p-queue";
import { AtlassianMcpError } from "../errors.ts";
import { abortable } from "./deadline.ts";

/** Runs jobs under one limit for all; a free slot goes to the waiting owner who has the fewest jobs running. */
export interface FairQueue {
  /**
   * Rejects with the signal's reason when that fires first.
   *
   * @throws AtlassianMcpError `rate_limited` at once when too many jobs of this owner wait already.
   */
  run<T>(owner: string, signal: AbortSignal, job: () => Promise<T>): Promise<T>;
}

export interface FairQueueOptions {
  /** Jobs running at once. */
  readonly concurrency: number;
  /** Jobs started per second; 0 sets no limit. */
  readonly requestsPerSecond: number;
  /** Jobs of one owner that may wait. Default 500: one tool call may ask for some hundred items at once. */
  readonly maxWaiting?: number | undefined;
}

type Start = () => Promise<unknown>;

/** The jobs of one owner. */
class Lane {
  running = 0;
  /** By p-queue's id, in the order they came. */
  readonly waiting = new Map<string, Start>();
}

interface Place extends QueueAddOptions {
  readonly lane: Lane;
}

/** The library is loaded at the first call of this. */
export async function createFairQueue(options: FairQueueOptions): Promise<FairQueue> {
  const { concurrency, requestsPerSecond, maxWaiting = 500 } = options;
  const { default: PQueue } = await import("p-queue");
  const rate = rateOf(requestsPerSecond);
  const queue = new PQueue<WaitingLanes, Place>({ concurrency, ...rate, queueClass: WaitingLanes });
  const lanes = new Map<string, Lane>();
  /** Jobs that run past the library: while nothing waits and no rate is set, it has nothing to decide. */
  let direct = 0;
  const isFree = () =>
    requestsPerSecond <= 0 && queue.size === 0 && direct + queue.pending < concurrency;
  /** Leaves the library the slots that no direct job has. */
  const share = () => {
    if (direct === concurrency) {
      queue.pause();
      return;
    }
    queue.concurrency = concurrency - direct;
    queue.start();
  };
  const runDirectly = async <T>(job: () => Promise<T>, signal: AbortSignal): Promise<T> => {
    signal.throwIfAborted();
    direct += 1;
    try {
      return await abortable(job(), signal);
    } finally {
      direct -= 1;
      if (queue.size > 0) share();
    }
  };
  const dropIdle = (owner: string) => {
    const lane = lanes.get(owner);
    if (lane?.running === 0 && lane.waiting.size === 0) lanes.delete(owner);
  };

  return {
    async run(owner, signal, job) {
      const lane = lanes.get(owner) ?? new Lane();
      if (lane.waiting.size >= maxWaiting) throw tooManyWaiting();
      lanes.set(owner, lane);
      const counted = async () => {
        lane.running += 1;
        try {
          return await job();
        } finally {
          lane.running -= 1;
          dropIdle(owner);
        }
      };
      try {
        if (isFree()) return await runDirectly(counted, signal);
        share();
        return await queue.add(counted, { signal, lane });
      } finally {
        // Not only above: an aborted job may never have run, or may still be running.
        dropIdle(owner);
      }
    },
  };
}

/** Tells p-queue which job is next. */
class WaitingLanes implements Queue<Start, Place> {
  /** The one that was served longest ago first. */
  readonly #lanes = new Set<Lane>();
  size = 0;

  enqueue(start: Start, { id = "", lane = new Lane() }: Partial<Place> = {}): void {
    lane.waiting.set(id, start);
    this.#lanes.add(lane);
    this.size += 1;
  }

  dequeue(): Start | undefined {
    const lane = this.#next();
    const [id, start] = lane?.waiting.entries().next().value ?? [];
    if (lane === undefined || id === undefined) return undefined;
    this.remove(id);
    // To the back, behind all others that wait.
    if (this.#lanes.delete(lane)) this.#lanes.add(lane);
    return start;
  }

  remove(id: string): void {
    for (const lane of this.#lanes) {
      if (!lane.waiting.delete(id)) continue;
      this.size -= 1;
      if (lane.waiting.size === 0) this.#lanes.delete(lane);
      return;
    }
  }

  filter(): Start[] {
    return [...this.#lanes].flatMap((lane) => [...lane.waiting.values()]);
  }

  /** Nobody comes before others. */
  setPriority(): void {}

  #next(): Lane | undefined {
    let next: Lane | undefined;
    for (const lane of this.#lanes) {
      if (next === undefined || lane.running < next.running) next = lane;
    }
    return next;
  }
}

function rateOf(requestsPerSecond: number) {
  if (requestsPerSecond <= 0) return {};
  const intervalCap = Math.max(1, Math.floor(requestsPerSecond));
  return { intervalCap, interval: (intervalCap / requestsPerSecond) * 1000 };
}

function tooManyWaiting(): AtlassianMcpError {
  const message =
    "Too many calls with the same credentials wait for this site; this one was not sent";
  return new AtlassianMcpError("rate_limited", message, {
    next: "Let the earlier calls finish, then repeat this one; make fewer calls at once.",
  });
}

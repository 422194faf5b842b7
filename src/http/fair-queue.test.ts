import { afterEach, describe, expect, it, vi } from "vitest";
import { createFairQueue } from "./fair-queue.ts";

const always = () => new AbortController().signal;

afterEach(() => void vi.useRealTimers());

/** A queue whose jobs end when they are told to; `started` lists the owners in the order their jobs began. */
async function gated(concurrency: number, maxWaiting = 1000) {
  const queue = await createFairQueue({ concurrency, requestsPerSecond: 0, maxWaiting });
  const started: string[] = [];
  const running: { readonly owner: string; readonly end: () => void }[] = [];
  const run = (owner: string, signal = always()) =>
    queue.run(owner, signal, () => {
      started.push(owner);
      return new Promise<void>((end) => running.push({ owner, end }));
    });
  return {
    run,
    started,
    add: (owner: string, times: number) =>
      void Array.from({ length: times }, () => run(owner).catch(() => {})),
    runningOf: (owner: string) => running.filter((each) => each.owner === owner).length,
    /** Ends the job that began first, of that owner or of all. */
    async finish(owner?: string) {
      const index = running.findIndex((each) => owner === undefined || each.owner === owner);
      for (const { end } of running.splice(index, 1)) end();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

describe("createFairQueue", () => {
  it("gives all slots to one owner while nobody else waits", async () => {
    const { add, runningOf, finish } = await gated(10);
    add("a", 300);
    expect(runningOf("a")).toBe(10);
    await finish();
    expect(runningOf("a")).toBe(10);
  });

  it("uses every slot and no more, whether jobs had to wait or not", async () => {
    const { add, runningOf, finish } = await gated(3);
    const running = () => runningOf("a") + runningOf("b");
    add("a", 2);
    add("b", 4);
    expect(running()).toBe(3);
    await finish();
    await finish();
    expect(running()).toBe(3);
    await finish();
    await finish();
    expect(running()).toBe(2);
    add("a", 3);
    expect(running()).toBe(3);
    await finish("b");
    await finish("a");
    expect(running()).toBe(3);
    for (const left of [2, 1, 0]) {
      await finish();
      expect(running()).toBe(left);
    }
  });

  it("gives the next free slot to an owner who has none, however many jobs came before", async () => {
    const { add, started, finish } = await gated(10);
    add("a", 300);
    add("b", 1);
    await finish();
    expect(started.at(-1)).toBe("b");
  });

  it("lets slow jobs of one owner hold no more than an equal share", async () => {
    const { add, runningOf, finish } = await gated(10);
    add("slow", 50);
    add("quick", 50);
    for (let round = 0; round < 5; round++) await finish("slow");
    for (let round = 0; round < 20; round++) await finish("quick");
    expect([runningOf("slow"), runningOf("quick")]).toEqual([5, 5]);
  });

  it("serves waiting owners in turn, each owner's jobs in order", async () => {
    const { add, started, finish } = await gated(1);
    for (const owner of ["a", "b", "c"]) add(owner, 3);
    for (let round = 0; round < 8; round++) await finish();
    expect(started.join("")).toBe("aabcabcbc");
  });

  it("refuses what one owner has too many of, and nothing of others", async () => {
    const { add, run, runningOf, finish } = await gated(2, 3);
    add("a", 5);
    await expect(run("a")).rejects.toMatchObject({
      code: "rate_limited",
      details: { next: expect.stringMatching(/\w/) },
    });
    add("b", 1);
    await finish();
    expect(runningOf("b")).toBe(1);
    await finish("a");
    add("a", 1);
    await finish("b");
    await finish("a");
    await finish("a");
    await finish("a");
    expect(runningOf("a")).toBe(1);
  });

  it("forgets an aborted job that waits, and makes room for another", async () => {
    const { add, run, started, finish } = await gated(1, 1);
    const leaving = new AbortController();
    add("a", 1);
    const left = run("b", leaving.signal);
    leaving.abort(new Error("gone"));
    await expect(left).rejects.toThrow("gone");
    add("b", 1);
    await finish();
    await finish();
    expect(started).toEqual(["a", "b"]);
  });

  it("counts an aborted job until it has really ended", async () => {
    const { add, run, runningOf, started, finish } = await gated(2);
    const leaving = new AbortController();
    const left = run("a", leaving.signal);
    leaving.abort(new Error("gone"));
    await expect(left).rejects.toThrow("gone");
    add("b", 1);
    add("a", 1);
    expect(runningOf("b")).toBe(1);
    add("a", 1);
    add("c", 1);
    await finish("b");
    expect(started.at(-1)).toBe("c");
  });

  it("takes turns under a limit of starts per second, too", async () => {
    const queue = await createFairQueue({ concurrency: 10, requestsPerSecond: 4 });
    vi.useFakeTimers();
    const started: string[] = [];
    const add = (owner: string) => queue.run(owner, always(), async () => started.push(owner));
    const all = Promise.all(["a", "a", "a", "a", "a", "a", "b"].map(add));
    await vi.advanceTimersByTimeAsync(0);
    expect(started.join("")).toBe("aaaa");
    await vi.advanceTimersByTimeAsync(1000);
    await all;
    expect(started.join("")).toBe("aaaaaba");
  });

  it("passes results and errors on", async () => {
    const queue = await createFairQueue({ concurrency: 1, requestsPerSecond: 0 });
    const failure = new Error("own");
    expect(await queue.run("a", always(), async () => 7)).toBe(7);
    await expect(queue.run("a", always(), () => Promise.reject(failure))).rejects.toBe(failure);
  });
});

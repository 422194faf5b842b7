import { describe, expect, it } from "vitest";
import { hasRedis } from "../../test/fakes/redis.ts";
import {
  away,
  openRedisStore,
  startRedisStore,
  untilItWorks,
} from "../../test/fakes/redis-store.ts";

describe.skipIf(!hasRedis)("a lock in Redis", () => {
  const never = new Promise<void>(() => {});
  const fired = (signal: AbortSignal) =>
    new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
  const held = { waitMs: 30 };

  it("outlives its lease while the job runs", async () => {
    const { server, store } = await startRedisStore({ leaseMs: 1000 });
    const other = openRedisStore(server.url);
    await store.withLock("a", async (lost) => {
      for (let round = 0; round < 30; round++) {
        await expect(other.withLock("a", async () => {}, held)).rejects.toMatchObject({
          code: "timeout",
        });
      }
      expect(lost.aborted).toBe(false);
    });
    await other.withLock("a", async () => {});
  });

  it("is kept through a restart of the server", async () => {
    const { server, store } = await startRedisStore();
    const other = openRedisStore(server.url);
    const result = store.withLock("a", async (lost) => {
      await server.stop();
      await server.start();
      await untilItWorks(() => other.get("a"));
      const late = other.withLock("a", async () => {}, held);
      await expect(late).rejects.toMatchObject({ code: "timeout" });
      expect(lost.aborted).toBe(false);
      return "done";
    });
    expect(await result).toBe("done");
    await untilItWorks(() => other.withLock("a", async () => {}, held));
  });

  it("tells its holder when the server has forgotten it", async () => {
    const { server, store } = await startRedisStore({ leaseMs: 300 });
    const result = store.withLock("a", async (lost) => {
      await server.command("FLUSHALL");
      await fired(lost);
      expect(lost.reason).toMatchObject({ code: "upstream" });
      return "what was done";
    });
    expect(await result).toBe("what was done");
  });

  it("tells its holder when the server was away for too long", async () => {
    const { server, store } = await startRedisStore({ leaseMs: 300 });
    await store.withLock("a", async (lost) => {
      await server.stop();
      await fired(lost);
    });
    await server.start();
    await untilItWorks(() => store.withLock("a", async () => {}, held));
  });

  it("that was lost is not taken from the next holder", async () => {
    const { server, store } = await startRedisStore({ leaseMs: 300 });
    const [second, third] = [openRedisStore(server.url), openRedisStore(server.url)];
    let isOver = () => {};
    const over = new Promise<void>((resolve) => {
      isOver = resolve;
    });
    const first = store.withLock("a", async (lost) => {
      await server.command("FLUSHALL");
      await fired(lost);
      await over;
    });
    await untilItWorks(async () => {
      await second.withLock(
        "a",
        async () => {
          isOver();
          await first;
          const late = third.withLock("a", async () => {}, held);
          await expect(late).rejects.toMatchObject({ code: "timeout" });
        },
        held,
      );
    });
  });

  it("is free again when a holder that did not get the answer has its lease over", async () => {
    const { server, store } = await startRedisStore({ leaseMs: 300, timeoutMs: 200 });
    await untilItWorks(() => store.get("a"));
    server.pause();
    await expect(store.withLock("a", () => never)).rejects.toMatchObject(away);
    server.resume();
    await untilItWorks(() => store.withLock("a", async () => {}));
  });
});

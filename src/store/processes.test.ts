import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Child,
  programOf,
  startChild,
  startLastingChild,
  temporaryFolder,
} from "../../test/fakes/children.ts";
import { hasRedis } from "../../test/fakes/redis.ts";
import { sharedKey, startRedisStore } from "../../test/fakes/redis-store.ts";
import { createFileStore } from "./file-store.ts";
import type { Store } from "./types.ts";

const source = fileURLToPath(new URL("../../test/fakes/store-child.ts", import.meta.url));
const staleMs = 3000;

/** A store, and what other processes must know to use it too. */
interface Place<Facts> {
  readonly facts: Facts;
  readonly store: Store;
}

async function inFolder() {
  const folder = await temporaryFolder();
  return { facts: { folder }, store: createFileStore({ folder, keys: [], staleMs }) };
}

async function inRedis() {
  const { server, store } = await startRedisStore();
  return { facts: { redis: server.url.href, keys: [sharedKey] }, store };
}

/** Five processes that all tests use; those that are to be killed are others. */
let five: readonly Child[] = [];
beforeAll(async () => {
  const program = await programOf(source);
  five = Array.from({ length: 5 }, () => startLastingChild(program));
});
afterAll(() => Promise.all(five.map((child) => child.kill())));

async function startIn<Facts extends object>(open: () => Promise<Place<Facts>>) {
  const { facts: shared, store } = await open();
  const facts = { ...shared, staleMs };
  const each = <T>(question: string, more: object) =>
    Promise.all(five.map((child) => child.ask(question, { ...facts, ...more }) as Promise<T>));
  return { facts, store, each };
}

/** One that may be killed. */
const startMortal = async () => startChild(await programOf(source));

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await delay(100);
}

const names = Array.from({ length: 40 }, (_, index) => `name ${index}`);

const places: (readonly [string, () => Promise<Place<object>>])[] = [
  ["a folder", inFolder],
  ...(hasRedis ? [["a Redis server", inRedis] as const] : []),
];

describe.each(places)("%s that five processes use", { timeout: 60_000 }, (_name, open) => {
  it("gives each value to exactly one that takes it", async () => {
    const { store, each } = await startIn(open);
    await Promise.all(names.map((name) => store.put(name, `value of ${name}`)));
    const taken = await each<string[]>("take", { names });
    expect(taken.flat().sort()).toEqual(names.map((name) => `value of ${name}`).sort());
    expect(await store.get("name 0")).toBeUndefined();
  });

  it.each([undefined, "old"])("lets one replace a value that all know as %s", async (expected) => {
    const { store, each } = await startIn(open);
    if (expected !== undefined) {
      await Promise.all(names.map((name) => store.put(name, expected)));
    }
    const won = await each<string[]>("compareAndSet", { names, expected, value: "new" });
    expect(won.flat().sort()).toEqual([...names].sort());
  });

  it("loses no step of a count under one lock", async () => {
    const { store, each } = await startIn(open);
    await each("count", { times: 20 });
    expect(await store.get("count")).toBe("100");
  });

  it("goes on after the holder of a lock was killed, one at a time", async () => {
    const { facts, store, each } = await startIn(open);
    const victim = await startMortal();
    const held = victim.event("paused");
    void victim.ask("hold", { ...facts, key: "count" });
    await held;
    await victim.kill();
    await each("count", { times: 5 });
    expect(await store.get("count")).toBe("25");
  });

  it("has every value that was acknowledged before a process was killed in mid-write", async () => {
    const { facts, store } = await startIn(open);
    const writer = await startMortal();
    let last = 0;
    writer.process.on("message", (message: { event?: string }) => {
      last = Number(/^acknowledged (\d+)$/.exec(message.event ?? "")?.[1] ?? last);
    });
    const many = writer.event("acknowledged 60");
    void writer.ask("write", { ...facts, key: "w" });
    await many;
    await writer.kill();
    expect(last).toBeGreaterThanOrEqual(60);
    for (let number = last - 6; number <= last; number++) {
      const value = Number(await store.get(`w${number % 7}`));
      // One more may have been written and not acknowledged.
      expect([number, number + 7]).toContain(value);
      await store.put(`w${number % 7}`, "after");
    }
  });
});

describe("a folder that processes use", () => {
  it("has one key, although five generate it at once", async () => {
    const { store, facts } = await startIn(inFolder);
    await Promise.all(
      five.map((child, index) => child.ask("put", { ...facts, key: `${index}`, value: "mine" })),
    );
    for (const index of five.keys()) expect(await store.get(`${index}`)).toBe("mine");
    expect((await readdir(facts.folder)).filter((name) => name.endsWith(".key"))).toHaveLength(1);
  });

  it.skipIf(process.platform === "win32")(
    "waits for a holder that was asleep so long that it looked dead",
    async () => {
      const { facts, store } = await startIn(inFolder);
      const sleeper = await startMortal();
      const { folder } = facts;
      const held = sleeper.event("paused");
      void sleeper.ask("hold", { folder, staleMs, key: "sleepy" });
      await held;
      sleeper.process.kill("SIGSTOP");
      const lockFolder = (await readdir(join(folder, "locks"))).map((name) =>
        join(folder, "locks", name),
      );
      await until(async () => {
        const { mtimeMs } = await stat(lockFolder[0] ?? "");
        return Date.now() - mtimeMs > staleMs + 500;
      });
      sleeper.process.kill("SIGCONT");
      const early = store.withLock("sleepy", async () => {}, { waitMs: 2500 });
      await expect(early).rejects.toMatchObject({ code: "timeout" });
    },
  );
});

import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { bundleInto, type Child, startChild, temporaryFolder } from "../../test/fakes/children.ts";
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

async function startIn<Facts extends object>(open: () => Promise<Place<Facts>>, count: number) {
  const program = await bundleInto(await temporaryFolder(), source);
  const { facts: shared, store } = await open();
  const facts = { ...shared, staleMs };
  const children = Array.from({ length: count }, () => startChild(program));
  const each = <T>(question: string, more: object) =>
    Promise.all(children.map((child) => child.ask(question, { ...facts, ...more }) as Promise<T>));
  return { facts, store, children, first: children[0] as Child, each };
}

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
    const { store, each } = await startIn(open, 5);
    await Promise.all(names.map((name) => store.put(name, `value of ${name}`)));
    const taken = await each<string[]>("take", { names });
    expect(taken.flat().sort()).toEqual(names.map((name) => `value of ${name}`).sort());
    expect(await store.get("name 0")).toBeUndefined();
  });

  it.each([undefined, "old"])("lets one replace a value that all know as %s", async (expected) => {
    const { store, each } = await startIn(open, 5);
    if (expected !== undefined) {
      await Promise.all(names.map((name) => store.put(name, expected)));
    }
    const won = await each<string[]>("compareAndSet", { names, expected, value: "new" });
    expect(won.flat().sort()).toEqual([...names].sort());
  });

  it("loses no step of a count under one lock", async () => {
    const { store, each } = await startIn(open, 5);
    await each("count", { times: 20 });
    expect(await store.get("count")).toBe("100");
  });

  it("goes on after the holder of a lock was killed, one at a time", async () => {
    const { first, children, facts, store, each } = await startIn(open, 5);
    const held = first.event("paused");
    void first.ask("hold", { ...facts, key: "count" });
    await held;
    await first.kill();
    children.shift();
    await each("count", { times: 5 });
    expect(await store.get("count")).toBe("20");
  });

  it.skipIf(process.platform === "win32")(
    "waits for a holder that was asleep so long that it looked dead",
    async () => {
      const { first, facts, store } = await startIn(inFolder, 1);
      const { folder } = facts;
      const held = first.event("paused");
      void first.ask("hold", { folder, staleMs, key: "sleepy" });
      await held;
      first.process.kill("SIGSTOP");
      const lockFolder = (await readdir(join(folder, "locks"))).map((name) =>
        join(folder, "locks", name),
      );
      await until(async () => {
        const { mtimeMs } = await stat(lockFolder[0] ?? "");
        return Date.now() - mtimeMs > staleMs + 500;
      });
      first.process.kill("SIGCONT");
      const early = store.withLock("sleepy", async () => {}, { waitMs: 2500 });
      await expect(early).rejects.toMatchObject({ code: "timeout" });
    },
  );

  it("has every value that was acknowledged before a process was killed in mid-write", async () => {
    const { first, facts, store } = await startIn(open, 1);
    let last = 0;
    first.process.on("message", (message: { event?: string }) => {
      last = Number(/^acknowledged (\d+)$/.exec(message.event ?? "")?.[1] ?? last);
    });
    const many = first.event("acknowledged 60");
    void first.ask("write", { ...facts, key: "w" });
    await many;
    await first.kill();
    expect(last).toBeGreaterThanOrEqual(60);
    for (let number = last - 6; number <= last; number++) {
      const value = Number(await store.get(`w${number % 7}`));
      // One more may have been written and not acknowledged.
      expect([number, number + 7]).toContain(value);
      await store.put(`w${number % 7}`, "after");
    }
  });
});

describe("a folder that five processes come to at once", () => {
  it("has one key, although all generate it at once", async () => {
    const { store, children, facts } = await startIn(inFolder, 5);
    await Promise.all(
      children.map((child, index) =>
        child.ask("put", { ...facts, key: `${index}`, value: "mine" }),
      ),
    );
    for (const index of children.keys()) expect(await store.get(`${index}`)).toBe("mine");
    expect((await readdir(facts.folder)).filter((name) => name.endsWith(".key"))).toHaveLength(1);
  });
});

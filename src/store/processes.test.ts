import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { bundleInto, type Child, startChild, temporaryFolder } from "../../test/fakes/children.ts";
import { createFileStore } from "./file-store.ts";

const source = fileURLToPath(new URL("../../test/fakes/store-child.ts", import.meta.url));
const staleMs = 3000;

async function start(count: number) {
  const program = await bundleInto(await temporaryFolder(), source);
  const folder = await temporaryFolder();
  const children = Array.from({ length: count }, () => startChild(program));
  const store = createFileStore({ folder, keys: [], staleMs });
  const each = <T>(question: string, facts: object) =>
    Promise.all(
      children.map((child) => child.ask(question, { folder, staleMs, ...facts }) as Promise<T>),
    );
  return { folder, store, children, first: children[0] as Child, each };
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await delay(100);
}

const names = Array.from({ length: 40 }, (_, index) => `name ${index}`);

describe("a folder that five processes use", { timeout: 60_000 }, () => {
  it("gives each value to exactly one that takes it", async () => {
    const { store, each } = await start(5);
    await Promise.all(names.map((name) => store.put(name, `value of ${name}`)));
    const taken = await each<string[]>("take", { names });
    expect(taken.flat().sort()).toEqual(names.map((name) => `value of ${name}`).sort());
    expect(await store.get("name 0")).toBeUndefined();
  });

  it.each([undefined, "old"])("lets one replace a value that all know as %s", async (expected) => {
    const { store, each } = await start(5);
    if (expected !== undefined) {
      await Promise.all(names.map((name) => store.put(name, expected)));
    }
    const won = await each<string[]>("compareAndSet", { names, expected, value: "new" });
    expect(won.flat().sort()).toEqual([...names].sort());
  });

  it("loses no step of a count under one lock", async () => {
    const { store, each } = await start(5);
    await each("count", { times: 20 });
    expect(await store.get("count")).toBe("100");
  });

  it("has one key, although all generate it at once", async () => {
    const { store, children, folder } = await start(5);
    await Promise.all(
      children.map((child, index) => child.ask("put", { folder, key: `${index}`, value: "mine" })),
    );
    for (const index of children.keys()) expect(await store.get(`${index}`)).toBe("mine");
    expect((await readdir(folder)).filter((name) => name.endsWith(".key"))).toHaveLength(1);
  });

  it("goes on after the holder of a lock was killed, one at a time", async () => {
    const { first, children, folder, store, each } = await start(5);
    const held = first.event("paused");
    void first.ask("hold", { folder, staleMs, key: "count" });
    await held;
    await first.kill();
    children.shift();
    await each("count", { times: 5 });
    expect(await store.get("count")).toBe("20");
  });

  it.skipIf(process.platform === "win32")(
    "waits for a holder that was asleep so long that it looked dead",
    async () => {
      const { first, folder, store } = await start(1);
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
    const { first, folder, store } = await start(1);
    let last = 0;
    first.process.on("message", (message: { event?: string }) => {
      last = Number(/^acknowledged (\d+)$/.exec(message.event ?? "")?.[1] ?? last);
    });
    const many = first.event("acknowledged 60");
    void first.ask("write", { folder, staleMs, key: "w" });
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

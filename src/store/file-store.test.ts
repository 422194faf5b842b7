import {
  chmod,
  copyFile,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  utimes,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/fakes/children.ts";
import { newStoreKey } from "../../test/fakes/store-key.ts";
import { createFileStore } from "./file-store.ts";

const isRoot = process.getuid?.() === 0;

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

async function recordsIn(folder: string): Promise<string[]> {
  return (await filesIn(folder)).filter((file) => /[\da-f]{64}$/.test(file));
}

const aboutFolder = { code: "config", details: { setting: "ATLASSIAN_STORE_URL" } };
const aboutKey = { code: "config", details: { setting: "ATLASSIAN_STORE_KEY" } };

describe("what a file store leaves on the disk", () => {
  it("is nothing before the first write", async () => {
    const folder = join(await temporaryFolder(), "new");
    const store = createFileStore({ folder, keys: [] });
    await store.get("a");
    await store.take("a");
    await store.delete("a");
    await expect(stat(folder)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it.skipIf(process.platform === "win32")("is for its owner's eyes only", async () => {
    const folder = join(await temporaryFolder(), "new");
    const store = createFileStore({ folder, keys: [] });
    await store.put("a", "1");
    await store.withLock("a", async () => {});
    const entries = [folder, ...(await readdir(folder)).map((name) => join(folder, name))];
    for (const entry of [...entries, ...(await filesIn(folder))]) {
      const { mode } = await stat(entry);
      expect([entry, mode & 0o077]).toEqual([entry, 0]);
    }
  });

  it("shows neither keys nor values", async () => {
    const folder = await temporaryFolder();
    const store = createFileStore({ folder, keys: [] });
    await store.put("grant:somebody", "a secret value");
    for (const file of await filesIn(folder)) {
      const text = `${file}\n${await readFile(file, "latin1")}`;
      expect(text).not.toMatch(/somebody|secret value/);
    }
  });

  it("has no temporary files and no locks after the work", async () => {
    const folder = await temporaryFolder();
    const store = createFileStore({ folder, keys: [] });
    await Promise.all(["1", "2", "3"].map((value) => store.put("a", value)));
    await store.withLock("a", () => store.compareAndSet("a", "3", "4"));
    await store.take("a");
    await store.close();
    const left = await readdir(folder, { recursive: true });
    expect(left.filter((name) => /tmp|claim|\.lock/.test(name))).toEqual([]);
    expect(await recordsIn(folder)).toEqual([]);
  });
});

describe("records that cannot be read", () => {
  async function damaged() {
    const folder = await temporaryFolder();
    const store = createFileStore({ folder, keys: [] });
    await store.put("a", "1");
    const [file = ""] = await recordsIn(folder);
    await writeFile(file, (await readFile(file)).subarray(1));
    return { folder, store, file };
  }

  it("are named and left where they are", async () => {
    const { store, file, folder } = await damaged();
    const before = await readFile(file);
    for (const attempt of [
      () => store.get("a"),
      () => store.take("a"),
      () => store.compareAndSet("a", "1", "2"),
      () => store.compareAndSet("a", undefined, "2"),
    ]) {
      await expect(attempt()).rejects.toMatchObject(aboutFolder);
      await expect(attempt()).rejects.toThrow(file);
    }
    await store.put("b", "makes it sweep");
    await store.close();
    expect((await readFile(file)).equals(before)).toBe(true);
    expect(await recordsIn(folder)).toHaveLength(2);
  });

  it("can be replaced and deleted by somebody who says so", async () => {
    const { store } = await damaged();
    await store.put("a", "2");
    expect(await store.get("a")).toBe("2");
    const second = await damaged();
    await second.store.delete("a");
    expect(await second.store.get("a")).toBeUndefined();
  });

  it("include those that were put into another record's place", async () => {
    const folder = await temporaryFolder();
    const store = createFileStore({ folder, keys: [] });
    await store.put("mine", "1");
    const [mine = ""] = await recordsIn(folder);
    await store.put("yours", "2");
    const yours = (await recordsIn(folder)).find((file) => file !== mine) ?? "";
    await copyFile(yours, mine);
    await expect(store.get("mine")).rejects.toMatchObject(aboutFolder);
  });
});

describe("keys of a file store", () => {
  it("are generated once and found again", async () => {
    const folder = await temporaryFolder();
    await createFileStore({ folder, keys: [] }).put("a", "1");
    expect(await createFileStore({ folder, keys: [] }).get("a")).toBe("1");
    expect(JSON.parse(await readFile(join(folder, "store.json"), "utf8"))).toMatchObject({
      keySource: "file",
    });
  });

  it("may be the operator's, who can replace them step by step", async () => {
    const folder = await temporaryFolder();
    const [old, recent] = [newStoreKey(), "a passphrase of the operator"];
    await createFileStore({ folder, keys: [old] }).put("a", "1");
    const both = createFileStore({ folder, keys: [recent, old] });
    expect(await both.get("a")).toBe("1");
    await both.put("b", "2");
    const after = createFileStore({ folder, keys: [recent] });
    expect(await after.get("b")).toBe("2");
    await expect(after.get("a")).rejects.toMatchObject(aboutKey);
  });

  it("of the operator take over from the generated one", async () => {
    const folder = await temporaryFolder();
    await createFileStore({ folder, keys: [] }).put("a", "1");
    const key = newStoreKey();
    const store = createFileStore({ folder, keys: [key] });
    expect(await store.get("a")).toBe("1");
    await expect(createFileStore({ folder, keys: [] }).get("a")).rejects.toMatchObject(aboutKey);
    await rm(join(folder, "store.key"));
    await store.put("a", "2");
    expect(await createFileStore({ folder, keys: [key] }).get("a")).toBe("2");
  });

  it("that are wrong are refused before anything is written with them", async () => {
    const folder = await temporaryFolder();
    const key = newStoreKey();
    await createFileStore({ folder, keys: [key] }).put("a", "1");
    const wrong = createFileStore({ folder, keys: [newStoreKey()] });
    await expect(wrong.get("a")).rejects.toMatchObject(aboutKey);
    await expect(wrong.put("b", "1")).rejects.toMatchObject(aboutKey);
    await expect(wrong.take("a")).rejects.toMatchObject(aboutKey);
    expect(await createFileStore({ folder, keys: [key] }).get("a")).toBe("1");
  });

  it("are asked for again once the operator has put it right", async () => {
    const folder = await temporaryFolder();
    await createFileStore({ folder, keys: [] }).put("a", "1");
    const keyFile = join(folder, "store.key");
    const key = await readFile(keyFile);
    await rm(keyFile);
    const store = createFileStore({ folder, keys: [] });
    await expect(store.get("a")).rejects.toMatchObject(aboutKey);
    await writeFile(keyFile, "half a key");
    await expect(store.get("a")).rejects.toMatchObject(aboutKey);
    await writeFile(keyFile, key);
    expect(await store.get("a")).toBe("1");
  });

  it("survive a process that died between writing the key and saying where it is", async () => {
    const folder = await temporaryFolder();
    await createFileStore({ folder, keys: [] }).put("a", "1");
    await rm(join(folder, "store.json"));
    expect(await createFileStore({ folder, keys: [] }).get("a")).toBe("1");
  });

  it("are looked for again when the folder was begun anew meanwhile", async () => {
    const folder = await temporaryFolder();
    const running = createFileStore({ folder, keys: [] });
    await running.put("a", "1");
    await rm(folder, { recursive: true });
    await createFileStore({ folder, keys: [] }).put("a", "2");
    expect(await running.get("a")).toBe("2");
  });

  it.each(["", "no JSON", "[]", "{}", '{"version":2,"keySource":"file","keyId":"","salt":""}'])(
    "are not guessed when store.json holds %j",
    async (text) => {
      const folder = await temporaryFolder();
      const store = createFileStore({ folder, keys: [] });
      await writeFile(join(folder, "store.json"), text);
      await expect(store.put("a", "1")).rejects.toMatchObject(aboutFolder);
      expect(await readFile(join(folder, "store.json"), "utf8")).toBe(text);
    },
  );
});

describe("a folder that cannot be used", () => {
  it.skipIf(isRoot || process.platform === "win32")("is named when it is read-only", async () => {
    const folder = await temporaryFolder();
    await chmod(folder, 0o500);
    const store = createFileStore({ folder, keys: [] });
    await expect(store.put("a", "1")).rejects.toMatchObject(aboutFolder);
    await expect(store.put("a", "1")).rejects.toThrow(folder);
  });

  it("is named when it is a file", async () => {
    const folder = join(await temporaryFolder(), "file");
    await writeFile(folder, "");
    const store = createFileStore({ folder, keys: [] });
    for (const attempt of [
      () => store.put("a", "1"),
      () => store.get("a"),
      () => store.take("a"),
      () => store.withLock("a", async () => {}),
    ]) {
      await expect(attempt()).rejects.toMatchObject(aboutFolder);
      await expect(attempt()).rejects.toThrow(folder);
    }
  });
});

describe("tidying up", () => {
  it("deletes what is expired or left over, and nothing else", async () => {
    const folder = await temporaryFolder();
    const clock = { now: 1_000_000 };
    const open = () => createFileStore({ folder, keys: [], clock: () => clock.now });
    await open().put("short", "1", 1000);
    await open().put("long", "1", 1_000_000_000);
    await open().put("for ever", "1");
    const [record = ""] = await recordsIn(folder);
    const old = new Date(Date.now() - 2 * 60 * 60 * 1000);
    const veryOld = new Date(Date.now() - 25 * 60 * 60 * 1000);
    for (const ending of ["0123.tmp", "0123.claim"]) {
      await writeFile(`${record}.${ending}`, "");
      await utimes(`${record}.${ending}`, old, old);
    }
    await writeFile(`${record}.4567.tmp`, "another process is writing it");
    await mkdir(`${record}x.lock`);
    await utimes(`${record}x.lock`, veryOld, veryOld);

    clock.now += 2000;
    const store = open();
    await store.put("one", "more");
    await store.close();
    const left = await readdir(folder, { recursive: true });
    expect(left.filter((name) => /[\da-f]{64}$/.test(name))).toHaveLength(3);
    expect(left.filter((name) => /tmp|claim|lock$/.test(name))).toEqual([
      expect.stringMatching(/4567\.tmp$/),
    ]);
    expect(await store.get("long")).toBe("1");
    expect(await store.get("for ever")).toBe("1");
  });
});

describe("whether the folder can be used", () => {
  it("is asked by making it", async () => {
    const folder = join(await temporaryFolder(), "new");
    await createFileStore({ folder, keys: [] }).ping?.();
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it("is denied where a file is in the way", async () => {
    const folder = join(await temporaryFolder(), "file");
    await writeFile(folder, "");
    await expect(createFileStore({ folder, keys: [] }).ping?.()).rejects.toMatchObject(aboutFolder);
  });

  it.skipIf(isRoot)("is denied where nothing may be written", async () => {
    const folder = await temporaryFolder();
    await chmod(folder, 0o500);
    await expect(createFileStore({ folder, keys: [] }).ping?.()).rejects.toMatchObject(aboutFolder);
  });
});

describe("a lock that was taken away", () => {
  it("is told to the holder, whose result counts", async () => {
    const folder = await temporaryFolder();
    const store = createFileStore({ folder, keys: [], staleMs: 3000 });
    const result = store.withLock("a", async (lost) => {
      const fired = new Promise((resolve) => lost.addEventListener("abort", resolve));
      for (const name of await readdir(join(folder, "locks"))) {
        await rm(join(folder, "locks", name), { recursive: true });
      }
      await fired;
      expect(lost.reason).toMatchObject({ code: "upstream" });
      return "done";
    });
    expect(await result).toBe("done");
  });
});

import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/fakes/children.ts";
import { createFileStore } from "./file-store.ts";
import { keySourceOf } from "./key-source.ts";
import { isProven, type KeychainOptions, systemKeychain } from "./keychain.ts";

/** A stand-in for the native package: a folder with a file per secret, and the ways in which keychains fail. */
async function fakeKeychain(behaviour: "works" | "forgets" | "blocks" | "refuses" = "works") {
  const folder = await temporaryFolder();
  const vault = join(folder, "vault");
  await mkdir(vault);
  const module = join(folder, "keyring.cjs");
  await writeFile(
    module,
    `const fs = require("node:fs");
    const behaviour = () => fs.readFileSync(${JSON.stringify(join(folder, "behaviour"))}, "utf8");
    exports.Entry = class {
      constructor(service, account, options) {
        if (service !== "mcp-atlassian" || options.linux.store !== "secret-service") throw new Error("unexpected");
        this.file = ${JSON.stringify(vault)} + "/" + account;
        if (behaviour() === "blocks") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
        if (behaviour() === "refuses") throw new Error("AccessDenied");
      }
      setPassword(secret) { if (behaviour() !== "forgets") fs.writeFileSync(this.file, secret); }
      getPassword() { return fs.existsSync(this.file) ? fs.readFileSync(this.file, "utf8") : null; }
      deletePassword() { fs.rmSync(this.file); return true; }
    };`,
  );
  const become = (next: string) => writeFile(join(folder, "behaviour"), next);
  await become(behaviour);
  const options: KeychainOptions = { platform: "linux", sessionBus: "unix:path=/bus", module };
  const open = (timeoutMs = 20_000) => {
    const keychain = systemKeychain({ ...options, timeoutMs });
    if (keychain === undefined) throw new Error("no keychain");
    return keychain;
  };
  return { open, become, vault, options };
}

const unusable = { code: "config", details: { setting: "ATLASSIAN_STORE_KEY" } };

describe("the system's keychain", () => {
  it("is not there on a Linux without session bus", async () => {
    const { options } = await fakeKeychain();
    expect(systemKeychain({ ...options, sessionBus: undefined })).toBeUndefined();
    expect(systemKeychain({ ...options, sessionBus: "" })).toBeUndefined();
    expect(systemKeychain({ ...options, sessionBus: undefined, platform: "darwin" })).toBeDefined();
  });

  it("is proven by a secret that another process reads, and nothing is left of the proof", async () => {
    const { open, vault } = await fakeKeychain();
    expect(await isProven(open())).toBe(true);
    expect(await readdir(vault)).toEqual([]);
  });

  it.each(["forgets", "refuses", "blocks"] as const)("is not proven when it %s", async (how) => {
    const { open } = await fakeKeychain(how);
    expect(await isProven(open(how === "blocks" ? 300 : undefined))).toBe(false);
  });

  it("is not proven when the package cannot be loaded", async () => {
    const { options } = await fakeKeychain();
    const keychain = systemKeychain({ ...options, module: "/nowhere/keyring.cjs" });
    expect(keychain && (await isProven(keychain))).toBe(false);
  });

  it("gives secrets with any characters back, and undefined for none", async () => {
    const keychain = (await fakeKeychain()).open();
    await keychain.write("a", 'quote " and ä ✓');
    expect(await keychain.read("a")).toBe('quote " and ä ✓');
    await keychain.delete("a");
    expect(await keychain.read("a")).toBeUndefined();
  });
});

describe("a store whose key is in the keychain", () => {
  it("needs the keychain, and only that, in later processes", async () => {
    const { open, vault } = await fakeKeychain();
    const folder = await temporaryFolder();
    const first = createFileStore({ folder, keys: [], keychain: open(), useKeychain: true });
    await first.put("a", "1");
    expect(await keySourceOf(folder)).toBe("keychain");
    expect(await readdir(folder)).not.toContain("store.key");
    const [account = ""] = await readdir(vault);
    const secret = await readFile(join(vault, account), "utf8");
    expect(secret.length).toBeLessThan(100);

    expect(await createFileStore({ folder, keys: [], keychain: open() }).get("a")).toBe("1");
    await expect(createFileStore({ folder, keys: [] }).get("a")).rejects.toMatchObject(unusable);
  });

  it.each(["blocks", "refuses"] as const)("says so when the keychain %s", async (how) => {
    const { open, become } = await fakeKeychain();
    const folder = await temporaryFolder();
    const options = { folder, keys: [], useKeychain: true };
    await createFileStore({ ...options, keychain: open() }).put("a", "1");
    await become(how);
    const keychain = open(how === "blocks" ? 300 : undefined);
    const store = createFileStore({ ...options, keychain });
    await expect(store.get("a")).rejects.toMatchObject(unusable);
    await become("works");
    expect(await createFileStore({ ...options, keychain: open() }).get("a")).toBe("1");
  });

  it("says so when the keychain has lost the key, and makes no new one", async () => {
    const { open, vault } = await fakeKeychain();
    const folder = await temporaryFolder();
    const options = { folder, keys: [], keychain: open(), useKeychain: true };
    await createFileStore(options).put("a", "1");
    for (const account of await readdir(vault)) await rm(join(vault, account));
    const store = createFileStore(options);
    await expect(store.get("a")).rejects.toMatchObject(unusable);
    await expect(store.put("b", "1")).rejects.toMatchObject(unusable);
  });

  it("takes the key out of the file that held it before", async () => {
    const { open } = await fakeKeychain();
    const folder = await temporaryFolder();
    await createFileStore({ folder, keys: [] }).put("a", "1");
    const moved = createFileStore({ folder, keys: [], keychain: open(), useKeychain: true });
    expect(await moved.get("a")).toBe("1");
    expect(await keySourceOf(folder)).toBe("keychain");
    expect(await readdir(folder)).not.toContain("store.key");
    expect(await createFileStore({ folder, keys: [], keychain: open() }).get("a")).toBe("1");
  });

  it("can be handed over to a key of the operator", async () => {
    const { open } = await fakeKeychain();
    const folder = await temporaryFolder();
    const options = { folder, keychain: open() };
    await createFileStore({ ...options, keys: [], useKeychain: true }).put("a", "1");
    const keys = ["a passphrase of the operator"];
    expect(await createFileStore({ ...options, keys }).get("a")).toBe("1");
    expect(await keySourceOf(folder)).toBe("operator");
  });
});

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeEach, describe, expect, it } from "vitest";
import { fakeTerminal, settingsOf } from "../../test/fakes/command-world.ts";
import { createFileStore } from "../store/file-store.ts";
import type { Keychain } from "../store/keychain.ts";
import { describeStore, offerKeychain, proveWritable } from "./storage.ts";

let folder: string;
let env: Record<string, string>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mcp-atlassian-storage-"));
  env = { ATLASSIAN_STORE_URL: pathToFileURL(folder).href };
});

function workingKeychain(): Keychain {
  const entries = new Map<string, string>();
  return {
    read: async (account) => entries.get(account),
    async write(account, secret) {
      entries.set(account, secret);
    },
    async delete(account) {
      entries.delete(account);
    },
  };
}

const brokenKeychain: Keychain = {
  ...workingKeychain(),
  read: () => Promise.reject(new Error("locked")),
};

describe("the system's keychain", () => {
  it.each<[string, Keychain | undefined, boolean, string | undefined, boolean, number]>([
    ["is used where it works and the person wants it", workingKeychain(), true, "yes", true, 1],
    ["is not used against the person's will", workingKeychain(), true, "no", false, 1],
    ["is not offered where it does not work", brokenKeychain, true, "yes", false, 0],
    ["is not offered where there is none", undefined, true, "yes", false, 0],
    ["is not offered where nobody can answer", workingKeychain(), false, "yes", false, 0],
  ])("%s", async (_, keychain, isInteractive, answer, expected, questions) => {
    const terminal = fakeTerminal({ isInteractive, answers: [answer] });
    expect(await offerKeychain(settingsOf(env), { keychain }, terminal)).toBe(expected);
    expect(terminal.questions).toHaveLength(questions);
  });

  it("is not offered where the operator holds the key", async () => {
    const terminal = fakeTerminal({ isInteractive: true, answers: ["yes"] });
    const settings = settingsOf({ ...env, ATLASSIAN_STORE_KEY: "the-key" });
    const keychain = workingKeychain();
    expect(await offerKeychain(settings, { keychain }, terminal)).toBe(false);
  });

  it("is named as the place of the key once it is used", async () => {
    const settings = settingsOf(env);
    expect(await describeStore(settings)).toContain("nothing is stored yet");
    const store = createFileStore({
      folder,
      keys: [],
      keychain: workingKeychain(),
      useKeychain: true,
    });
    await proveWritable(store);
    expect(await store.get("check:login")).toBeUndefined();
    await store.close();
    expect(await describeStore(settings)).toMatch(/keychain/);
  });
});

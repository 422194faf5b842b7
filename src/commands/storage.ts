import type { Settings } from "../config/product.ts";
import { AtlassianMcpError } from "../errors.ts";
import { defaultStoreFolder } from "../store/folders.ts";
import { keySourceOf } from "../store/key-source.ts";
import { isProven } from "../store/keychain.ts";
import { folderOf } from "../store/open.ts";
import type { Store } from "../store/types.ts";
import type { Outside } from "./outside.ts";
import type { Terminal } from "./terminal.ts";

/** The folder with stored state; `undefined` where none of it outlives the program. */
export function storeFolder({ store, machine }: Settings): string | undefined {
  if (store.url === undefined) return defaultStoreFolder(machine);
  return store.url.protocol === "file:" ? folderOf(store.url) : undefined;
}

/** Where tokens are and who holds the key to them, as the end of a sentence. */
export async function describeStore(settings: Settings): Promise<string> {
  const folder = storeFolder(settings);
  if (folder === undefined) return "in memory only";
  const keys = {
    operator: "the key in ATLASSIAN_STORE_KEY",
    keychain: "a key in the system's keychain",
    file: "a key beside them (readable by you alone)",
  };
  const source = await keySourceOf(folder);
  return source === undefined
    ? `in ${folder} (nothing is stored yet)`
    : `in ${folder}, encrypted with ${keys[source]}`;
}

/** @throws AtlassianMcpError `config` for a store that would forget everything when the command ends. */
export function refuseForgetful({ store }: Settings): void {
  if (store.url?.protocol !== "memory:") return;
  throw new AtlassianMcpError(
    "config",
    "What is stored in memory is gone when this command ends, the sign-in with it",
    {
      setting: "ATLASSIAN_STORE_URL",
      next: "Remove ATLASSIAN_STORE_URL, or name a folder in it (file:///path).",
    },
  );
}

/** Writes and forgets something, so that a store that cannot be used is known before anybody signs in. */
export async function proveWritable(store: Store): Promise<void> {
  await store.put("check:login", "ok", 60_000);
  await store.delete("check:login");
}

/** Whether the encryption key is to go into the system's keychain: where one works, and the person wants it. */
export async function offerKeychain(
  settings: Settings,
  { keychain }: Pick<Outside, "keychain">,
  terminal: Terminal,
): Promise<boolean> {
  const folder = storeFolder(settings);
  if (keychain === undefined || folder === undefined || !terminal.isInteractive) return false;
  if (settings.store.keys.length > 0) return false;
  const source = await keySourceOf(folder);
  if (source === "keychain" || source === "operator") return false;
  if (!(await isProven(keychain))) return false;
  const question = "Keep the key that encrypts your tokens in the system's keychain?";
  return (await terminal.prompts.confirm(question)) === true;
}

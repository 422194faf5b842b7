import { fileURLToPath } from "node:url";
import { createFileStore } from "./file-store.ts";
import type { Keychain } from "./keychain.ts";
import { createMemoryStore } from "./memory-store.ts";
import { unusableUrl } from "./problems.ts";
import type { Store } from "./types.ts";

export interface StoreOptions {
  /** `ATLASSIAN_STORE_URL`: `file:` or `memory:`. Absent: `defaultFolder`. */
  readonly url?: URL | undefined;
  /** `ATLASSIAN_STORE_KEY`: the first encrypts, all decrypt. Empty: a key is generated. */
  readonly keys: readonly string[];
  readonly defaultFolder: string;
  /** Asked when the generated key is kept in it. */
  readonly keychain?: Keychain | undefined;
  /** Keeps the generated key in the keychain from now on. Only for a keychain that was proven to work. */
  readonly useKeychain?: boolean | undefined;
  readonly clock?: (() => number) | undefined;
}

/**
 * The store that the settings ask for. Nothing is touched before it is used, so that what is wrong with the place shows
 * at the first use.
 *
 * @throws AtlassianMcpError `config` for a kind of store that does not exist.
 */
export function openStore({ url, defaultFolder, ...options }: StoreOptions): Store {
  switch (url?.protocol) {
    case undefined:
      return createFileStore({ ...options, folder: defaultFolder });
    case "file:":
      return createFileStore({ ...options, folder: folderOf(url) });
    case "memory:":
      return createMemoryStore({ clock: options.clock });
    case "redis:":
    case "rediss:":
      throw unusableUrl("names a Redis server, which is not part of this version");
    default:
      throw unusableUrl(`begins with ${url?.protocol}, which is no kind of store`);
  }
}

/** The folder that a `file:` address stands for. */
export function folderOf(url: URL | undefined): string {
  try {
    return fileURLToPath(url ?? "");
  } catch {
    throw unusableUrl("names no folder of this machine");
  }
}

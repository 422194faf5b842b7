import type { ConnectionOptions } from "node:tls";
import { fileURLToPath } from "node:url";
import { createFileStore } from "./file-store.ts";
import type { Keychain } from "./keychain.ts";
import { createMemoryStore } from "./memory-store.ts";
import { unusableUrl } from "./problems.ts";
import { redisAddress } from "./redis-address.ts";
import { createRedisStore } from "./redis-store.ts";
import type { Store } from "./types.ts";

export interface StoreOptions {
  /** `ATLASSIAN_STORE_URL`: `file:`, `redis:`, `rediss:` or `memory:`. Absent: `defaultFolder`. */
  readonly url?: URL | undefined;
  /** `ATLASSIAN_STORE_KEY`: the first encrypts, all decrypt. Empty: a key is generated, but not for Redis. */
  readonly keys: readonly string[];
  readonly defaultFolder: string;
  /** Asked when the generated key is kept in it. */
  readonly keychain?: Keychain | undefined;
  /** Keeps the generated key in the keychain from now on. Only for a keychain that was proven to work. */
  readonly useKeychain?: boolean | undefined;
  /** Whom `rediss:` trusts. Asked when a connection is first made. */
  readonly tls?: (() => Promise<ConnectionOptions>) | undefined;
  readonly clock?: (() => number) | undefined;
}

/**
 * The store that the settings ask for. Nothing is touched before it is used, so that what is wrong with the place shows
 * at the first use.
 *
 * @throws AtlassianMcpError `config` for a kind of store that does not exist, and for Redis without a key.
 */
export function openStore({ url, defaultFolder, ...options }: StoreOptions): Store {
  if (url === undefined) return createFileStore({ ...options, folder: defaultFolder });
  switch (url.protocol) {
    case "file:":
      return createFileStore({ ...options, folder: folderOf(url) });
    case "memory:":
      return createMemoryStore({ clock: options.clock });
    case "redis:":
    case "rediss:":
      return createRedisStore({ ...options, address: redisAddress(url) });
    default:
      throw unusableUrl(whyUnknown(url));
  }
}

function whyUnknown({ protocol }: URL): string {
  return /^rediss?[+-]?(sentinel|cluster)/.test(protocol)
    ? "asks for Redis Sentinel or Cluster, which are not supported: name one server"
    : `begins with ${protocol}, which is no kind of store`;
}

/** The folder that a `file:` address stands for. */
export function folderOf(url: URL | undefined): string {
  try {
    return fileURLToPath(url ?? "");
  } catch {
    throw unusableUrl("names no folder of this machine");
  }
}

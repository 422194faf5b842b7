import { randomBytes } from "node:crypto";
import type { Fetch, OAuthApp } from "../auth/oauth/types.ts";
import type { Settings } from "../config/product.ts";
import { createFetch } from "../http/fetch.ts";
import { createHttpPool } from "../http/pool.ts";
import type { Logger } from "../log.ts";
import { createOAuthFetch } from "../server/oauth-fetch.ts";
import { keychainOf, openTokenStore } from "../server/token-store.ts";
import type { Keychain } from "../store/keychain.ts";
import type { Store } from "../store/types.ts";

/** What commands need of the world besides the terminal. */
export interface Outside {
  fetchFor(app: Pick<OAuthApp, "issuer">): Fetch;
  openStore(options?: { readonly useKeychain?: boolean | undefined }): Store;
  readonly keychain: Keychain | undefined;
  /** Milliseconds since the epoch. */
  clock(): number;
  randomBytes(size: number): Buffer;
  readonly sleep?: ((ms: number, signal: AbortSignal) => Promise<void>) | undefined;
  readonly log: Logger;
  close(): Promise<void>;
}

/** The real world, as the settings describe the way there. Opens nothing before it is used. */
export function openOutside(settings: Settings, log: Logger): Outside {
  const pool = createHttpPool();
  return {
    fetchFor: createOAuthFetch(settings, createFetch, pool),
    openStore: (options) => openTokenStore(settings, options),
    keychain: keychainOf(settings),
    clock: Date.now,
    randomBytes,
    log,
    close: () => pool.close({ force: true }),
  };
}

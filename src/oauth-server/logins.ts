import { openGrantStore } from "../auth/oauth/grant-store.ts";
import { createTokenManager } from "../auth/oauth/token-manager.ts";
import { revoke } from "../auth/oauth/token-requests.ts";
import type { Fetch, Grant, OAuthApp, TokenManager } from "../auth/oauth/types.ts";
import { isOurs } from "../errors.ts";
import type { Logger } from "../log.ts";
import type { Store } from "../store/types.ts";
import { hashOf } from "./records.ts";

/** Logins at Atlassian, one for each grant of ours. */
export interface Logins {
  save(id: string, login: Grant, ttlMs: number): Promise<void>;
  has(id: string): Promise<boolean>;
  /** Keeps it for so long from now. */
  extend(id: string, ttlMs: number): Promise<void>;
  /** Deletes it, and ends it at Atlassian where that can be done. */
  end(id: string): Promise<void>;
  /** `onDead`: runs when Atlassian no longer accepts the login, before the error goes on. */
  managerOf(id: string, endsAt: number, onDead: () => Promise<void>): TokenManager;
}

export interface LoginOptions {
  readonly app: OAuthApp;
  readonly store: Store;
  readonly fetch: Fetch;
  readonly clock: () => number;
  readonly log: Logger;
}

const mostManagers = 1000;

export function openLogins(options: LoginOptions): Logins {
  const { app, store, clock, log, fetch } = options;
  const managers = new Map<string, TokenManager>();
  return {
    async save(id, login, ttlMs) {
      const place = { key: keyOf(id), ttlMs: () => ttlMs };
      await openGrantStore({ app, store, log, place }).save(login);
    },
    has: async (id) => (await store.get(keyOf(id))) !== undefined,
    async extend(id, ttlMs) {
      const text = await store.get(keyOf(id));
      // Changed meanwhile only by a refresh, which sets the same end.
      if (text !== undefined) await store.compareAndSet(keyOf(id), text, text, ttlMs);
    },
    async end(id) {
      managers.delete(id);
      // Taken, so that of several endings one revokes.
      const text = await store.take(keyOf(id));
      if (text !== undefined) await revokeLogin(JSON.parse(text) as Grant, options);
    },
    managerOf(id, endsAt, onDead) {
      const known = managers.get(id);
      if (known !== undefined) return known;
      const place = { key: keyOf(id), ttlMs: () => Math.max(1, endsAt - clock()) };
      const command = "the sign-in of your MCP client";
      const made = createTokenManager({ app, store, fetch, clock, log, command, place });
      const watched = watch(made, onDead);
      const [oldest] = managers.keys();
      if (managers.size >= mostManagers && oldest !== undefined) managers.delete(oldest);
      managers.set(id, watched);
      return watched;
    },
  };
}

/** As good as it goes: for us the login has ended whatever Atlassian says. */
export async function revokeLogin(
  { refreshToken, accessToken }: Grant,
  { app, fetch, clock, log }: Omit<LoginOptions, "store">,
): Promise<void> {
  try {
    await revoke(app, refreshToken ?? accessToken, { fetch, clock });
  } catch (error) {
    log.warn("login.unrevoked", { error: isOurs(error) ? error.message : "unknown" });
  }
}

function keyOf(id: string): string {
  return `oauth:login:${hashOf(id)}`;
}

/** A login that Atlassian no longer accepts is of no use to the client either. */
function watch(manager: TokenManager, onDead: () => Promise<void>): TokenManager {
  const watched = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      if (!isOurs(error, "auth")) throw error;
      await onDead();
      throw error.with({ next: "Sign in again: your client asks you to at its next request." });
    }
  };
  return {
    accessToken: (signal) => watched(manager.accessToken(signal)),
    renew: (refused, signal) => watched(manager.renew(refused, signal)),
    grant: () => manager.grant(),
  };
}

import { isOurs } from "../../errors.ts";
import { type Logger, silentLogger } from "../../log.ts";
import { issuerHost } from "./endpoints.ts";
import { newGrant } from "./grant.ts";
import { sharedFlight } from "./shared-flight.ts";
import { isFresh, isValid, quietAfterFailureMs, renewedLately } from "./token-life.ts";
import { clientCredentials } from "./token-requests.ts";
import type { Fetch, Grant, OAuthApp, TokenManager } from "./types.ts";

export interface ClientCredentialsOptions {
  readonly app: OAuthApp;
  readonly fetch: Fetch;
  readonly clock?: (() => number) | undefined;
  readonly log?: Logger | undefined;
}

/**
 * Tokens of a service account, which has no login to lose: the app's own secret gets a new one at any time, so they
 * are kept in memory only. Issuers give short-lived tokens (some shorter than our usual margin), which are used to half
 * of their life.
 */
export function createClientCredentialsManager(options: ClientCredentialsOptions): TokenManager {
  const { app, fetch, clock = Date.now, log = silentLogger } = options;
  let current: Grant | undefined;
  let renewAt = 0;
  let renewed: { token: string; at: number } | undefined;
  const flight = sharedFlight(async () => {
    const tokens = await clientCredentials(app, { fetch, clock });
    const now = clock();
    current = newGrant(tokens, now);
    renewAt = isFresh(current, now) ? 0 : now + tokens.expiresInS * 500;
    renewed = { token: tokens.accessToken, at: now };
    log.info("token.issued", { issuer: issuerHost(app), lastsS: tokens.expiresInS });
    return current;
  });
  return {
    async accessToken(signal) {
      signal?.throwIfAborted();
      const old = current;
      if (old !== undefined && (isFresh(old, clock()) || clock() < renewAt)) return old.accessToken;
      try {
        return (await flight.join(signal)).accessToken;
      } catch (error) {
        const now = clock();
        if (!isOurs(error, "network", "timeout", "upstream", "rate_limited")) throw error;
        if (old === undefined || !isValid(old, now)) throw error;
        renewAt = Math.min(now + quietAfterFailureMs, old.expiresAt);
        log.warn("refresh.postponed", { issuer: issuerHost(app), reason: error.code });
        return old.accessToken;
      }
    },
    async renew(refused, signal) {
      signal?.throwIfAborted();
      if (current !== undefined && current.accessToken !== refused && isValid(current, clock()))
        return true;
      if (renewedLately(renewed, refused, clock())) return false;
      return (await flight.join(signal)).accessToken !== refused;
    },
    async grant() {
      return current;
    },
  };
}

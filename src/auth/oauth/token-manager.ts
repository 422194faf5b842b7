import { type AtlassianMcpError, isOurs } from "../../errors.ts";
import { type Logger, silentLogger } from "../../log.ts";
import type { Store } from "../../store/types.ts";
import { issuerHost } from "./endpoints.ts";
import { withTokens } from "./grant.ts";
import {
  type GrantPlace,
  type GrantStore,
  openGrantStore,
  type StoredGrant,
} from "./grant-store.ts";
import { sharedFlight } from "./shared-flight.ts";
import { signInNeeded } from "./token-errors.ts";
import { isFresh, isValid, quietAfterFailureMs, renewedLately } from "./token-life.ts";
import { refresh } from "./token-requests.ts";
import type { Fetch, Grant, OAuthApp, TokenManager } from "./types.ts";

export interface TokenManagerOptions {
  readonly app: OAuthApp;
  readonly store: Store;
  readonly fetch: Fetch;
  readonly clock?: (() => number) | undefined;
  readonly log?: Logger | undefined;
  /** What a person runs to sign in, e.g. `mcp-atlassian auth login`. */
  readonly command: string;
  /** Folder with the token files of the Python implementation. Absent: nothing is taken over. */
  readonly legacyFolder?: string | undefined;
  /** Where one grant of many is kept. Absent: the app has one grant. */
  readonly place?: GrantPlace | undefined;
}

interface Manager extends Pick<TokenManagerOptions, "app" | "fetch" | "command"> {
  readonly clock: () => number;
  readonly log: Logger;
  readonly grants: GrantStore;
  /** The text of the stored grant that the issuer refused, and what was said about it. */
  dead: { readonly text: string; readonly error: AtlassianMcpError } | undefined;
  /** New tokens that could not be saved, for the grant that is still stored. */
  unsaved: { readonly earlier: string; readonly grant: Grant } | undefined;
  /** The last token that was refreshed here. */
  renewed: { readonly token: string; readonly at: number } | undefined;
  /** Until then the issuer is not asked while the token is good: it could not be reached, or its tokens live short. */
  quietUntil: number;
}

/**
 * Keeps the stored grant of an app alive. Refresh tokens can be used once, so one caller refreshes at a time, over all
 * processes that share the store, and what the issuer gave is saved before anybody uses it.
 */
export function createTokenManager(options: TokenManagerOptions): TokenManager {
  const { app, store, legacyFolder, place, clock = Date.now, log = silentLogger } = options;
  const grants = openGrantStore({ app, store, log, legacyFolder, place });
  const { fetch, command } = options;
  const state = { dead: undefined, unsaved: undefined, renewed: undefined, quietUntil: 0 };
  const manager: Manager = { app, fetch, command, clock, log, grants, ...state };
  let refused: string | undefined;
  const early = sharedFlight(() => grants.withLock(() => refreshLocked(manager, undefined)));
  const after401 = sharedFlight(() => {
    const token = refused;
    return grants.withLock(() => refreshLocked(manager, token));
  });
  return {
    async accessToken(signal) {
      signal?.throwIfAborted();
      const found = await stored(manager);
      if (manager.dead?.text === found.text) throw manager.dead.error;
      const grant = grantOf(manager, found);
      const now = clock();
      if (isFresh(grant, now) || mayStay(manager, grant, now)) return grant.accessToken;
      try {
        return (await early.join(signal)).accessToken;
      } catch (error) {
        return whileItLasts(manager, grant, error);
      }
    },
    async renew(token, signal) {
      signal?.throwIfAborted();
      const grant = grantOf(manager, await stored(manager));
      if (grant.accessToken !== token && isValid(grant, clock())) return true;
      // It is new, so the site has another reason to refuse it than its age.
      if (renewedLately(manager.renewed, token, clock())) return false;
      refused = token;
      return (await after401.join(signal)).accessToken !== token;
    },
    async grant() {
      return (await grants.read())?.grant;
    },
  };
}

/** A token without refresh token is used to its end; one that could not be refreshed just now, for a while. */
function mayStay(manager: Manager, grant: Grant, now: number): boolean {
  return isValid(grant, now) && (grant.refreshToken === undefined || now < manager.quietUntil);
}

/** An issuer out of reach does not matter before the old token has ended. */
function whileItLasts(manager: Manager, grant: Grant, error: unknown): string {
  const { clock, log, app } = manager;
  const now = clock();
  if (!isOurs(error, "network", "timeout", "upstream", "rate_limited")) throw error;
  if (!isValid(grant, now)) throw error;
  manager.quietUntil = now + quietAfterFailureMs;
  const leftS = Math.round((grant.expiresAt - now) / 1000);
  log.warn("refresh.postponed", { issuer: issuerHost(app), reason: error.code, leftS });
  return grant.accessToken;
}

/** Refreshes unless somebody else has done it while we waited for the lock. */
async function refreshLocked(manager: Manager, refused: string | undefined): Promise<Grant> {
  const found = await stored(manager);
  const grant = grantOf(manager, found);
  const isOther = grant.accessToken !== refused;
  if (isOther && isFresh(grant, manager.clock())) return grant;
  return refreshStored(manager, found, grant, true);
}

async function refreshStored(
  manager: Manager,
  found: StoredGrant,
  grant: Grant,
  mayLookAgain: boolean,
): Promise<Grant> {
  const { app, fetch, clock, log } = manager;
  if (manager.dead?.text === found.text) throw manager.dead.error;
  if (manager.unsaved?.earlier === found.text) return save(manager, found, manager.unsaved.grant);
  if (grant.refreshToken === undefined) throw withoutRefreshToken(manager);
  try {
    const tokens = await refresh(app, grant.refreshToken, { fetch, clock });
    log.info("token.refreshed", { issuer: issuerHost(app), lastsS: tokens.expiresInS });
    return await save(manager, found, withTokens(grant, tokens, clock()));
  } catch (error) {
    if (!isOurs(error, "auth")) throw error;
    return afterRefusal(manager, found, error, mayLookAgain);
  }
}

/** Before anybody uses the new token: if this process dies in between, the next one finds it. */
async function save(manager: Manager, found: StoredGrant, grant: Grant): Promise<Grant> {
  manager.unsaved = { earlier: found.text, grant };
  const isSaved = await manager.grants.replace(found, grant);
  manager.unsaved = undefined;
  // Somebody has signed in or out meanwhile; that counts.
  if (!isSaved) return grantOf(manager, await stored(manager));
  const now = manager.clock();
  manager.renewed = { token: grant.accessToken, at: now };
  manager.quietUntil = isFresh(grant, now) ? 0 : now + (grant.expiresAt - now) / 2;
  return grant;
}

/** The store may hold a newer grant than the one that was refused: of a sign-in, or of a process we did not wait for. */
async function afterRefusal(
  manager: Manager,
  found: StoredGrant,
  refusal: AtlassianMcpError,
  mayLookAgain: boolean,
): Promise<Grant> {
  const again = await stored(manager);
  if (again.text !== found.text && mayLookAgain) {
    const grant = grantOf(manager, again);
    if (isFresh(grant, manager.clock())) return grant;
    return refreshStored(manager, again, grant, false);
  }
  const error = signInNeeded(refusal.message, manager.command);
  manager.dead = { text: again.text, error };
  manager.log.warn("grant.ended", { issuer: issuerHost(manager.app) });
  throw error;
}

async function stored({ grants, app, command }: Manager): Promise<StoredGrant> {
  const found = await grants.read();
  if (found !== undefined) return found;
  throw signInNeeded(`Nobody has signed in at ${issuerHost(app)}`, command);
}

function grantOf({ app, command }: Manager, { grant }: StoredGrant): Grant {
  if (grant !== undefined) return grant;
  const text = `The stored login at ${issuerHost(app)} has a form that this version does not know`;
  throw signInNeeded(text, command);
}

function withoutRefreshToken({ app, command }: Manager): AtlassianMcpError {
  const scope = app.issuer.kind === "cloud" ? " (the scope offline_access gives one)" : "";
  const text = `The login at ${issuerHost(app)} has ended, and it came without a refresh token${scope}`;
  return signInNeeded(text, command);
}

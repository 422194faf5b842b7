import { z } from "zod";
import { openGrantStore } from "../auth/oauth/grant-store.ts";
import { createTokenManager } from "../auth/oauth/token-manager.ts";
import { revoke } from "../auth/oauth/token-requests.ts";
import type { Fetch, Grant, OAuthApp, TokenManager } from "../auth/oauth/types.ts";
import { isOurs } from "../errors.ts";
import type { Logger } from "../log.ts";
import type { Store } from "../store/types.ts";
import { openModelRecords } from "./model-records.ts";
import { hashOf, openRecords } from "./records.ts";
import { scopeNames, type UserGrant } from "./types.ts";

/** What a user let a client do, and through which of their logins at Atlassian. */
const grantFacts = z.object({
  id: z.string(),
  subject: z.string(),
  clientId: z.string(),
  clientName: z.string().optional(),
  scopes: z.array(z.enum(scopeNames)),
  site: z.object({ id: z.string(), name: z.string(), url: z.string() }).optional(),
  account: z.object({
    id: z.string(),
    name: z.string().optional(),
    email: z.string().optional(),
  }),
  allowedAt: z.number(),
  endsAt: z.number(),
  usedAt: z.number().optional(),
});
export type GrantFacts = z.output<typeof grantFacts>;

/**
 * All that users let in. A grant is one record: while it is there, its tokens are good, and when it goes, all of them
 * are dead at once, whoever keeps a copy.
 */
export interface Grants {
  /** Gives the grant its login at Atlassian. */
  open(facts: GrantFacts, upstream: Grant): Promise<void>;
  find(id: string): Promise<GrantFacts | undefined>;
  /** Of one user, the latest first. */
  list(subject: string): Promise<GrantFacts[]>;
  /** Notes that a token of it was used, now and then. */
  touch(facts: GrantFacts): void;
  /** Ends it with its tokens, and its login at Atlassian where that can be done. Any number of times. */
  end(id: string): Promise<void>;
  userGrant(id: string): Promise<UserGrant | undefined>;
}

export interface GrantOptions {
  readonly app: OAuthApp;
  readonly store: Store;
  readonly fetch: Fetch;
  readonly clock: () => number;
  readonly log: Logger;
}

const minuteMs = 60_000;
const noteUseEveryMs = 5 * minuteMs;
/** Beyond it, a user's oldest grant makes room for the newest: some clients sign in anew at each start. */
const mostPerUser = 100;
const mostManagers = 1000;

const index = z.array(z.object({ id: z.string(), endsAt: z.number() }));

export function openGrants(options: GrantOptions): Grants {
  const { app, store, clock, log, fetch } = options;
  const facts = openRecords(store, "grant", grantFacts);
  const users = openRecords(store, "user", index);
  const models = openModelRecords(store, "Grant");
  const managers = new Map<string, TokenManager>();

  const end = async (id: string): Promise<void> => {
    const ended = await facts.take(id);
    await models.delete(id);
    managers.delete(id);
    // Taken, so that of several endings one revokes.
    const upstream = await store.take(placeOf(id));
    if (ended !== undefined) await drop(ended.subject, id);
    if (upstream !== undefined) await revokeUpstream(upstream, options);
  };
  const drop = async (subject: string, id: string) => {
    await users.change(subject, (list = []) => {
      const value = list.filter((each) => each.id !== id);
      return value.length === list.length ? undefined : { value, ttlMs: ttlOf(value, clock()) };
    });
  };
  const enlist = async ({ subject, id, endsAt }: GrantFacts): Promise<string[]> => {
    let surplus: string[] = [];
    await users.change(subject, (list = []) => {
      const alive = [...list.filter((each) => each.endsAt > clock()), { id, endsAt }];
      const value = alive.slice(-mostPerUser);
      surplus = alive.slice(0, -mostPerUser).map((each) => each.id);
      return { value, ttlMs: ttlOf(value, clock()) };
    });
    return surplus;
  };
  const managerOf = ({ id, endsAt }: GrantFacts): TokenManager => {
    const known = managers.get(id);
    if (known !== undefined) return known;
    const place = { key: placeOf(id), ttlMs: () => Math.max(1, endsAt - clock()) };
    const command = "the sign-in of your MCP client";
    const manager = createTokenManager({ app, store, fetch, clock, log, command, place });
    const [oldest] = managers.keys();
    if (managers.size >= mostManagers && oldest !== undefined) managers.delete(oldest);
    managers.set(
      id,
      endingWith(manager, () => end(id)),
    );
    return managers.get(id) ?? manager;
  };

  return {
    async open(grant, upstream) {
      const ttlMs = grant.endsAt - clock();
      const place = { key: placeOf(grant.id), ttlMs: () => ttlMs };
      await openGrantStore({ app, store, log, place }).save(upstream);
      await facts.put(grant.id, grant, ttlMs);
      for (const id of await enlist(grant)) await end(id);
    },
    find: (id) => facts.get(id),
    async list(subject) {
      const ids = (await users.get(subject)) ?? [];
      const found = await Promise.all(ids.map(({ id }) => facts.get(id)));
      return found
        .filter((each) => each !== undefined)
        .sort((one, other) => other.allowedAt - one.allowedAt);
    },
    touch({ id, usedAt }) {
      const now = clock();
      if (usedAt !== undefined && now - usedAt < noteUseEveryMs) return;
      const note = facts.change(id, (current) => {
        if (current === undefined) return undefined;
        return { value: { ...current, usedAt: now }, ttlMs: Math.max(1, current.endsAt - now) };
      });
      note.catch((error: unknown) => log.warn("grant.unnoted", { error: String(error) }));
    },
    end,
    async userGrant(id) {
      const grant = await facts.get(id);
      if (grant === undefined || (await store.get(placeOf(id))) === undefined) return undefined;
      const { site, account } = grant;
      const sites = site === undefined ? [] : [{ ...site, scopes: [] }];
      return { manager: managerOf(grant), cloudId: site?.id, sites, account };
    },
  };
}

function placeOf(id: string): string {
  return `oauth:login:${hashOf(id)}`;
}

function ttlOf(list: z.output<typeof index>, now: number): number {
  return Math.max(1, ...list.map(({ endsAt }) => endsAt - now));
}

/** A login that Atlassian no longer accepts is of no use to the client either. */
function endingWith(manager: TokenManager, end: () => Promise<void>): TokenManager {
  const watched = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      if (!isOurs(error, "auth")) throw error;
      await end();
      throw error.with({ next: "Sign in again: your client asks you to at its next request." });
    }
  };
  return {
    accessToken: (signal) => watched(manager.accessToken(signal)),
    renew: (refused, signal) => watched(manager.renew(refused, signal)),
    grant: () => manager.grant(),
  };
}

/** As good as it goes: the grant has ended here whatever Atlassian says. */
async function revokeUpstream(text: string, options: GrantOptions): Promise<void> {
  const { app, fetch, clock, log } = options;
  const { refreshToken, accessToken } = JSON.parse(text) as Partial<Grant>;
  const token = refreshToken ?? accessToken;
  if (token === undefined) return;
  try {
    await revoke(app, token, { fetch, clock });
  } catch (error) {
    log.warn("login.unrevoked", { error: isOurs(error) ? error.message : "unknown" });
  }
}

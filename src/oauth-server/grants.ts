import { z } from "zod";
import type { Grant } from "../auth/oauth/types.ts";
import { openGrantIndex } from "./grant-index.ts";
import { type LoginOptions, openLogins } from "./logins.ts";
import { openModelRecords } from "./model-records.ts";
import { openRecords, type Records } from "./records.ts";
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
  /** When tokens were last given out. */
  issuedAt: z.number().optional(),
  /** False until the client has fetched its tokens. */
  isConfirmed: z.boolean(),
});
export type GrantFacts = z.output<typeof grantFacts>;

/**
 * All that users let in. A grant is one record: while it is there, its tokens are good, and when it goes, all of them
 * are dead at once, whoever keeps a copy.
 */
export interface Grants {
  /** Gives the grant its login at Atlassian, until the client fetches its tokens: that has to happen soon. */
  open(facts: GrantFacts, upstream: Grant): Promise<void>;
  /** All that a client asked for is stored and about to be sent; with the first tokens the grant begins to last. */
  issued(id: string): Promise<void>;
  find(id: string): Promise<GrantFacts | undefined>;
  /** Of one user, the latest first. */
  list(subject: string): Promise<GrantFacts[]>;
  /** Notes that a token of it was used, now and then. */
  touch(facts: GrantFacts): void;
  /** Ends it with its tokens, and its login at Atlassian where that can be done. Any number of times. */
  end(id: string): Promise<void>;
  userGrant(id: string): Promise<UserGrant | undefined>;
}

const minuteMs = 60_000;
const noteUseEveryMs = 5 * minuteMs;
/** Enough for a code; a grant whose client never came goes with its login. */
const unconfirmedMs = 10 * minuteMs;

export function openGrants(options: LoginOptions): Grants {
  const { store, clock, log } = options;
  const facts = openRecords(store, "grant", grantFacts);
  const models = openModelRecords(store, "Grant");
  const index = openGrantIndex(store, clock);
  const logins = openLogins(options);

  const end = async (id: string): Promise<void> => {
    const ended = await facts.take(id);
    await models.delete(id);
    await logins.end(id);
    if (ended !== undefined) await index.remove(ended.subject, id);
  };
  return {
    async open(grant, upstream) {
      await logins.save(grant.id, upstream, unconfirmedMs);
      await facts.put(grant.id, grant, unconfirmedMs);
      for (const id of await index.add(grant.subject, grant)) await end(id);
    },
    async issued(id) {
      const now = clock();
      const before = await note(facts, id, now, () => ({ isConfirmed: true, issuedAt: now }));
      if (before === undefined || before.isConfirmed) return;
      await logins.extend(id, Math.max(1, before.endsAt - clock()));
    },
    find: (id) => facts.get(id),
    async list(subject) {
      const ids = await index.list(subject);
      const found = await Promise.all(ids.map((id) => facts.get(id)));
      return found
        .filter((each) => each !== undefined)
        .sort((one, other) => other.allowedAt - one.allowedAt);
    },
    touch({ id, usedAt }) {
      const now = clock();
      if (usedAt !== undefined && now - usedAt < noteUseEveryMs) return;
      note(facts, id, now, () => ({ usedAt: now })).catch((error: unknown) =>
        log.warn("grant.unnoted", { error: String(error) }),
      );
    },
    end,
    async userGrant(id) {
      const grant = await facts.get(id);
      if (grant === undefined || !(await logins.has(id))) return undefined;
      const { site, account } = grant;
      const sites = site === undefined ? [] : [{ ...site, scopes: [] }];
      const manager = logins.managerOf(id, grant.endsAt, () => end(id));
      return { manager, cloudId: site?.id, sites, account };
    },
  };
}

/** Adds to what is known of a grant. Gives what was known before. */
function note(
  facts: Records<GrantFacts>,
  id: string,
  now: number,
  more: (grant: GrantFacts) => Partial<GrantFacts> | undefined,
): Promise<GrantFacts | undefined> {
  return facts.change(id, (current) => {
    const added = current && more(current);
    if (current === undefined || added === undefined) return undefined;
    const value = { ...current, ...added };
    const ttlMs = value.isConfirmed ? value.endsAt - now : unconfirmedMs;
    return { value, ttlMs: Math.max(1, ttlMs) };
  });
}

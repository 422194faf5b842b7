import { type Adapter, type AdapterPayload, errors } from "oidc-provider";
import type { Store } from "../store/types.ts";
import { ClientMetadataProblem } from "./client-metadata.ts";
import type { Clients } from "./clients.ts";
import type { GrantFacts, Grants } from "./grants.ts";
import { type Entry, openModelRecords } from "./model-records.ts";
import type { Records } from "./records.ts";

export interface AdapterOptions {
  readonly store: Store;
  readonly clients: Clients;
  readonly grants: Grants;
  readonly clock: () => number;
}

/**
 * Processes of one client that share a token file refresh at the same moment. For so long a used refresh token looks
 * unused to the library; after that its return means theft, and ends the grant. Unless nothing was ever given out for
 * it, since the store went away in between: then it is as good as new.
 */
const refreshGraceMs = 20_000;

const tokens = new Set(["AccessToken", "RefreshToken", "AuthorizationCode"]);

/**
 * The library's storage over ours. Tokens are names that nobody can read back from the store, and each of them lives
 * only as long as its grant.
 */
export function adapterFor(name: string, options: AdapterOptions): Adapter {
  if (name === "Client") return { ...unused, find: (id) => findClient(options.clients, id) };
  // Every authorization asks anew, so there is no session to be taken over, or to hold one user's login for another.
  if (name === "Session") return unused;
  const records = openModelRecords(options.store, name);
  const common: Adapter = { ...unused, ...plain(records), ...atOnce(name, records) };
  if (name === "Grant") return { ...common, destroy: (id) => options.grants.end(id) };
  return tokens.has(name) ? { ...common, ...ofGrant(name, records, options) } : common;
}

const unused: Adapter = {
  async upsert() {},
  async find() {
    return undefined;
  },
  async findByUid() {
    return undefined;
  },
  async findByUserCode() {
    return undefined;
  },
  async consume() {},
  async destroy() {},
  async revokeByGrantId() {},
};

function plain(records: Records<Entry>): Pick<Adapter, "upsert" | "find" | "destroy"> {
  return {
    // The name of a token is the token, so it is not kept in the value.
    upsert: (id, { jti: _named, ...payload }, expiresInS = 0) =>
      records.put(id, { payload }, expiresInS * 1000),
    find: async (id) => named(id, (await records.get(id))?.payload),
    destroy: (id) => records.delete(id),
  };
}

function named(id: string, payload: Entry["payload"] | undefined): AdapterPayload | undefined {
  return payload && { ...payload, jti: id };
}

/** An assertion counts once, whichever replica sees it first. */
function atOnce(name: string, records: Records<Entry>): Partial<Adapter> {
  if (name !== "ReplayDetection") return {};
  return {
    async upsert(id, payload, expiresInS = 0) {
      const isFirst = await records.add(id, { payload: { ...payload } }, expiresInS * 1000);
      if (!isFirst) throw new errors.InvalidClient("client assertion was used before");
    },
  };
}

function ofGrant(
  name: string,
  records: Records<Entry>,
  { clock, grants }: AdapterOptions,
): Partial<Adapter> {
  const isRefresh = name === "RefreshToken";
  const stateOf = ({ consumedAt }: Entry, { issuedAt = 0 }: GrantFacts) => {
    if (consumedAt === undefined) return "new";
    if (!isRefresh) return "spent";
    if (clock() - consumedAt < refreshGraceMs) return "shared";
    return issuedAt < consumedAt ? "new" : "spent";
  };
  const grantOf = ({ payload }: Entry) => grants.find(String(payload["grantId"]));
  const { upsert } = plain(records);
  return {
    async upsert(id, payload, expiresInS) {
      await upsert(id, payload, expiresInS);
      if (name === "AccessToken") await grants.issued(String(payload.grantId));
    },
    async find(id) {
      const found = await records.get(id);
      if (found === undefined) return undefined;
      const grant = await grantOf(found);
      if (grant === undefined) return undefined;
      const isSpent = stateOf(found, grant) === "spent";
      return { ...named(id, found.payload), ...(isSpent && { consumed: true }) };
    },
    async consume(id) {
      const found = await records.get(id);
      const grant = found && (await grantOf(found));
      if (grant === undefined) throw new errors.InvalidGrant(`${name} is no longer good`);
      const before = await records.change(id, (current) => {
        if (current === undefined || stateOf(current, grant) !== "new") return undefined;
        const ttlMs = Math.max(1, Number(current.payload["exp"]) * 1000 - clock());
        return { value: { ...current, consumedAt: clock() }, ttlMs };
      });
      if (before !== undefined && stateOf(before, grant) !== "spent") return;
      // Somebody else was faster, in another process: the same as a second use.
      await grants.end(grant.id);
      throw new errors.InvalidGrant(`${name} was used before`);
    },
    revokeByGrantId: (grantId) => grants.end(grantId),
  };
}

async function findClient(clients: Clients, id: string): Promise<AdapterPayload | undefined> {
  try {
    return (await clients.find(id)) as AdapterPayload | undefined;
  } catch (error) {
    if (!(error instanceof ClientMetadataProblem)) throw error;
    throw new errors.InvalidClient(error.message);
  }
}

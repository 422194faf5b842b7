import { generateKeyPairSync, randomBytes } from "node:crypto";
import type { JWK } from "oidc-provider";
import { z } from "zod";
import type { Store } from "../store/types.ts";
import { hashOf, openRecords } from "./records.ts";

/** The keys as they are used now, the one that signs first. */
export interface Keys {
  readonly signing: readonly JWK[];
  /** Public halves, those that do not sign any more and those that do not sign yet included. */
  readonly published: readonly JWK[];
  readonly cookies: readonly string[];
  /** Changes whenever the keys or their order do. */
  readonly version: string;
}

export interface KeyRing {
  /** Made at the first use, replaced by age. Replicas with the same store have the same ones. */
  current(): Promise<Keys>;
}

interface KeyRingOptions {
  readonly store: Store;
  readonly clock: () => number;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;
const replacedAfterMs = 30 * dayMs;
/** A new key is published so long before it is used: other replicas and clients have read it by then. */
const publishedBeforeMs = 10 * minuteMs;
/** An old key stays so long after it was replaced, which is longer than anything lives that it signed. */
const keptForMs = dayMs;
/** How long a replica goes by what it has read. */
const rememberedForMs = minuteMs;
/** Far beyond any rotation: the keys go when nobody has used the server for this long. */
const ttlMs = 400 * dayMs;

const jwk = z.record(z.string(), z.string());
const ring = z.object({
  signing: z.array(z.object({ key: jwk, createdAt: z.number() })),
  cookies: z.array(z.object({ key: z.string(), createdAt: z.number() })),
});
type Ring = z.output<typeof ring>;

export function openKeyRing({ store, clock }: KeyRingOptions): KeyRing {
  const records = openRecords(store, "keys", ring);
  let known: { readonly keys: Keys; readonly readAt: number } | undefined;
  return {
    async current() {
      const now = clock();
      if (known !== undefined && now - known.readAt < rememberedForMs) return known.keys;
      let latest: Ring = { signing: [], cookies: [] };
      await records.change("ring", (stored) => {
        const next = rotate(stored ?? latest, now);
        latest = next ?? stored ?? latest;
        return next && { value: next, ttlMs };
      });
      known = { keys: inUse(latest, now), readAt: now };
      return known.keys;
    },
  };
}

/** The ring with what is due; `undefined` where nothing is. */
function rotate({ signing, cookies }: Ring, now: number): Ring | undefined {
  const next = {
    signing: renewed(signing, now, newSigningKey),
    cookies: renewed(cookies, now, () => randomBytes(32).toString("base64url")),
  };
  return next.signing === signing && next.cookies === cookies ? undefined : next;
}

interface Dated<K> {
  readonly key: K;
  readonly createdAt: number;
}

function renewed<K>(keys: Dated<K>[], now: number, make: () => K): Dated<K>[] {
  const newest = keys.at(-1);
  const isDue = newest === undefined || now - newest.createdAt >= replacedAfterMs;
  const all = isDue ? [...keys, { key: make(), createdAt: now }] : keys;
  const kept = all.filter((_, index) => {
    const successor = all[index + 1];
    return successor === undefined || now - successor.createdAt < publishedBeforeMs + keptForMs;
  });
  return kept.length === keys.length && !isDue ? keys : kept;
}

function inUse({ signing, cookies }: Ring, now: number): Keys {
  const ordered = { signing: byUse(signing, now), cookies: byUse(cookies, now) };
  const version = hashOf(JSON.stringify(ordered));
  return { ...ordered, published: ordered.signing.map(publicHalf), version };
}

/** The newest that others have had time to read, then the rest. */
function byUse<K>(keys: readonly Dated<K>[], now: number): K[] {
  const active =
    keys.findLast(({ createdAt }) => now - createdAt >= publishedBeforeMs) ?? keys.at(0);
  const rest = keys.filter((each) => each !== active).reverse();
  return [...(active === undefined ? [] : [active]), ...rest].map(({ key }) => key);
}

function newSigningKey(): Record<string, string> {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { kty = "", crv = "", x = "", y = "", d = "" } = privateKey.export({ format: "jwk" });
  const kid = hashOf(JSON.stringify({ crv, kty, x, y }));
  return { kty, crv, x, y, d, kid, alg: "ES256", use: "sig" };
}

function publicHalf({ d: _private, ...rest }: JWK): JWK {
  return rest as JWK;
}

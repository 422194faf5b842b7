import { createHash, randomBytes } from "node:crypto";
import { emptyKey } from "./problems.ts";
import type { RedisAddress } from "./redis-address.ts";
import { createRedisLink, type RedisLink, type RedisLinkOptions } from "./redis-link.ts";
import { createRedisLock } from "./redis-lock.ts";
import { damagedValue, missingSharedKey, unknownSharedKey } from "./redis-problems.ts";
import { createSealer, keyFromText, type Sealer } from "./seal.ts";
import type { Store } from "./types.ts";

export interface RedisStoreOptions extends RedisLinkOptions {
  readonly address: RedisAddress;
  /** `ATLASSIAN_STORE_KEY`, the same on all replicas: the first encrypts, all decrypt. */
  readonly keys: readonly string[];
  /** A lock whose holder does not renew it ends after so long. Default 10 s. */
  readonly leaseMs?: number | undefined;
}

/** An open connection and the means to read what is behind it. */
interface Shelf {
  readonly link: RedisLink;
  readonly prefix: string;
  /** Makes the keys at the first call. */
  sealer(): Promise<Sealer>;
}

/** A value as it is stored. No two are the same, even of the same text: each sealing is unique. */
interface Found {
  readonly sealed: Buffer;
  readonly value: string;
}

/**
 * A store in Redis or Valkey, for any number of processes on any number of machines. Lifetimes run by the server's clock.
 * Nothing connects before the first use.
 *
 * @throws AtlassianMcpError `config` without a key.
 */
export function createRedisStore({ address, keys, leaseMs, ...options }: RedisStoreOptions): Store {
  const [first, ...others] = keys;
  if (first === undefined) throw missingSharedKey();
  if (keys.some((key) => key.trim() === "")) throw emptyKey();
  const link = createRedisLink(address, options);
  let sealer: Promise<Sealer> | undefined;
  const shelf: Shelf = {
    link,
    prefix: address.prefix,
    sealer() {
      sealer ??= sealerFrom(first, others);
      return sealer;
    },
  };
  const newToken = () => randomBytes(16).toString("base64url");
  const withLock = createRedisLock(link, { leaseMs, newToken });
  return {
    get: async (key) => (await find(shelf, key))?.value,
    put: (key, value, ttlMs) => put(shelf, key, value, ttlMs),
    async delete(key) {
      await link.run((client) => client.del(nameOf(shelf, key)));
    },
    take: (key) => take(shelf, key),
    compareAndSet: (key, expected, value, ttlMs) =>
      expected === undefined
        ? putIfAbsent(shelf, key, value, ttlMs)
        : replace(shelf, key, { expected, value, ttlMs }),
    withLock: (key, job, lockOptions) =>
      withLock(`${shelf.prefix}lock:${hashOf(key)}`, job, lockOptions),
    async ping() {
      // Replicas and servers out of memory answer PING, and take no changes.
      await link.run((client) => client.set(`${shelf.prefix}ping`, "", "PX", 1000));
    },
    close: () => link.close(),
  };
}

// Each replica must come to the same key by itself, even after the server was emptied, so the salt cannot be random.
const salt = Buffer.from("mcp-atlassian store in Redis");

async function sealerFrom(first: string, others: readonly string[]): Promise<Sealer> {
  const rest = await Promise.all(others.map((text) => keyFromText(text, salt)));
  return createSealer([await keyFromText(first, salt), ...rest]);
}

async function find(shelf: Shelf, key: string): Promise<Found | undefined> {
  const name = nameOf(shelf, key);
  const sealed = await shelf.link.run((client) => client.getBuffer(name));
  if (sealed === null) return undefined;
  const opened = (await shelf.sealer()).open(name, sealed);
  switch (opened.kind) {
    case "text":
      return { sealed, value: opened.text };
    case "unknown-key":
      throw unknownSharedKey();
    case "damaged":
      throw damagedValue(name.slice(shelf.prefix.length));
  }
}

async function seal(shelf: Shelf, key: string, value: string): Promise<Buffer> {
  return (await shelf.sealer()).seal(nameOf(shelf, key), value);
}

async function put(shelf: Shelf, key: string, value: string, ttlMs?: number): Promise<void> {
  const name = nameOf(shelf, key);
  const sealed = await seal(shelf, key, value);
  await shelf.link.run((client) =>
    ttlMs === undefined ? client.set(name, sealed) : client.set(name, sealed, "PX", wholeMs(ttlMs)),
  );
}

async function putIfAbsent(
  shelf: Shelf,
  key: string,
  value: string,
  ttlMs?: number,
): Promise<boolean> {
  const name = nameOf(shelf, key);
  const sealed = await seal(shelf, key, value);
  const answer = await shelf.link.run((client) =>
    ttlMs === undefined
      ? client.set(name, sealed, "NX")
      : client.set(name, sealed, "PX", wholeMs(ttlMs), "NX"),
  );
  return answer === "OK";
}

/**
 * Exactly once because what is compared on the server is the sealed value, and no sealed value ever comes back. Who loses
 * a race looks again: the winner may have put an equal text, or something else.
 */
async function replace(
  shelf: Shelf,
  key: string,
  change: { expected: string; value: string; ttlMs: number | undefined },
): Promise<boolean> {
  const name = nameOf(shelf, key);
  const ttlMs = change.ttlMs === undefined ? 0 : wholeMs(change.ttlMs);
  for (;;) {
    const found = await find(shelf, key);
    if (found?.value !== change.expected) return false;
    const sealed = await seal(shelf, key, change.value);
    const done = await shelf.link.run((client) => client.swap(name, found.sealed, sealed, ttlMs));
    if (done === 1) return true;
  }
}

/** Not GETDEL: a value that cannot be read, for want of the right key, must stay. */
async function take(shelf: Shelf, key: string): Promise<string | undefined> {
  for (;;) {
    const found = await find(shelf, key);
    if (found === undefined) return undefined;
    const done = await shelf.link.run((client) => client.drop(nameOf(shelf, key), found.sealed));
    if (done === 1) return found.value;
  }
}

/** Keys are hashed: what lists or logs the server's keys learns nothing of people and apps from them. */
function nameOf({ prefix }: Shelf, key: string): string {
  return `${prefix}value:${hashOf(key)}`;
}

function hashOf(key: string): string {
  return createHash("sha256").update(key).digest("base64url");
}

/** 100 years: more than that, such as `Infinity`, is more than Redis can count. */
const longestMs = 100 * 365 * 24 * 60 * 60 * 1000;

/** Redis takes whole milliseconds, at least one. */
function wholeMs(ttlMs: number): number {
  return Math.min(Math.max(Math.ceil(ttlMs), 1), longestMs);
}

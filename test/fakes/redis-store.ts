import { expect, onTestFinished, vi } from "vitest";
import { redisAddress } from "../../src/store/redis-address.ts";
import { createRedisStore, type RedisStoreOptions } from "../../src/store/redis-store.ts";
import type { Store } from "../../src/store/types.ts";
import { type RedisServerOptions, startRedis } from "./redis.ts";
import { newStoreKey } from "./store-key.ts";

type Options = Partial<Omit<RedisStoreOptions, "address">>;

/** The key of stores that are not given any. */
export const sharedKey = newStoreKey();

/** A store that is closed when the test ends. */
export function openRedisStore(url: URL, options: Options = {}): Store {
  const store = createRedisStore({ keys: [sharedKey], ...options, address: redisAddress(url) });
  onTestFinished(() => store.close());
  return store;
}

export async function startRedisStore(
  options: Options = {},
  serverOptions: RedisServerOptions = {},
) {
  const server = await startRedis(serverOptions);
  return { server, store: openRedisStore(server.url, options) };
}

/** One call of each kind. */
export const operations: [string, (store: Store) => Promise<unknown>][] = [
  ["get", (store) => store.get("a")],
  ["put", (store) => store.put("b", "1")],
  ["delete", (store) => store.delete("b")],
  ["take", (store) => store.take("a")],
  ["be first", (store) => store.compareAndSet("c", undefined, "1")],
  ["compare and set", (store) => store.compareAndSet("a", "1", "2")],
  ["lock", (store) => store.withLock("a", async () => {})],
  ["ping", (store) => store.ping?.() ?? Promise.resolve()],
];

/** What an operation says while the server is away. */
export const away = {
  code: "upstream",
  details: { setting: "ATLASSIAN_STORE_URL", retryAfterMs: 1500 },
};

/** What it says when the address must be corrected. */
export const aboutAddress = { code: "config", details: { setting: "ATLASSIAN_STORE_URL" } };

export async function expectAllToFail(store: Store, error: object): Promise<void> {
  for (const [, operation] of operations) {
    await expect(operation(store)).rejects.toMatchObject(error);
  }
}

/** Tries until it succeeds, as callers do after an outage. */
export function untilItWorks(work: () => Promise<unknown>): Promise<unknown> {
  return vi.waitFor(work, { timeout: 8000 });
}

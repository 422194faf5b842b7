import { createHash, randomBytes } from "node:crypto";
import type { z } from "zod";
import type { Store } from "../store/types.ts";

/** Values of one kind in the store, by names that nobody can read back from it: tokens are never keys. */
export interface Records<T> {
  get(id: string): Promise<T | undefined>;
  put(id: string, value: T, ttlMs: number): Promise<void>;
  /** Of several callers, in any number of processes, exactly one gets the value. */
  take(id: string): Promise<T | undefined>;
  delete(id: string): Promise<void>;
  /** False: there is one already. */
  add(id: string, value: T, ttlMs: number): Promise<boolean>;
  /**
   * Replaces what is there by what `change` makes of it, which may be called again when somebody else was faster.
   * `undefined` leaves things as they are. Gives what was there before.
   */
  change(
    id: string,
    change: (current: T | undefined) => { readonly value: T; readonly ttlMs: number } | undefined,
  ): Promise<T | undefined>;
}

const mostTries = 50;

export function openRecords<T>(store: Store, kind: string, schema: z.ZodType<T>): Records<T> {
  const keyOf = (id: string) => `oauth:${kind}:${hashOf(id)}`;
  const read = (text: string | undefined): T | undefined => {
    const parsed = schema.safeParse(parseJson(text ?? ""));
    // Damaged, or of another version: as good as gone.
    return parsed.success ? parsed.data : undefined;
  };
  return {
    get: async (id) => read(await store.get(keyOf(id))),
    put: (id, value, ttlMs) => store.put(keyOf(id), JSON.stringify(value), ttlMs),
    take: async (id) => read(await store.take(keyOf(id))),
    delete: (id) => store.delete(keyOf(id)),
    add: (id, value, ttlMs) =>
      store.compareAndSet(keyOf(id), undefined, JSON.stringify(value), ttlMs),
    async change(id, change) {
      for (let tries = 0; tries < mostTries; tries += 1) {
        const text = await store.get(keyOf(id));
        const before = read(text);
        const next = change(before);
        if (next === undefined) return before;
        const after = JSON.stringify(next.value);
        if (await store.compareAndSet(keyOf(id), text, after, next.ttlMs)) return before;
      }
      throw new Error(`A record of kind ${kind} changes faster than it can be written`);
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

/** A value that cannot be guessed, fit for URLs, cookies and forms. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

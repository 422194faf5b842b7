import { createHash } from "node:crypto";
import type { Logger } from "../../log.ts";
import type { LockOptions, Store } from "../../store/types.ts";
import { parseGrant } from "./grant.ts";
import { readLegacyGrant } from "./legacy-grant.ts";
import type { Grant, OAuthApp } from "./types.ts";

/** What is stored for an app: the grant, and the text it was read from, which tells whether anybody changed it. */
export interface StoredGrant {
  readonly text: string;
  /** `undefined`: of another version, or damaged. */
  readonly grant: Grant | undefined;
}

/** The one place of an app's grant. */
export interface GrantStore {
  /** `undefined`: nobody has signed in. */
  read(): Promise<StoredGrant | undefined>;
  /** After a sign-in: replaces whatever is there. */
  save(grant: Grant): Promise<void>;
  /** False when somebody changed the grant since `earlier` was read; nothing was saved then. */
  replace(earlier: StoredGrant, grant: Grant): Promise<boolean>;
  delete(): Promise<void>;
  /** Runs `job` while no other process refreshes this grant. */
  withLock<T>(job: () => Promise<T>, options?: LockOptions): Promise<T>;
}

export interface GrantStoreOptions {
  readonly app: OAuthApp;
  readonly store: Store;
  readonly log: Logger;
  /** Folder with the token files of the Python implementation, `~/.mcp-atlassian`. Absent: nothing is taken over. */
  readonly legacyFolder?: string | undefined;
  /** Where one grant of many is kept, for servers with many users. Absent: the app has one grant. */
  readonly place?: GrantPlace | undefined;
}

export interface GrantPlace {
  /** Name in the store. */
  readonly key: string;
  /** Milliseconds until a grant that is written now is gone, read at each write. */
  ttlMs(): number;
}

/** Grants are kept by issuer and client: what one issuer gave is never shown to another. */
export function openGrantStore(options: GrantStoreOptions): GrantStore {
  const { app, store, log, legacyFolder, place } = options;
  const key = place?.key ?? grantKey(app);
  const lockKey = `refresh:${key}`;
  const importedKey = `imported:${key}`;

  const read = async (): Promise<StoredGrant | undefined> => {
    const text = await store.get(key);
    return text === undefined ? undefined : { text, grant: parseGrant(text) };
  };

  /** Once only: after a sign-out the file must not sign in again. The file stays as it is. */
  const takeOver = async (folder: string): Promise<StoredGrant | undefined> => {
    if ((await store.get(importedKey)) !== undefined) return undefined;
    const legacy = await readLegacyGrant(app, folder);
    if (legacy === undefined) return undefined;
    const isOurs = await store.compareAndSet(key, undefined, JSON.stringify(legacy));
    await store.put(importedKey, "yes");
    if (isOurs) log.info("grant.imported", { issuer: app.issuer.kind, folder });
    return read();
  };

  return {
    async read() {
      const stored = await read();
      if (stored !== undefined || legacyFolder === undefined) return stored;
      return takeOver(legacyFolder);
    },
    async save(grant) {
      await store.put(key, JSON.stringify(grant), place?.ttlMs());
    },
    replace: (earlier, grant) =>
      store.compareAndSet(key, earlier.text, JSON.stringify(grant), place?.ttlMs()),
    async delete() {
      // First: an older file must not sign in again.
      if (legacyFolder !== undefined) await store.put(importedKey, "yes");
      await store.delete(key);
    },
    withLock: (job, options) => store.withLock(lockKey, job, options),
  };
}

function grantKey({ issuer, clientId }: OAuthApp): string {
  if (issuer.kind === "cloud") return `grant:cloud:${issuer.authUrl.host}:${clientId}`;
  const base = issuer.baseUrl.href.replace(/\/+$/, "");
  const place = createHash("sha256").update(base).digest("hex").slice(0, 16);
  return `grant:datacenter:${issuer.product}:${place}:${clientId}`;
}

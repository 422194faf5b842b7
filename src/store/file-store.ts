import { createHash } from "node:crypto";
import { access, constants } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  absentAs,
  ensureFolder,
  privateName,
  readIfThere,
  removeIfThere,
  renameWhenFree,
  syncFolder,
  writeAtomically,
} from "./disk.ts";
import { type FileLockOptions, withFileLock } from "./file-lock.ts";
import { type KeyOptions, openKeys } from "./key-source.ts";
import { damagedRecord, folderProblem, wrongKey } from "./problems.ts";
import { parseRecord, type StoredRecord } from "./record.ts";
import type { Sealer } from "./seal.ts";
import { sweepFolder } from "./sweep.ts";
import type { Store } from "./types.ts";

export interface FileStoreOptions extends Omit<KeyOptions, "lock"> {
  readonly clock?: (() => number) | undefined;
  /** A holder of a lock that has not shown a sign of life for so long is dead. Default 10 s, at least 3 s. */
  readonly staleMs?: number | undefined;
}

const sweepEveryMs = 60 * 60 * 1000;

/** An open folder and the means to read what is in it. */
interface Shelf {
  readonly folder: string;
  readonly clock: () => number;
  readonly lock: FileLockOptions;
  /** Opens the keys at the first call, and `again` when others have made new ones. */
  sealer(again?: "again"): Promise<Sealer>;
}

/**
 * A store of one encrypted file per key, for any number of processes on one machine; the folder must not be on a
 * network disk. Nothing is created before the first write.
 */
export function createFileStore(options: FileStoreOptions): Store {
  const { folder, clock = Date.now, staleMs } = options;
  const shelf = openShelf(options, clock, { staleMs });
  let nextSweep = 0;
  let sweep = Promise.resolve();
  const sweepSometimes = () => {
    if (clock() < nextSweep) return;
    nextSweep = clock() + sweepEveryMs;
    // Failing to tidy up is not the caller's problem.
    sweep = sweepFolder(shelf).catch(() => {});
  };
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      throw isSystemError(cause) ? folderProblem(folder, cause) : cause;
    }
  };
  return {
    get: (key) => guarded(async () => (await read(shelf, key))?.value),
    put: (key, value, ttlMs) =>
      guarded(async () => {
        await change(shelf, key, () => write(shelf, key, value, ttlMs));
        sweepSometimes();
      }),
    delete: (key) => guarded(() => remove(shelf, key)),
    take: (key) => guarded(() => take(shelf, key)),
    compareAndSet: (key, expected, value, ttlMs) =>
      guarded(() =>
        change(shelf, key, async () => {
          if ((await read(shelf, key))?.value !== expected) return false;
          await write(shelf, key, value, ttlMs);
          return true;
        }),
      ),
    async withLock(key, job, lockOptions) {
      const path = join(folder, "locks", hashOf(key));
      await guarded(() => ensureFolder(dirname(path)));
      const outcome = await guarded(() =>
        // What the job throws is none of the folder's problems.
        withFileLock(path, (lost) => settle(() => job(lost)), { ...lockOptions, staleMs }),
      );
      if ("error" in outcome) throw outcome.error;
      return outcome.value;
    },
    ping: () =>
      guarded(async () => {
        await ensureFolder(folder);
        await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
      }),
    close: () => sweep,
  };
}

function openShelf(options: FileStoreOptions, clock: () => number, lock: FileLockOptions): Shelf {
  let opening: Promise<Sealer> | undefined;
  return {
    folder: options.folder,
    clock,
    lock,
    sealer(again) {
      if (again !== undefined) opening = undefined;
      opening ??= openKeys({ ...options, lock }).catch((error: unknown) => {
        // The operator may have put it right by the next call.
        opening = undefined;
        throw error;
      });
      return opening;
    },
  };
}

/** The record of a key unless its time is over. Readers need no lock: files are replaced whole. */
async function read(shelf: Shelf, key: string): Promise<StoredRecord | undefined> {
  const name = hashOf(key);
  const file = fileOf(shelf, name);
  const sealed = await readIfThere(file);
  if (sealed === undefined) return undefined;
  let opened = (await shelf.sealer()).open(name, sealed);
  // Somebody may have emptied the folder and begun anew while this process ran.
  if (opened.kind === "unknown-key") opened = (await shelf.sealer("again")).open(name, sealed);
  if (opened.kind === "unknown-key") throw wrongKey(`The stored record ${file}`);
  const record = opened.kind === "text" ? parseRecord(opened.text) : undefined;
  if (record === undefined) throw damagedRecord(file);
  return record.endsAt !== undefined && record.endsAt <= shelf.clock() ? undefined : record;
}

async function write(shelf: Shelf, key: string, value: string, ttlMs?: number): Promise<void> {
  const name = hashOf(key);
  const sealer = await shelf.sealer();
  const record: StoredRecord = {
    value,
    ...(ttlMs !== undefined && Number.isFinite(ttlMs) && { endsAt: shelf.clock() + ttlMs }),
  };
  await writeAtomically(fileOf(shelf, name), sealer.seal(name, JSON.stringify(record)));
}

async function remove(shelf: Shelf, key: string): Promise<void> {
  const file = fileOf(shelf, hashOf(key));
  if ((await readIfThere(file)) === undefined) return;
  await change(shelf, key, async () => {
    if (await removeIfThere(file)) await syncFolder(dirname(file));
  });
}

/** The lock makes it one step; the rename keeps it so even for a process that slept while its lock was taken over. */
async function take(shelf: Shelf, key: string): Promise<string | undefined> {
  const file = fileOf(shelf, hashOf(key));
  if ((await readIfThere(file)) === undefined) return undefined;
  return change(shelf, key, async () => {
    // First, because a record that cannot be read must stay.
    const record = await read(shelf, key);
    const claim = privateName(file, "claim");
    const isOurs = await absentAs(
      false,
      renameWhenFree(file, claim).then(() => true),
    );
    if (!isOurs) return undefined;
    await syncFolder(dirname(file));
    await removeIfThere(claim);
    return record?.value;
  });
}

/** Runs a change of one record while no other process changes it. */
async function change<T>(shelf: Shelf, key: string, job: () => Promise<T>): Promise<T> {
  const file = fileOf(shelf, hashOf(key));
  await ensureFolder(dirname(file));
  // Before the lock: a keychain may keep us waiting.
  await shelf.sealer();
  return withFileLock(file, job, shelf.lock);
}

/** Keys are hashed: they may hold what file names cannot, and differ in case only. */
function hashOf(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}

function fileOf({ folder }: Shelf, hash: string): string {
  return join(folder, hash.slice(0, 2), hash);
}

type Outcome<T> = { readonly value: T } | { readonly error: unknown };

async function settle<T>(job: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await job() };
  } catch (error) {
    return { error };
  }
}

function isSystemError(cause: unknown): boolean {
  return cause instanceof Error && "syscall" in cause;
}

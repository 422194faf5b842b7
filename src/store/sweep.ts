import { readdir, rmdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { absentAs, leftoverName, readIfThere, removeIfThere } from "./disk.ts";
import { type FileLockOptions, withFileLock } from "./file-lock.ts";
import { parseRecord } from "./record.ts";
import type { Sealer } from "./seal.ts";

export interface SweepOptions {
  readonly folder: string;
  readonly clock: () => number;
  readonly lock: FileLockOptions;
  sealer(): Promise<Sealer>;
}

/** No write and no take takes an hour: what is older was left by a process that died. */
const leftoverAgeMs = 60 * 60 * 1000;
/** Holders of locks show a sign of life every few seconds. */
const deadLockAgeMs = 24 * 60 * 60 * 1000;

/**
 * Deletes what nobody can need: expired records, and what processes left behind when they died. A record that cannot
 * be read stays; somebody may have the key.
 */
export async function sweepFolder(options: SweepOptions): Promise<void> {
  for (const folder of await subfolders(options.folder)) {
    for (const name of await readdir(folder)) await sweepOne(join(folder, name), options);
  }
}

async function subfolders(folder: string): Promise<string[]> {
  const entries = await absentAs([], readdir(folder, { withFileTypes: true }));
  return entries
    .filter((entry) => entry.isDirectory() && /^([\da-f]{2}|locks)$/.test(entry.name))
    .map((entry) => join(folder, entry.name));
}

async function sweepOne(path: string, options: SweepOptions): Promise<void> {
  // Times of files are the system's, whatever clock the store was given.
  if (leftoverName.test(path)) {
    if (await isOlder(path, leftoverAgeMs)) await removeIfThere(path);
  } else if (/\.(lock|takeover)$/.test(path)) {
    if (await isOlder(path, deadLockAgeMs)) await absentAs(undefined, rmdir(path));
  } else if (await isExpired(path, options)) {
    await withFileLock(
      path,
      async () => {
        // Another process may have put a new one.
        if (await isExpired(path, options)) await removeIfThere(path);
      },
      options.lock,
    );
  }
}

async function isOlder(path: string, ageMs: number): Promise<boolean> {
  const found = await absentAs(undefined, stat(path));
  return found !== undefined && Date.now() - found.mtimeMs > ageMs;
}

async function isExpired(file: string, options: SweepOptions): Promise<boolean> {
  const sealed = await readIfThere(file);
  if (sealed === undefined) return false;
  const opened = (await options.sealer()).open(basename(file), sealed);
  const endsAt = opened.kind === "text" ? parseRecord(opened.text)?.endsAt : undefined;
  return endsAt !== undefined && endsAt <= options.clock();
}

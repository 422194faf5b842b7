import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, rename, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { codeOf } from "./problems.ts";

/** Endings of files that exist only for a moment, unless a process died in it. */
export const leftoverName = /\.(tmp|claim)$/;

/** A name beside `file` that nobody else uses. */
export function privateName(file: string, ending: "tmp" | "claim"): string {
  return `${file}.${randomBytes(8).toString("hex")}.${ending}`;
}

/** Makes the folder, readable by its owner only, with those above it. Lasts through a power cut. */
export async function ensureFolder(folder: string): Promise<void> {
  const made = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (made !== undefined) await syncFolder(dirname(made));
}

/** The bytes of a file; `undefined` when there is none. */
export async function readIfThere(file: string): Promise<Buffer | undefined> {
  return absentAs(undefined, readFile(file));
}

/** False when there was nothing to delete. */
export async function removeIfThere(file: string): Promise<boolean> {
  return absentAs(
    false,
    unlink(file).then(() => true),
  );
}

/** Replaces a file so that readers see the old or the new content, whole, whatever happens meanwhile. */
export async function writeAtomically(file: string, content: Buffer | string): Promise<void> {
  const temporary = privateName(file, "tmp");
  try {
    const handle = await open(temporary, "wx", 0o600);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await renameWhenFree(temporary, file);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
  await syncFolder(dirname(file));
}

/** Windows refuses to replace a file while anybody, a virus scanner for example, has it open. */
export async function renameWhenFree(from: string, to: string): Promise<void> {
  for (let waitMs = 10; ; waitMs *= 2) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      const busy = ["EPERM", "EBUSY", "EACCES"].includes(codeOf(error) ?? "");
      if (!busy || process.platform !== "win32" || waitMs > 640) throw error;
      await delay(waitMs);
    }
  }
}

/** Makes renames and deletions in a folder last through a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open folders and does not need it.
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } catch (error) {
    // Some network and FUSE file systems cannot sync a folder; the data itself is synced.
    if (!["EINVAL", "ENOTSUP", "EISDIR"].includes(codeOf(error) ?? "")) throw error;
  } finally {
    await handle.close();
  }
}

/** What `result` comes to, or `absent` when the file is not there. */
export async function absentAs<T, A>(absent: A, result: Promise<T>): Promise<T | A> {
  try {
    return await result;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return absent;
    throw error;
  }
}

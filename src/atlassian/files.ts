import { access, constants, realpath, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { AtlassianMcpError } from "../errors.ts";

/** A file that the caller may have read. */
export interface LocalFile {
  /** Absolute, without symbolic links. */
  readonly path: string;
  /** Last part of the path as the caller gave it. */
  readonly name: string;
  readonly bytes: number;
}

/** Why a path cannot be used, to be put behind it: `does not exist`. */
export interface FileProblem {
  readonly problem: string;
}

/**
 * The folder below which callers may have files read.
 *
 * @param next what to do where there is none.
 * @throws AtlassianMcpError `unsupported` without a folder: the caller's files are on another machine. Also when it is
 *   the root of a disk or a home folder, where clients start servers that were told nothing else.
 */
export function requireFilesRoot(root: string | undefined, next: string): string {
  if (root !== undefined && (dirname(root) === root || root === homedir())) {
    throw new AtlassianMcpError(
      "unsupported",
      "This server was started in a folder that holds far more than the files of your work",
      { next: `Start it in your project's folder (cwd in the client's configuration). ${next}` },
    );
  }
  if (root !== undefined) return root;
  throw new AtlassianMcpError(
    "unsupported",
    "This server runs as a service and cannot read files of your computer",
    { next },
  );
}

/** A readable file below `root`. Symbolic links are followed first, on both sides, so that none leads out of it. */
export async function findFile(path: string, root: string): Promise<LocalFile | FileProblem> {
  const realRoot = await realpath(root);
  const file = await realpath(resolve(realRoot, path)).catch(() => undefined);
  if (file === undefined) return { problem: "does not exist or cannot be read" };
  const below = relative(realRoot, file);
  const parts = below.split(sep);
  if (below === "" || parts[0] === ".." || isAbsolute(below)) {
    return { problem: "lies outside the working directory" };
  }
  // Keys, tokens and settings live in such files; a text that a model read must not be able to ask for them.
  if (parts.some((part) => part.startsWith("."))) {
    return { problem: "is hidden; hidden files and folders are never read" };
  }
  const facts = await stat(file);
  if (!facts.isFile()) return { problem: "is not a file" };
  const isReadable = await access(file, constants.R_OK).then(
    () => true,
    () => false,
  );
  if (!isReadable) return { problem: "cannot be read" };
  return { path: file, name: basename(resolve(realRoot, path)), bytes: facts.size };
}

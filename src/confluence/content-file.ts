import { readFile, realpath, stat } from "node:fs/promises";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { AtlassianMcpError } from "../errors.ts";

/** Confluence refuses bodies above 5 MB. */
const MAX_BYTES = 5 * 1024 * 1024;

/**
 * The text of a file below `root`. Symbolic links are followed first, so that none leads out of it.
 *
 * @throws AtlassianMcpError `unsupported` without a root; `input` for files outside it, missing, too large or not UTF-8.
 */
export async function readContentFile(path: string, root: string | undefined): Promise<string> {
  if (root === undefined) {
    throw new AtlassianMcpError("unsupported", "This server cannot read files of your computer", {
      next: "Give the text itself in content.",
    });
  }
  const realRoot = await realpath(root);
  const file = await realpath(resolve(realRoot, path)).catch(() => undefined);
  if (file === undefined) throw unusable(path, "does not exist or cannot be read");
  const below = relative(realRoot, file);
  if (below === "" || below.split(sep)[0] === ".." || isAbsolute(below)) {
    throw unusable(path, "lies outside the working directory");
  }
  const facts = await stat(file);
  if (!facts.isFile()) throw unusable(path, "is not a file");
  if (facts.size > MAX_BYTES) throw unusable(path, "is larger than 5 MB");
  return decode(await readFile(file), path);
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw unusable(path, "is not UTF-8 text");
  }
}

function unusable(path: string, problem: string): AtlassianMcpError {
  return new AtlassianMcpError("input", `"${path}" ${problem}`, {
    fields: { content_file: problem },
    next: "Give a UTF-8 text file below the working directory, or the text itself in content.",
  });
}

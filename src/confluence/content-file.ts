import { readFile } from "node:fs/promises";
import { findFile, requireFilesRoot } from "../atlassian/files.ts";
import { AtlassianMcpError } from "../errors.ts";

/** Confluence refuses bodies above 5 MB. */
const MAX_BYTES = 5 * 1024 * 1024;

/**
 * The text of a file below `root`.
 *
 * @throws AtlassianMcpError `unsupported` without a root; `input` for files outside it, missing, too large or not UTF-8.
 */
export async function readContentFile(path: string, root: string | undefined): Promise<string> {
  const file = await findFile(path, requireFilesRoot(root, "Give the text itself in content."));
  if ("problem" in file) throw unusable(path, file.problem);
  if (file.bytes > MAX_BYTES) throw unusable(path, "is larger than 5 MB");
  return decode(await readFile(file.path), path);
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

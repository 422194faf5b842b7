import { readFile } from "node:fs/promises";
import { AtlassianMcpError } from "../errors.ts";

/** @throws AtlassianMcpError `config` naming the setting. */
export async function readSettingFile(setting: string, path: string): Promise<Buffer> {
  return readFile(path).catch((cause: unknown) => {
    throw unreadable(setting, cause);
  });
}

/** The error for a file that a setting names and that is absent or may not be read. */
export function unreadable(setting: string, cause: unknown): AtlassianMcpError {
  const reason = codeOf(cause) === "ENOENT" ? "does not exist" : "cannot be read";
  return new AtlassianMcpError(
    "config",
    `The file named by ${setting} ${reason}`,
    { setting, next: `Correct ${setting} or the permissions of the file.` },
    cause,
  );
}

/** The `code` of an error, else an empty text. */
export function codeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause ? String(cause.code) : "";
}

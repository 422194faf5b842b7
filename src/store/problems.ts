import { AtlassianMcpError } from "../errors.ts";

const place = "ATLASSIAN_STORE_URL";
const keySetting = "ATLASSIAN_STORE_KEY";

/** What a failed operation of the file system means for whoever runs the program. Errors of ours pass through. */
export function folderProblem(folder: string, cause: unknown): AtlassianMcpError {
  if (cause instanceof AtlassianMcpError) return cause;
  const code = codeOf(cause);
  const why = reasons[code ?? ""] ?? "cannot be used";
  return new AtlassianMcpError(
    "config",
    `The folder for stored state, ${folder}, ${why}${code === undefined ? "" : ` (${code})`}`,
    {
      setting: place,
      next: `Make the folder writable for the user who runs this, or name another one in ${place} (file:///path/to/folder).`,
    },
    cause,
  );
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "may not be read or written",
  EPERM: "may not be read or written",
  EROFS: "is on a read-only disk",
  ENOSPC: "is on a full disk",
  EDQUOT: "is over its disk quota",
  ENOTDIR: "is not a folder",
  EEXIST: "is not a folder",
  EMFILE: "cannot be opened: too many files are open",
};

export function damagedRecord(file: string): AtlassianMcpError {
  return new AtlassianMcpError(
    "config",
    `The stored record ${file} is damaged; it was left as it is`,
    {
      setting: place,
      next: "Restore the file from a backup, or delete it and sign in again (mcp-atlassian auth login).",
    },
  );
}

export function damagedHeader(file: string): AtlassianMcpError {
  return new AtlassianMcpError(
    "config",
    `${file}, which says how stored state is encrypted, is damaged or from a newer version; it was left as it is`,
    {
      setting: place,
      next: `Restore the file from a backup, update mcp-atlassian, or name an empty folder in ${place} and sign in again.`,
    },
  );
}

export function wrongKey(what: string): AtlassianMcpError {
  return new AtlassianMcpError("config", `${what} was encrypted with another key`, {
    setting: keySetting,
    next: `Put the key it was encrypted with into ${keySetting}, after the new one and a comma; or name an empty folder in ${place} and sign in again.`,
  });
}

export function missingOperatorKey(folder: string): AtlassianMcpError {
  return new AtlassianMcpError(
    "config",
    `The state in ${folder} is encrypted with a key from ${keySetting}, which is not set`,
    {
      setting: keySetting,
      next: `Set ${keySetting} to the key that was used before, or name an empty folder in ${place} and sign in again.`,
    },
  );
}

export function unusableKeyFile(file: string, what: "missing" | "damaged"): AtlassianMcpError {
  return new AtlassianMcpError("config", `The key file ${file} is ${what}`, {
    setting: keySetting,
    next: `Restore the file from a backup; without it the stored state cannot be read: name an empty folder in ${place} and sign in again.`,
  });
}

export function keychainProblem(
  why: "absent" | "silent" | "empty" | "failed",
  cause?: unknown,
): AtlassianMcpError {
  const what = {
    absent: "cannot be used here",
    silent: "did not answer in time: it may be locked and waiting for somebody to unlock it",
    empty: "no longer has it",
    failed: "refused to give it or take it",
  }[why];
  return new AtlassianMcpError(
    "config",
    `The key of the stored state is kept in the system's keychain, which ${what}`,
    {
      setting: keySetting,
      next: `Unlock the keychain in the session this runs in and try again; or name an empty folder in ${place} and sign in again (mcp-atlassian auth login).`,
    },
    cause,
  );
}

export function unusableUrl(what: string): AtlassianMcpError {
  return new AtlassianMcpError("config", `${place} ${what}`, {
    setting: place,
    next: "Use file:///path/to/folder, rediss://user:password@host:6379/0, memory:, or leave it unset for a folder of the user.",
  });
}

export function emptyKey(): AtlassianMcpError {
  return new AtlassianMcpError("config", `${keySetting} holds an empty key`, {
    setting: keySetting,
    next: "Give 32 random bytes as base64 (openssl rand -base64 32), or a long passphrase.",
  });
}

export function lockTimeout(waitMs: number): AtlassianMcpError {
  return new AtlassianMcpError(
    "timeout",
    `Another process did not finish with the stored state within ${Math.ceil(waitMs / 1000)} s`,
    { next: "Try again; if it persists, end other mcp-atlassian processes that hang." },
  );
}

export function lostFileLock(): AtlassianMcpError {
  return new AtlassianMcpError(
    "upstream",
    "The lock on the stored state was lost: this process stood still for too long",
    { setting: place, next: "Try again." },
  );
}

/** `ENOENT` and the like; `undefined` for what is no system error. */
export function codeOf(cause: unknown): string | undefined {
  return cause instanceof Error && "code" in cause && typeof cause.code === "string"
    ? cause.code
    : undefined;
}

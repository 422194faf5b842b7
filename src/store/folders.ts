import { posix, win32 } from "node:path";

/** What the place of a user's folders depends on. */
export interface FolderFacts {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's home directory. */
  readonly home: string;
}

/** Where state is kept unless the operator names a place: the folder each system has for it. Nothing is created. */
export function defaultStoreFolder({ platform, env, home }: FolderFacts): string {
  const path = platform === "win32" ? win32 : posix;
  const name = "mcp-atlassian";
  if (platform === "win32") {
    const local = absolute(path, env["LOCALAPPDATA"]) ?? path.join(home, "AppData", "Local");
    return path.join(local, name);
  }
  if (platform === "darwin") return path.join(home, "Library", "Application Support", name);
  const state = absolute(path, env["XDG_STATE_HOME"]);
  const data = absolute(path, env["XDG_DATA_HOME"]);
  return path.join(state ?? data ?? path.join(home, ".local", "state"), name);
}

/** Where the Python implementation keeps its tokens. */
export function legacyFolder({ platform, home }: Pick<FolderFacts, "platform" | "home">): string {
  return (platform === "win32" ? win32 : posix).join(home, ".mcp-atlassian");
}

/** The XDG specification has relative paths ignored. */
function absolute(path: typeof posix, value: string | undefined): string | undefined {
  return value !== undefined && path.isAbsolute(value) ? value : undefined;
}

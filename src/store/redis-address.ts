import { unusableUrl } from "./problems.ts";

/** Where a Redis server is and what its address asks for. */
export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Number of the logical database. */
  readonly database: number;
  /** What the name of every record begins with. */
  readonly prefix: string;
}

const defaultPort = 6379;
const defaultPrefix = "mcp-atlassian:";

/**
 * Reads `redis://user:password@host:6379/0?prefix=name:`; everything but the host may be left out.
 *
 * @throws AtlassianMcpError `config`, without repeating anything of the address.
 */
export function redisAddress(url: URL): RedisAddress {
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  if (host === "") throw unusableUrl("names no Redis server");
  return {
    host,
    port: url.port === "" ? defaultPort : Number(url.port),
    isTls: url.protocol === "rediss:",
    username: decoded(url.username),
    password: decoded(url.password),
    database: databaseOf(url),
    prefix: prefixOf(url),
  };
}

function decoded(part: string): string | undefined {
  try {
    return part === "" ? undefined : decodeURIComponent(part);
  } catch {
    throw unusableUrl("holds a user or password with a % that encodes nothing (write %25)");
  }
}

function databaseOf({ pathname }: URL): number {
  const [, digits] = /^\/?(\d{0,9})$/.exec(pathname) ?? [];
  if (digits === undefined) throw unusableUrl("ends in something else than the database's number");
  return Number(digits);
}

function prefixOf({ searchParams }: URL): string {
  if ([...searchParams.keys()].some((name) => name !== "prefix")) {
    throw unusableUrl("holds a parameter besides ?prefix=");
  }
  return searchParams.get("prefix") ?? defaultPrefix;
}

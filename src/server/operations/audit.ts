import { createHash } from "node:crypto";
import { openSync, writeSync } from "node:fs";
import type { Connection } from "../../auth/connection.ts";
import { AtlassianMcpError } from "../../errors.ts";
import { createLogger, type Logger } from "../../log.ts";
import type { ToolEntry } from "../../tools/catalogue.ts";

/** One use of a tool that can change something, whether it came off or not. */
export interface AuditedCall {
  readonly entry: ToolEntry;
  /** Absent where the call was refused before anybody knew as whom it would go. */
  readonly connection: Connection | undefined;
  /** The id of the account, where the site has told it. */
  readonly account: string | undefined;
  readonly client: { readonly name: string; readonly version: string } | undefined;
  readonly requestId: string | undefined;
  readonly args: unknown;
  /** What the tool returned; absent when it failed. */
  readonly value: unknown;
  /** `ok`, `cancelled`, `internal` or an error code. */
  readonly outcome: string;
  readonly ms: number;
}

/** The record of changes: who did what to which item, and nothing of what was written. */
export interface Audit {
  write(call: AuditedCall): void;
}

export interface AuditOptions {
  /** `MCP_AUDIT_FILE`; absent: stderr. */
  readonly file?: string | undefined;
  readonly secrets: readonly string[];
  /** Told when the record cannot be written. */
  readonly log: Logger;
  /** Adds the names of users, which are often their e-mail addresses. */
  readonly showsUsers: boolean;
  /** Receives each line in place of the file or stderr. */
  readonly write?: ((line: string) => void) | undefined;
}

/**
 * Opens the record. Its lines look like log lines and are written whatever the log level is.
 *
 * @throws AtlassianMcpError `config` when the file cannot be opened for appending.
 */
export function openAudit({ file, secrets, log, showsUsers, write }: AuditOptions): Audit {
  const sink = write ?? (file === undefined ? undefined : appendTo(file, log));
  const lines = createLogger({ level: "info", secrets, write: sink });
  return {
    write(call) {
      const { entry, connection, client, requestId, outcome, ms } = call;
      lines.info("write.audited", {
        requestId,
        who: whoOf(call),
        user: showsUsers ? userOf(connection) : undefined,
        method: connection?.method,
        client: client && `${client.name} ${client.version}`.slice(0, 100),
        product: entry.product,
        site: connection?.url?.host ?? connection?.cloudId,
        tool: entry.name,
        target: targetOf(entry, call.args),
        result: resultOf(call.value),
        outcome,
        ms,
      });
    },
  };
}

function appendTo(file: string, log: Logger): (line: string) => void {
  let descriptor: number;
  try {
    descriptor = openSync(file, "a", 0o600);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    throw new AtlassianMcpError("config", `The audit file cannot be opened (${code})`, {
      setting: "MCP_AUDIT_FILE",
      next: "Name a file in a folder that exists and that this process may write to.",
    });
  }
  return (line) => {
    try {
      writeSync(descriptor, line);
    } catch (error) {
      log.error("audit.failed", { error: String(error) });
    }
  };
}

/**
 * The account where it is known; else a hash by which one person's lines can be found: of the user name, so that it
 * outlives a change of the token, or of a token, which nobody can guess.
 */
function whoOf({ account, connection }: AuditedCall): string | undefined {
  if (account !== undefined) return `account:${account}`;
  return connection && `${connection.source}:${identityHash(connection)}`;
}

function identityHash({ credential, passthrough }: Connection): string {
  switch (credential.kind) {
    case "basic":
      return hash(credential.user.toLowerCase());
    case "bearer":
      return hash(credential.token);
    case "grant":
    case "client":
      return hash(credential.app.clientId);
    case "user":
      return hash(credential.grantId);
    case "none":
      return hash(JSON.stringify(passthrough));
  }
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

function userOf(connection: Connection | undefined): string | undefined {
  return connection?.credential.kind === "basic" ? connection.credential.user : undefined;
}

const mostTargets = 10;

/** The keys and ids among the arguments, by name: the form of a value keeps out text that somebody wrote. */
function targetOf({ inputSchema }: ToolEntry, args: unknown): string | undefined {
  if (typeof args !== "object" || args === null) return undefined;
  const targets = Object.entries(args).flatMap(([name, value]) => {
    // The name is the caller's as well, as long as nobody has checked the arguments.
    if (!/_(?:key|id)s?$/.test(name) || !Object.hasOwn(inputSchema.properties, name)) return [];
    const ids = (Array.isArray(value) ? value : [value]).slice(0, mostTargets).filter(isId);
    return ids.length === 0 ? [] : [`${name}=${ids.join(",")}`];
  });
  return targets.length === 0 ? undefined : targets.slice(0, mostTargets).join(" ");
}

/** What was made or changed, by the key or id that the tool returned. */
function resultOf(value: unknown, depth = 0): string | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const { key, id } = value as { key?: unknown; id?: unknown };
  if (isId(key)) return String(key);
  if (isId(id)) return String(id);
  if (depth > 0) return undefined;
  for (const part of Object.values(value)) {
    const found = resultOf(part, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isId(value: unknown): value is string | number {
  if (typeof value === "number") return Number.isSafeInteger(value);
  return typeof value === "string" && /^[\w.:~-]{1,64}$/.test(value);
}

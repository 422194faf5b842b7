import type { Product } from "../atlassian/site.ts";
import type { Caller } from "../auth/caller.ts";
import { AtlassianMcpError } from "../errors.ts";
import { findEntry, type ToolEntry } from "../tools/catalogue.ts";
import { callToolName } from "./meta-tools.ts";

/** What a person has to allow a client for a tool: `read:jira`, `write:confluence`. */
export function scopeOf({ product, access }: Pick<ToolEntry, "product" | "access">): string {
  return `${access === "read" ? "read" : "write"}:${product}`;
}

/** Whether a caller may use a tool, as far as what they allowed a client is concerned. Writing includes reading. */
export function allows(caller: Caller, entry: ToolEntry): boolean {
  const scopes = caller.kind === "http" ? caller.user?.scopes : undefined;
  if (scopes === undefined) return true;
  return scopes.includes(`write:${entry.product}`) || scopes.includes(scopeOf(entry));
}

/** True where everything that writes to a product is to be refused. */
export function mayOnlyRead(caller: Caller, product: Product): boolean {
  const scopes = caller.kind === "http" ? caller.user?.scopes : undefined;
  return scopes !== undefined && !scopes.includes(`write:${product}`);
}

/** For clients that cannot ask their user for more. */
export function scopeMissing(entry: ToolEntry): AtlassianMcpError {
  const scope = scopeOf(entry);
  return new AtlassianMcpError("scope", `${entry.name} needs ${scope}, which was not allowed`, {
    next: `Connect again and allow ${scope}: remove the server's authorization in your client first.`,
  });
}

/** The tool of a `tools/call` that its caller has not allowed, with its arguments; `undefined` for every other message. */
export function notAllowed(
  caller: Caller,
  message: unknown,
): { readonly entry: ToolEntry; readonly args: unknown } | undefined {
  if (caller.kind !== "http" || caller.user === undefined) return undefined;
  const { method, params } = asRecord(message);
  if (method !== "tools/call") return undefined;
  const call = asRecord(params);
  const inner = call["name"] === callToolName ? asRecord(call["arguments"]) : call;
  const { name, arguments: args } = inner;
  const entry = typeof name === "string" ? findEntry(name) : undefined;
  return entry === undefined || allows(caller, entry) ? undefined : { entry, args };
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

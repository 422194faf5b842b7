import type { Deployment, Product } from "../atlassian/site.ts";
import entries from "./catalogue.json" with { type: "json" };
import type { Access } from "./define.ts";
import type { InputSchema } from "./json-schema.ts";

/** The hints of a tool, all four of them, as MCP names them. */
export interface Hints {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

/**
 * OAuth scopes of Cloud under which the tool works completely. Where a part of Atlassian's API has scopes of one kind
 * only, these stand in both lists.
 */
export interface ToolScopes {
  /** Few and wide, e.g. `read:jira-work`. */
  readonly classic: readonly string[];
  /** Many and narrow, e.g. `read:issue:jira`. */
  readonly granular: readonly string[];
}

/** Everything about a tool but its code: enough to list it, find it and decide who may see it. */
export interface ToolEntry {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly product: Product;
  readonly toolset: string;
  readonly access: Access;
  readonly deployments: readonly Deployment[];
  readonly core: boolean;
  readonly scopes: ToolScopes;
  readonly annotations: Hints;
  readonly inputSchema: InputSchema;
}

/**
 * All tools by name, sorted. Generated from the registry (`npm run generate`), so that a server can list its tools
 * without loading their code.
 */
// TypeScript widens literals of JSON imports; a contract test compares the file with the registry.
export const catalogue = entries as readonly unknown[] as readonly ToolEntry[];

const byName = new Map(catalogue.map((entry) => [entry.name, entry]));

/** The entry of a tool, by its full name. */
export function findEntry(name: string): ToolEntry | undefined {
  return byName.get(name);
}

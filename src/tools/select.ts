import type { Deployment, Product } from "../atlassian/site.ts";
import type { ToolEntry } from "./catalogue.ts";
import { toolsets } from "./toolsets.ts";

/** What one caller may use, and how much of it is shown. */
export interface Selection {
  /** Reachable products; `unsure` until the site was asked. A product that is absent cannot be used. */
  readonly products: Readonly<Partial<Record<Product, Deployment | "unsure">>>;
  readonly readOnly: boolean;
  /** Names of allowed toolsets; absent: all. */
  readonly toolsets?: ReadonlySet<string> | undefined;
  /** Names of allowed tools (`ENABLED_TOOLS`); absent: all. */
  readonly names?: ReadonlySet<string> | undefined;
  /** `core`: the small default list plus the two that find and call the others; `flat`: everything allowed. */
  readonly surface: "core" | "flat";
}

/** Why a tool cannot be used by this caller; `undefined` when it can. Listing and calling both ask here. */
export function hiddenBecause(tool: ToolEntry, selection: Selection): string | undefined {
  const deployment = selection.products[tool.product];
  const product = tool.product === "jira" ? "Jira" : "Confluence";
  if (deployment === undefined) return `${product} is not available to this connection`;
  if (deployment !== "unsure" && !tool.deployments.includes(deployment)) {
    return `${tool.name} does not exist on this deployment of ${product}`;
  }
  if (selection.readOnly && tool.access !== "read") {
    return "this connection is read-only (READ_ONLY_MODE, or readonly in the address)";
  }
  if (selection.toolsets && !selection.toolsets.has(tool.toolset)) {
    return `the toolset ${tool.toolset} is not enabled (TOOLSETS, or toolsets in the address)`;
  }
  if (selection.names && !selection.names.has(tool.name)) {
    return "it is not among the enabled tools (ENABLED_TOOLS, or tools in the address)";
  }
  return undefined;
}

/** Whether a usable tool also stands in the list; the others are found with `atlassian_find_tools`. */
export function isListed(tool: ToolEntry, selection: Selection): boolean {
  return selection.surface === "flat" || tool.core;
}

/**
 * The words of `TOOLSETS` → names of toolsets. `all` gives every one, `default` the six of the reference; unknown words
 * are returned so that the caller can be told.
 */
export function expandToolsets(words: readonly string[]): {
  readonly names: ReadonlySet<string>;
  readonly unknown: readonly string[];
} {
  const names = new Set<string>();
  const unknown: string[] = [];
  for (const word of words.map((entry) => entry.trim().toLowerCase()).filter(Boolean)) {
    const chosen = toolsets.filter(
      (set) => word === "all" || set.name === word || (word === "default" && set.isDefault),
    );
    if (chosen.length === 0) unknown.push(word);
    for (const set of chosen) names.add(set.name);
  }
  return { names, unknown };
}

import { AtlassianMcpError } from "../errors.ts";
import { expandToolsets } from "../tools/select.ts";
import type { ToolPolicy } from "./runtime.ts";

/**
 * The operator's policy, narrowed by the query of the endpoint's URL: `?toolsets=jira_agile,jira_issues`,
 * `?tools=jira_search`, `?readonly=true`. A query can only take away.
 *
 * @throws AtlassianMcpError `input` for an unknown toolset or a word that is no boolean.
 */
export function narrow(policy: ToolPolicy, query: URLSearchParams): ToolPolicy {
  const wanted = query.get("toolsets");
  const tools = query.get("tools");
  const readOnly = policy.readOnly || isTrue(query.get("readonly"));
  if (wanted === null && tools === null) return readOnly ? { ...policy, readOnly } : policy;
  const toolsets = wanted === null ? policy.toolsets : intersect(policy.toolsets, named(wanted));
  const names = tools === null ? policy.names : intersect(policy.names, new Set(split(tools)));
  return { readOnly, toolsets, names, surface: "flat" };
}

function named(words: string): ReadonlySet<string> {
  const { names, unknown } = expandToolsets(split(words));
  if (unknown.length === 0) return names;
  throw new AtlassianMcpError("input", `Unknown toolset in the address: ${unknown.join(", ")}`, {
    next: "Use all, default, or names such as jira_issues and confluence_pages, separated by commas.",
  });
}

function intersect(
  allowed: ReadonlySet<string> | undefined,
  wanted: ReadonlySet<string>,
): ReadonlySet<string> {
  return allowed === undefined ? wanted : new Set([...wanted].filter((name) => allowed.has(name)));
}

function split(words: string): string[] {
  return words
    .split(/[\s,]+/)
    .map((word) => word.trim())
    .filter(Boolean);
}

function isTrue(word: string | null): boolean {
  if (word === null) return false;
  if (/^(|true|1|yes|y|on)$/i.test(word.trim())) return true;
  if (/^(false|0|no|n|off)$/i.test(word.trim())) return false;
  throw new AtlassianMcpError(
    "input",
    `readonly=${word.slice(0, 20)} in the address is no boolean`,
    {
      next: "Use readonly=true or leave it out.",
    },
  );
}

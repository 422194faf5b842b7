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
  refuseUnknown(query);
  // Said twice counts twice: the narrower one wins.
  const readOnly = query
    .getAll("readonly")
    .map(isTrue)
    .reduce((a, b) => a || b, policy.readOnly);
  const wanted = query.getAll("toolsets").map(named);
  const tools = query.getAll("tools").map((words): ReadonlySet<string> => new Set(split(words)));
  if (wanted.length + tools.length === 0) return readOnly ? { ...policy, readOnly } : policy;
  return {
    readOnly,
    toolsets: wanted.reduce(intersect, policy.toolsets),
    names: tools.reduce(intersect, policy.names),
    surface: "flat",
  };
}

/** A misspelt name would leave open what somebody meant to close. */
function refuseUnknown(query: URLSearchParams): void {
  const known = ["readonly", "toolsets", "tools"];
  // `sessionId` is what the transport of 2024 adds to its addresses.
  const unknown = [...query.keys()].filter((name) => !known.includes(name) && name !== "sessionId");
  if (unknown.length === 0) return;
  throw new AtlassianMcpError(
    "input",
    `Unknown name in the address: ${unknown.join(", ").slice(0, 100)}`,
    {
      next: `Use ${known.join(", ")}, each in small letters.`,
    },
  );
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

function isTrue(word: string): boolean {
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

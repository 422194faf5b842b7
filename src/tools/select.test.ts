import { describe, expect, it } from "vitest";
import type { ToolEntry } from "./catalogue.ts";
import { rankTools } from "./find.ts";
import { expandToolsets, hiddenBecause, isListed, type Selection } from "./select.ts";

function entry(name: string, change: Partial<ToolEntry> = {}): ToolEntry {
  return {
    name,
    title: name,
    description: "",
    product: "jira",
    toolset: "jira_issues",
    access: "read",
    deployments: ["cloud", "datacenter"],
    core: false,
    scopes: { classic: [], granular: [] },
    annotations: {
      readOnlyHint: true,
      destructiveHint: false,
      idempotentHint: true,
      openWorldHint: true,
    },
    inputSchema: { type: "object", properties: {}, required: [], additionalProperties: false },
    ...change,
  };
}
const all: Selection = {
  products: { jira: "cloud", confluence: "cloud" },
  readOnly: false,
  surface: "core",
};

describe("what a caller may use", () => {
  it.each([
    ["everything by default", {}, all, undefined],
    ["no product that is not reachable", {}, { ...all, products: {} }, /Jira is not available/],
    [
      "nothing of another deployment",
      { deployments: ["datacenter"] },
      all,
      /does not exist on this deployment/,
    ],
    [
      "anything while the deployment is unknown",
      { deployments: ["datacenter"] },
      { ...all, products: { jira: "unsure" } },
      undefined,
    ],
    [
      "no write in read-only mode",
      { access: "create" },
      { ...all, readOnly: true },
      /READ_ONLY_MODE/,
    ],
    ["reads in read-only mode", {}, { ...all, readOnly: true }, undefined],
    ["only the enabled toolsets", {}, { ...all, toolsets: new Set(["jira_agile"]) }, /TOOLSETS/],
    ["only the enabled tools", {}, { ...all, names: new Set(["jira_other"]) }, /ENABLED_TOOLS/],
  ] as const)("%s", (_, change, selection, expected) => {
    const reason = hiddenBecause(entry("jira_x", change), selection);
    if (expected === undefined) expect(reason).toBeUndefined();
    else expect(reason).toMatch(expected);
  });

  it("lists the core by default and everything when asked", () => {
    expect(isListed(entry("jira_x"), all)).toBe(false);
    expect(isListed(entry("jira_x", { core: true }), all)).toBe(true);
    expect(isListed(entry("jira_x"), { ...all, surface: "flat" })).toBe(true);
  });

  it("understands the words of TOOLSETS", () => {
    expect([...expandToolsets(["default"]).names]).toEqual([
      "jira_issues",
      "jira_fields",
      "jira_transitions",
      "jira_comments",
      "confluence_pages",
      "confluence_comments",
    ]);
    expect(expandToolsets(["ALL"]).names.size).toBe(24);
    expect(expandToolsets([" jira_agile ", "jira_agil", ""])).toEqual({
      names: new Set(["jira_agile"]),
      unknown: ["jira_agil"],
    });
  });
});

describe("finding tools", () => {
  const entries = [
    entry("jira_delete_issue", { title: "Delete issue", description: "Delete an issue for good." }),
    entry("jira_get_sprints_from_board", {
      title: "List sprints",
      description: "Sprints of a board.",
    }),
    entry("confluence_add_label", { title: "Add label", description: "Put a label on a page." }),
  ];
  it.each([
    ["delete an issue", "jira_delete_issue"],
    ["sprint", "jira_get_sprints_from_board"],
    ["label pages", "confluence_add_label"],
    ["delte", "jira_delete_issue"],
  ])("%s", (query, expected) => {
    expect(rankTools(entries, query, 5)[0]?.name).toBe(expected);
  });

  it("gives nothing for what nothing matches, and all for nothing", () => {
    expect(rankTools(entries, "zebra", 5)).toEqual([]);
    expect(rankTools(entries, "", 2)).toHaveLength(2);
  });
});

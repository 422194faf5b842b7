import { describe, expect, it } from "vitest";
import { checkScopes, toolsInUse } from "./scopes.ts";

const everything = { readOnly: false, surface: "flat" } as const;
const onCloud = { product: "jira", deployment: "cloud", method: "oauth" } as const;
const onDataCenter = {
  product: "confluence",
  deployment: "datacenter",
  method: "oauth",
} as const;
const readOnly = { readOnly: true, surface: "flat" } as const;

describe("tools in use", () => {
  it("are those that the policy allows", () => {
    const all = toolsInUse("jira", "cloud", everything);
    const some = toolsInUse("jira", "cloud", readOnly);
    expect(some.length).toBeGreaterThan(0);
    expect(some.length).toBeLessThan(all.length);
    expect(all.every(({ product }) => product === "jira")).toBe(true);
    const names = new Set(["jira_search"]);
    expect(toolsInUse("jira", "cloud", { ...everything, names })).toHaveLength(1);
  });
});

describe("scopes of Cloud", () => {
  it.each([["classic"], ["granular"]] as const)("suffice when all %s ones are granted", (kind) => {
    const tools = toolsInUse("jira", "cloud", everything);
    const granted = tools.flatMap(({ scopes }) => scopes[kind]);
    expect(checkScopes(tools, onCloud, granted)).toMatchObject({ outcome: "ok" });
  });

  it("are named by the tools that lack them", () => {
    const tools = toolsInUse("jira", "cloud", everything);
    const readers = toolsInUse("jira", "cloud", readOnly);
    const granted = readers.flatMap(({ scopes }) => scopes.classic);
    const finding = checkScopes(tools, onCloud, granted);
    expect(finding.outcome).toBe("warning");
    expect(finding.details?.join()).toMatch(/write:jira-work: .*jira_create_issue/);
    expect(finding.remedy).toContain("auth login");
    const own = checkScopes(tools, { ...onCloud, method: "token" }, granted);
    expect(own.remedy).not.toContain("auth login");
    expect(finding.facts?.["tools_without_scope"]).not.toContain("jira_search");
  });

  it.each([[undefined], [[]]])("are not judged where nobody told: %j", (granted) => {
    const tools = toolsInUse("jira", "cloud", everything);
    expect(checkScopes(tools, onCloud, granted).outcome).toBe("skipped");
  });
});

describe("scopes of Data Center", () => {
  it.each([
    ["READ", readOnly, "ok"],
    ["READ", everything, "warning"],
    ["WRITE", everything, "ok"],
    ["ADMIN", everything, "ok"],
  ] as const)("%s with %j: %s", (scope, policy, outcome) => {
    const tools = toolsInUse("confluence", "datacenter", policy);
    expect(checkScopes(tools, onDataCenter, [scope]).outcome).toBe(outcome);
  });
});

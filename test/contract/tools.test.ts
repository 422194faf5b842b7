import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { notAskedFor, operationsByTool, scopesOfTool } from "../../scripts/tool-scopes.ts";
import { scopesOfOperation } from "../../src/auth/scopes.ts";
import { catalogue, type ToolEntry } from "../../src/tools/catalogue.ts";
import { entryOf } from "../../src/tools/entry.ts";
import type { ParameterSchema } from "../../src/tools/json-schema.ts";
import { tools } from "../../src/tools/registry.ts";
import { hiddenBecause, isListed, type Selection } from "../../src/tools/select.ts";
import { toolsets } from "../../src/tools/toolsets.ts";

const root = join(import.meta.dirname, "../..");

describe("the catalogue", () => {
  it("is what the registry says (npm run generate)", () => {
    const entries = tools.map((tool) => entryOf(tool, scopesOfTool(tool)));
    expect(catalogue).toEqual(JSON.parse(JSON.stringify(entries)));
  });

  it("is sorted and without doubles", () => {
    const names = catalogue.map((tool) => tool.name);
    expect(names).toEqual([...new Set(names)].sort());
  });
});

describe("the scopes in the catalogue", () => {
  it.each(["classic", "granular"] as const)("open all that a tool does: %s", (kind) => {
    const shut = catalogue.flatMap((tool) =>
      alternativesOf(tool)
        .filter((sets) => !sets.some((set) => isIn(tool.scopes[kind], set)))
        .map((sets) => `${tool.name}: ${sets.join(" | ")}`),
    );
    expect(shut).toEqual([]);
  });

  it.each(["classic", "granular"] as const)("are none that a tool could do without: %s", (kind) => {
    const idle = catalogue.flatMap((tool) =>
      tool.scopes[kind]
        .filter((scope) => {
          const rest = tool.scopes[kind].filter((other) => other !== scope);
          return alternativesOf(tool).every((sets) => sets.some((set) => isIn(rest, set)));
        })
        .map((scope) => `${tool.name}: ${scope}`),
    );
    expect(idle).toEqual([]);
  });

  it("leave out only operations that a tool uses", () => {
    const used = new Set(Object.values(operationsByTool).flat());
    expect(Object.keys(notAskedFor).filter((operation) => !used.has(operation))).toEqual([]);
  });
});

/** For each operation that a tool must be able to do, the scope sets of which one is enough. */
function alternativesOf({ name, product }: ToolEntry) {
  return (operationsByTool[name] ?? [])
    .filter((operation) => notAskedFor[operation] === undefined)
    .map((operation) => scopesOfOperation(product, operation) ?? [])
    .filter((sets) => sets.length > 0);
}

function isIn(granted: readonly string[], set: readonly string[]): boolean {
  return set.every((scope) => granted.includes(scope));
}

describe.each(catalogue.map((tool) => [tool.name, tool] as const))("%s", (name, tool) => {
  it("is listed as in its snapshot", async () => {
    const { product, core, deployments, ...shown } = tool;
    await expect(`${JSON.stringify(shown, null, 2)}\n`).toMatchFileSnapshot(
      `snapshots/${name}.json`,
    );
  });

  it("lives in the file that its name and toolset say, with a test beside it", () => {
    const set = toolsets.find((candidate) => candidate.name === tool.toolset);
    const folder = tool.toolset.replace(`${set?.product}_`, "").replaceAll("_", "-");
    const file = name.replace(`${set?.product}_`, "").replaceAll("_", "-");
    const path = `src/tools/${set?.product}/${folder}/${file}.ts`;
    expect(existsSync(join(root, path)), path).toBe(true);
    expect(existsSync(join(root, path.replace(/\.ts$/, ".test.ts"))), `${path} test`).toBe(true);
    expect(readFileSync(join(root, path), "utf8").split("\n").length).toBeLessThanOrEqual(61);
  });

  it("has a name and a description that every client can show", () => {
    expect(name).toMatch(/^[a-z][a-z0-9_]{2,30}$/);
    expect(tool.title.length).toBeLessThanOrEqual(40);
    expect(tool.description.length).toBeGreaterThan(20);
    expect(tool.description.length).toBeLessThanOrEqual(600);
  });

  it("has a schema in the subset that every client takes", () => {
    expect(problemsOf(tool.inputSchema, "")).toEqual([]);
  });
});

const allowedKeywords: Readonly<Record<string, readonly string[]>> = {
  string: ["type", "description", "enum", "default", "pattern"],
  integer: ["type", "description", "default", "minimum", "maximum"],
  number: ["type", "description", "default", "minimum", "maximum"],
  boolean: ["type", "description", "default"],
  array: ["type", "description", "items"],
  object: ["type", "description", "properties", "required", "additionalProperties"],
};

function problemsOf(schema: ParameterSchema, path: string): string[] {
  const problems = Object.keys(schema)
    .filter((keyword) => !allowedKeywords[schema.type]?.includes(keyword))
    .map((keyword) => `${path}: ${keyword}`);
  if (schema.type === "object" && schema.additionalProperties !== false) {
    problems.push(`${path}: additionalProperties must be false`);
  }
  if (path !== "" && !path.endsWith("[]") && !schema.description) {
    problems.push(`${path}: no description`);
  }
  if (schema.type === "array") problems.push(...problemsOf(schema.items ?? missing, `${path}[]`));
  for (const [key, value] of Object.entries(schema.properties ?? {})) {
    if (!/^[a-z][a-z0-9_]{0,39}$/.test(key)) problems.push(`${path}/${key}: name`);
    problems.push(...problemsOf(value, `${path}/${key}`));
  }
  return problems;
}

const missing: ParameterSchema = { type: "array" };

describe("the default surface", () => {
  const selection: Selection = {
    products: { jira: "cloud", confluence: "cloud" },
    readOnly: false,
    surface: "core",
  };

  it("lists at most 25 tools", () => {
    const listed = catalogue.filter(
      (tool) => hiddenBecause(tool, selection) === undefined && isListed(tool, selection),
    );
    expect(listed.length).toBeLessThanOrEqual(25);
    expect(listed.length).toBeGreaterThan(15);
  });
});

import { describe, expect, it } from "vitest";
import { catalogue } from "../../src/tools/catalogue.ts";
import differences from "./parity.json" with { type: "json" };
import reference from "./reference-tools.json" with { type: "json" };

// reference-tools.json restates the public contract of the Python project sooperset/mcp-atlassian (August 2026):
// names, parameters, types, defaults. parity.json lists every place where this server differs, with the reason.

interface Parameter {
  readonly type: string;
  readonly required?: boolean;
  readonly default?: unknown;
}

const contract = reference as unknown as Readonly<
  Record<string, { readonly parameters: Readonly<Record<string, Parameter>> }>
>;
const reasons = differences.parameters as Readonly<
  Record<string, Readonly<Record<string, string>>>
>;

function found(): Record<string, Record<string, string>> {
  const result: Record<string, Record<string, string>> = {};
  for (const tool of catalogue) {
    const own: Record<string, string> = {};
    const expected = contract[tool.name]?.parameters ?? {};
    const { properties, required } = tool.inputSchema;
    for (const name of new Set([...Object.keys(expected), ...Object.keys(properties)])) {
      const difference = compare(expected[name], properties[name], required.includes(name));
      if (difference) own[name] = difference;
    }
    if (Object.keys(own).length > 0) result[tool.name] = own;
  }
  return result;
}

function compare(
  expected: Parameter | undefined,
  actual: { type: string; default?: unknown } | undefined,
  isRequired: boolean,
): string | undefined {
  if (expected === undefined) return "added";
  if (actual === undefined) return "missing";
  if (expected.type !== actual.type) return `type ${actual.type} instead of ${expected.type}`;
  if ((expected.required ?? false) !== isRequired) return isRequired ? "required" : "optional";
  if ((expected.default ?? undefined) !== actual.default) {
    return `default ${JSON.stringify(actual.default)} instead of ${JSON.stringify(expected.default)}`;
  }
  return undefined;
}

describe("parity with the Python reference", () => {
  it("has no tool that the reference does not know", () => {
    const extra = catalogue.map((tool) => tool.name).filter((name) => !(name in contract));
    expect(extra).toEqual(Object.keys(differences.addedTools));
  });

  it("names every tool that is not there yet", () => {
    const names = new Set(catalogue.map((tool) => tool.name));
    const missing = Object.keys(contract).filter((name) => !names.has(name));
    expect(missing).toEqual(differences.missingTools);
  });

  it("explains each parameter that differs, and explains nothing else", () => {
    const listed = Object.fromEntries(
      Object.entries(reasons).map(([tool, parameters]) => [
        tool,
        Object.fromEntries(
          Object.entries(parameters).map(([name, text]) => [name, text.split(": ")[0]]),
        ),
      ]),
    );
    expect(listed).toEqual(found());
    for (const text of Object.values(reasons).flatMap((entry) => Object.values(entry))) {
      expect(text).toMatch(/: .{10,}/);
    }
  });
});

import type { OpenApiOperation } from "../../fakes/openapi.ts";
import { operationOf } from "./check.ts";
import type { Product, Visit } from "./connect.ts";

/** Tool → operations of Cloud that it has used, by name. */
type ToolOperations = ReadonlyMap<string, ReadonlyMap<string, OpenApiOperation>>;

export function operationsOfTools(visits: readonly Visit[]): ToolOperations {
  const tools = new Map<string, Map<string, OpenApiOperation>>();
  for (const { tool, place, sent } of visits) {
    if (place === "datacenter") continue;
    const operations = tools.get(tool) ?? new Map<string, OpenApiOperation>();
    tools.set(tool, operations);
    for (const request of sent) {
      const operation = operationOf(place, request);
      if (operation !== undefined) operations.set(operation.name, operation);
    }
  }
  return tools;
}

/** `TOOL: SCOPES` with the operations beneath; the coarse scopes where an operation has such. */
export function scopesOfTools(tools: ToolOperations, product: Product): string {
  return [...tools]
    .filter(([tool]) => tool.startsWith(`${product}_`))
    .sort(byName)
    .map(([tool, operations]) => {
      const needed = [...operations.values()].flatMap(({ scopes }) => scopesFor(scopes)[0] ?? []);
      const scopes = [...new Set(needed)].sort().join(" ");
      return [`${tool}: ${scopes}`, ...[...operations.keys()].sort()].join("\n  ");
    })
    .join("\n");
}

/** `OPERATION: SCOPES | OTHER SCOPES`, of which one set is enough. */
export function scopesOfOperations(tools: ToolOperations): string {
  const all = new Map([...tools.values()].flatMap((operations) => [...operations]));
  return [...all]
    .sort(byName)
    .map(([name, { scopes }]) => {
      const sets = scopesFor(scopes).map((set) => [...set].sort().join(" "));
      return `${name}: ${sets.join(" | ")}`;
    })
    .join("\n");
}

/** The alternatives, coarse ones first. */
function scopesFor(sets: OpenApiOperation["scopes"]): OpenApiOperation["scopes"] {
  const coarse = sets.filter((set) => set.every(isClassic));
  return [...coarse, ...sets.filter((set) => !coarse.includes(set))];
}

/** Coarse scopes have two parts (`read:jira-work`), fine ones name thing and product. */
function isClassic(scope: string): boolean {
  return scope.split(":").length === 2 || scope.startsWith("readonly:");
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

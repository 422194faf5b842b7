import { operationOf } from "./check.ts";
import type { Product, Visit } from "./connect.ts";

/** Names of the operations of Cloud that each tool has used, sorted, by its name. */
export function operationsOfTools(visits: readonly Visit[]): Record<string, readonly string[]> {
  const tools = new Map<string, Set<string>>();
  for (const { tool, place, sent } of visits) {
    if (place === "datacenter") continue;
    const operations = tools.get(tool) ?? new Set<string>();
    tools.set(tool, operations);
    for (const request of sent) {
      const operation = operationOf(place, request);
      if (operation !== undefined) operations.add(operation.name);
    }
  }
  return Object.fromEntries([...tools].sort(byName).map(([tool, set]) => [tool, [...set].sort()]));
}

/**
 * By product and operation, the scope sets of which one is enough, each as one text; the classic set first.
 * Empty where Atlassian declares none.
 *
 * @throws Error for an operation that Atlassian does not describe.
 */
export function declaredScopes(operations: readonly string[]) {
  const table: Record<Product, Record<string, readonly string[]>> = { jira: {}, confluence: {} };
  for (const name of [...new Set(operations)].sort(byPath)) {
    const [method = "", path = ""] = name.split(" ");
    const product = path.startsWith("/wiki/") ? "confluence" : "jira";
    const operation = operationOf("cloud", { product, method, path });
    if (operation?.name !== name) throw new Error(`Atlassian does not describe ${name}`);
    const sets = classicFirst(operation.scopes).map((set) => [...set].sort().join(" "));
    table[product][name] = [...new Set(sets)];
  }
  return table;
}

function classicFirst(sets: readonly (readonly string[])[]): (readonly string[])[] {
  const classic = sets.filter((set) => set.every(isClassic));
  return [...classic, ...sets.filter((set) => !classic.includes(set))];
}

/** Classic scopes have two parts (`read:jira-work`), granular ones name thing and product. */
function isClassic(scope: string): boolean {
  return scope.split(":").length === 2 || scope.startsWith("readonly:");
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

/** Methods of one path stand together. */
function byPath(a: string, b: string): number {
  const key = (name: string) => name.split(" ").reverse().join(" ");
  return key(a) < key(b) ? -1 : 1;
}

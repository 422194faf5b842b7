import { type ScopeSets, scopesOfOperation, scopesOfOperations } from "../src/auth/scopes.ts";
import type { Tool } from "../src/tools/define.ts";
import recorded from "../src/tools/operations.json" with { type: "json" };

/** Operations of Cloud that each tool was seen to use, by its name. */
export const operationsByTool: Readonly<Record<string, readonly string[]>> = recorded;

/**
 * Operations that are not worth their scope, with the reason. A tool whose grant lacks it answers with a scope error
 * when it comes to them; the rest of what it does works.
 */
export const notAskedFor: Readonly<Record<string, string>> = {
  "GET /rest/api/3/field/{fieldId}/context": "needs the right to configure all of Jira",
  "GET /rest/api/3/field/{fieldId}/context/{contextId}/option":
    "needs the right to configure all of Jira",
};

/**
 * The scopes under which a tool works completely on Cloud.
 *
 * @throws Error for a tool or an operation that nothing is recorded of.
 */
export function scopesOfTool({ name, toolset, deployments }: Tool): ScopeSets {
  if (!deployments.includes("cloud")) return { classic: [], granular: [] };
  const operations = operationsByTool[name];
  if (operations === undefined) {
    throw new Error(
      `src/tools/operations.json lacks ${name}. Run: npx vitest run test/contract/requests.test.ts -u`,
    );
  }
  const unknown = operations.find((each) => scopesOfOperation(toolset.product, each) === undefined);
  if (unknown !== undefined) throw new Error(`src/auth/operation-scopes.json lacks ${unknown}`);
  const asked = operations.filter((operation) => notAskedFor[operation] === undefined);
  return scopesOfOperations(toolset.product, asked);
}

import type { Deployment, Product } from "../../atlassian/site.ts";
import { dataCenterScope, missingScopes } from "../../auth/scopes.ts";
import { loginCommand } from "../../server/outbound.ts";
import type { ToolPolicy } from "../../server/runtime.ts";
import { catalogue, type ToolEntry } from "../../tools/catalogue.ts";
import operations from "../../tools/operations.json" with { type: "json" };
import { hiddenBecause } from "../../tools/select.ts";
import { type Finding, ok, skipped, warning } from "./report.ts";

/** The tools that a client would be offered, or could find, for a product. */
export function toolsInUse(
  product: Product,
  deployment: Deployment,
  policy: ToolPolicy,
): readonly ToolEntry[] {
  const selection = { ...policy, products: { [product]: deployment } };
  return catalogue.filter(
    (tool) => tool.product === product && hiddenBecause(tool, selection) === undefined,
  );
}

const operationsOf: Readonly<Record<string, readonly string[]>> = operations;

/** What a grant lacks for a tool. */
const missing: Readonly<
  Record<Deployment, (tool: ToolEntry, granted: readonly string[]) => readonly string[]>
> = {
  cloud: ({ name, product }, granted) => [
    ...new Set(
      (operationsOf[name] ?? []).flatMap((each) => missingScopes(product, each, granted) ?? []),
    ),
  ],
  datacenter({ access }, granted) {
    const needed = dataCenterScope([access]);
    const order = ["READ", "WRITE", "ADMIN", "SYSTEM_ADMIN"];
    const has = granted.some((scope) => order.indexOf(scope) >= order.indexOf(needed));
    return has ? [] : [needed];
  },
};

/** Which tools lack which scopes. */
export function checkScopes(
  tools: readonly ToolEntry[],
  deployment: Deployment,
  granted: readonly string[] | undefined,
): Finding {
  if (granted === undefined || granted.length === 0) {
    return skipped("scopes", "nobody told which scopes were granted");
  }
  const lacking = new Map<string, string[]>();
  const affected = new Set<string>();
  for (const tool of tools) {
    const scopes = missing[deployment](tool, granted);
    for (const scope of scopes) lacking.set(scope, [...(lacking.get(scope) ?? []), tool.name]);
    if (scopes.length > 0) affected.add(tool.name);
  }
  const facts = {
    granted_scopes: granted,
    missing_scopes: [...lacking.keys()],
    tools_without_scope: [...affected],
  };
  if (lacking.size === 0) {
    return ok("scopes", `all ${tools.length} tools have the scopes they need`, { facts });
  }
  return warning(
    "scopes",
    `${affected.size} of ${tools.length} tools lack scopes`,
    `Add the scopes to the OAuth app (and to ATLASSIAN_OAUTH_SCOPE where that is set), then run ${loginCommand} to consent again; or leave the tools out with TOOLSETS, ENABLED_TOOLS or READ_ONLY_MODE.`,
    {
      details: [...lacking].map(([scope, names]) => `${scope}: ${names.join(", ")}`),
      facts,
    },
  );
}

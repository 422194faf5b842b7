import { isOurs } from "../errors.ts";
import { apiPath } from "../http/path.ts";
import type { ApiClient } from "../http/types.ts";

export type Product = "jira" | "confluence";
export type Deployment = "cloud" | "datacenter";

/** What product code knows about the place it talks to. Requests go through the `ApiClient` beside it. */
export interface Site {
  readonly product: Product;
  readonly deployment: Deployment;
  /** Address for people, without trailing slash: links in results start with it, never with a gateway address. */
  readonly browseBase: string;
}

/**
 * Asks a site what it is, for addresses that do not tell (own domains, IP addresses). Needs no credentials.
 *
 * @param base client without credentials, below the product's address.
 * @param origin the same below the address's origin: Cloud answers for the whole site there.
 * @throws AtlassianMcpError `network`, `timeout`, `upstream` when the site cannot be asked.
 */
export async function probeDeployment(
  product: Product,
  base: ApiClient,
  origin: ApiClient,
): Promise<Deployment> {
  if (product === "jira") {
    const info = await ask(base, apiPath`/rest/api/2/serverInfo`);
    return deploymentOfType(info?.["deploymentType"]);
  }
  const tenant = await ask(origin, apiPath`/_edge/tenant_info`);
  return typeof tenant?.["cloudId"] === "string" ? "cloud" : "datacenter";
}

/** What `deploymentType` of Jira's `serverInfo` means. */
export function deploymentOfType(deploymentType: unknown): Deployment {
  return deploymentType === "Cloud" ? "cloud" : "datacenter";
}

/** `undefined` when the site does not know the resource or does not tell strangers. */
async function ask(
  api: ApiClient,
  path: ReturnType<typeof apiPath>,
): Promise<Record<string, unknown> | undefined> {
  try {
    const answer = await api.json({ path });
    return typeof answer === "object" && answer !== null
      ? (answer as Record<string, unknown>)
      : undefined;
  } catch (error) {
    if (isOurs(error, "network", "timeout", "upstream", "rate_limited")) throw error;
    return undefined;
  }
}

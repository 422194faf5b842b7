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

/** What a site seems to be. A guess is worth asking again. */
export interface ProbedDeployment {
  readonly deployment: Deployment;
  readonly isCertain: boolean;
}

/**
 * Asks a site what it is, for addresses that do not tell (own domains, IP addresses). Needs no credentials. A site that
 * does not talk to strangers is taken for Data Center.
 *
 * @param base client without credentials, below the product's address.
 * @param origin the same below the address's origin: Cloud answers for the whole site there.
 * @throws AtlassianMcpError `network`, `timeout`, `upstream` when the site cannot be asked.
 */
export async function probeDeployment(
  product: Product,
  base: ApiClient,
  origin: ApiClient,
): Promise<ProbedDeployment> {
  const isJira = product === "jira";
  const answer = isJira
    ? await ask(base, apiPath`/rest/api/2/serverInfo`)
    : await ask(origin, apiPath`/_edge/tenant_info`);
  if (answer === "refused") return { deployment: "datacenter", isCertain: false };
  if (isJira) return { deployment: deploymentOfType(answer["deploymentType"]), isCertain: true };
  const isCloud = typeof answer["cloudId"] === "string";
  return { deployment: isCloud ? "cloud" : "datacenter", isCertain: true };
}

/** What `deploymentType` of Jira's `serverInfo` means. */
export function deploymentOfType(deploymentType: unknown): Deployment {
  return deploymentType === "Cloud" ? "cloud" : "datacenter";
}

/** `refused`: something answered that is neither the resource nor its absence, such as a login page. */
async function ask(
  api: ApiClient,
  path: ReturnType<typeof apiPath>,
): Promise<Record<string, unknown> | "refused"> {
  try {
    const answer = await api.json({ path });
    return typeof answer === "object" && answer !== null
      ? (answer as Record<string, unknown>)
      : "refused";
  } catch (error) {
    if (isOurs(error, "network", "timeout", "upstream", "rate_limited")) throw error;
    return isOurs(error, "not_found", "unsupported") ? {} : "refused";
  }
}

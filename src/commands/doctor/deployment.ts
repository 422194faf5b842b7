import { type Deployment, deploymentOfType, type Product } from "../../atlassian/site.ts";
import type { ProductSettings } from "../../config/product.ts";
import { productWords } from "../../config/setting.ts";
import { deploymentOfHost } from "../../config/site-url.ts";
import { isOurs } from "../../errors.ts";
import { apiPath } from "../../http/path.ts";
import type { Probe } from "../../http/probe.ts";
import type { ApiClient } from "../../http/types.ts";
import { deploymentTitles } from "./names.ts";
import { type Finding, ok, problem } from "./report.ts";

/** What a site says about itself. */
export interface SiteFacts {
  readonly version?: string | undefined;
  readonly build?: string | undefined;
  /** Jira only. */
  readonly deployment?: Deployment | undefined;
}

/** What the public resource told; nothing where it was something else. */
export function readSiteFacts({ text, status }: Probe): SiteFacts {
  if (status !== 200) return {};
  const info = parsed(text);
  // Confluence writes its manifest as XML where it cannot be talked out of it.
  if (info === undefined) return { version: /<version>([^<]+)<\/version>/.exec(text)?.[1] };
  const { version, buildNumber, deploymentType: type } = info;
  return {
    version: typeof version === "string" ? version : undefined,
    build: buildNumber === undefined ? undefined : String(buildNumber),
    deployment: typeof type === "string" ? deploymentOfType(type) : undefined,
  };
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** Asks, with credentials, for what was not told in public. */
export async function askVersion(
  product: Product,
  deployment: Deployment,
  known: SiteFacts,
  api: ApiClient,
): Promise<SiteFacts> {
  const path = versionPath[product][deployment];
  if (known.version !== undefined || path === undefined) return known;
  try {
    const text = JSON.stringify(await api.json({ path }));
    return { ...known, ...readSiteFacts({ status: 200, headers: {}, text, elapsedMs: 0 }) };
  } catch (error) {
    if (!isOurs(error)) throw error;
    return known;
  }
}

const serverInfo = apiPath`/rest/api/2/serverInfo`;

/** Confluence Cloud has no version to tell. */
const versionPath: Readonly<
  Record<Product, Record<Deployment, ReturnType<typeof apiPath> | undefined>>
> = {
  jira: { cloud: serverInfo, datacenter: serverInfo },
  confluence: { cloud: undefined, datacenter: apiPath`/rest/api/server-information` },
};

/** The deployment, how it was decided, and the version; a problem where the site contradicts the settings. */
export function deploymentFinding(
  { product, url, deployment: set }: Pick<ProductSettings, "product" | "url" | "deployment">,
  deployment: Deployment,
  facts: SiteFacts,
): Finding {
  const title = deploymentTitles[deployment];
  const setting = `${productWords[product].env}_DEPLOYMENT`;
  const { version, build } = facts;
  const how =
    url === undefined
      ? "named by its id alone"
      : set !== undefined
        ? `as ${setting} says`
        : deploymentOfHost(url.hostname) === deployment
          ? "by its host name"
          : "as the site says when asked";
  const numbers = [version && `version ${version}`, build && `build ${build}`].filter(Boolean);
  const all = {
    facts: { deployment, decided_by: how, version, build },
    setting: set === undefined ? undefined : setting,
  };
  if (facts.deployment !== undefined && facts.deployment !== deployment) {
    const is = deploymentTitles[facts.deployment];
    return problem(
      "deployment",
      `taken for ${title} (${how}), but the site says that it is ${is}`,
      `Set ${setting}=${facts.deployment}.`,
      { ...all, setting },
    );
  }
  const told = numbers.length === 0 ? "" : `, ${numbers.join(", ")}`;
  return ok("deployment", `${title}, ${how}${told}`, { facts: all.facts });
}

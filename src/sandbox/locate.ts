import type { Counter } from "./login/counter.ts";
import type { CloudSite } from "./login/page.ts";
import { cloudId, labsCloudId } from "./people.ts";
import { gatewayNotFound } from "./plain-answers.ts";
import type { Products } from "./products.ts";
import type { Locator } from "./site.ts";
import type { DataCenterSite, SandboxAnswer, SandboxProduct, SiteName } from "./types.ts";

export interface SiteUrls {
  readonly cloud: string;
  readonly jiraDataCenter: string;
  readonly confluenceDataCenter: string;
  readonly gateway: string;
  /** Where people sign in to Cloud and apps get their tokens. */
  readonly login: string;
  /** The second Cloud site. */
  readonly cloudLabs: string;
}

/** The pages and endpoints for signing in, by path; `undefined` where the path is none of theirs. */
export interface Counters {
  login(path: string): Counter;
  /** On the gateway. */
  profile(path: string): Counter | undefined;
  /** The path is the one below the context path. */
  dataCenter(site: DataCenterSite, path: string): Counter | undefined;
}

/** The Cloud sites, as consent pages and lists of sites show them. */
export function cloudSites(urls: SiteUrls): readonly CloudSite[] {
  return [
    { id: cloudId, name: "harbourpine", url: urls.cloud },
    { id: labsCloudId, name: "harbourpine-labs", url: urls.cloudLabs },
  ];
}

/** The locators of the sites. `products` is asked on each request, because a reset replaces them. */
export function createLocators(
  urls: SiteUrls,
  products: () => Products,
  counters: Counters,
  now: () => Date,
): Record<SiteName, Locator> {
  const dataCenter = (site: DataCenterSite) =>
    dataCenterLocator(site, dataCenterUrl(urls, site), products, counters);
  return {
    cloud: cloudLocator(cloudId, urls.cloud, () => products().cloud),
    "cloud-labs": cloudLocator(labsCloudId, urls.cloudLabs, () => products().labs),
    "jira-data-center": dataCenter("jira-data-center"),
    "confluence-data-center": dataCenter("confluence-data-center"),
    gateway: gatewayLocator(urls, products, counters, now),
    login: (path) => counters.login(path),
  };
}

export function dataCenterUrl(urls: SiteUrls, site: DataCenterSite): string {
  return site === "jira-data-center" ? urls.jiraDataCenter : urls.confluenceDataCenter;
}

function cloudLocator(id: string, base: string, routers: () => Products["cloud"]): Locator {
  return (path) => {
    if (path === "/_edge/tenant_info") return { status: 200, json: { cloudId: id } };
    const product = path.startsWith("/wiki/") ? "confluence" : "jira";
    return { product, deployment: "cloud", path, base, router: routers()[product] };
  };
}

/** `base` is the site's URL with its context path, which the paths of requests start with. */
export function dataCenterLocator(
  site: DataCenterSite,
  base: string,
  products: () => Products,
  counters: Counters,
): Locator {
  const product: SandboxProduct = site === "jira-data-center" ? "jira" : "confluence";
  const context = `/${product}`;
  return (path) => {
    const below = under(context, path);
    if (below === undefined) return outsideContext(path);
    const counter = counters.dataCenter(site, below);
    if (counter !== undefined) return counter;
    const router = products().datacenter[product];
    return { product, deployment: "datacenter", path: below, base, router };
  };
}

function gatewayLocator(
  urls: SiteUrls,
  products: () => Products,
  counters: Counters,
  now: () => Date,
): Locator {
  const sites: ReadonlyMap<string, readonly [url: string, key: "cloud" | "labs"]> = new Map([
    [cloudId, [urls.cloud, "cloud"]],
    [labsCloudId, [urls.cloudLabs, "labs"]],
  ]);
  return (path) => {
    const [, product, id = "", below] = /^\/ex\/(jira|confluence)\/([^/]+)(\/.*)$/.exec(path) ?? [];
    if ((product !== "jira" && product !== "confluence") || below === undefined) {
      return counters.profile(path) ?? gatewayNotFound(path, now());
    }
    const site = sites.get(id);
    if (site === undefined) return gatewayNotFound(path, now());
    const [url, key] = site;
    // Jira builds its links on the gateway, Confluence on the site.
    const base = product === "jira" ? `${urls.gateway}/ex/jira/${id}` : url;
    const router = products()[key][product];
    return { product, deployment: "cloud", path: below, base, router, cloudId: id };
  };
}

function under(context: string, path: string): string | undefined {
  return path.startsWith(`${context}/`) ? path.slice(context.length) : undefined;
}

function outsideContext(path: string): SandboxAnswer {
  return {
    status: 404,
    headers: { "content-type": "text/html;charset=utf-8" },
    text: `<!doctype html><html lang="en"><head><title>HTTP Status 404 – Not Found</title></head><body><h1>HTTP Status 404 – Not Found</h1><p>${path.replace(/[<>&]/g, "")}</p></body></html>`,
  };
}

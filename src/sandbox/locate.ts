import { cloudId, oauthToken } from "./people.ts";
import { gatewayNotFound } from "./plain-answers.ts";
import type { Products } from "./products.ts";
import type { Locator } from "./site.ts";
import type { SandboxAnswer, SiteName } from "./types.ts";

export interface SiteUrls {
  readonly cloud: string;
  readonly jiraDataCenter: string;
  readonly confluenceDataCenter: string;
  readonly gateway: string;
}

/** The locators of the four sites. `products` is asked on each request, because a reset replaces them. */
export function createLocators(
  urls: SiteUrls,
  products: () => Products,
  now: () => Date,
): Record<SiteName, Locator> {
  return {
    cloud: (path) => {
      if (path === "/_edge/tenant_info") return { status: 200, json: { cloudId } };
      const product = path.startsWith("/wiki/") ? "confluence" : "jira";
      return {
        product,
        deployment: "cloud",
        path,
        base: urls.cloud,
        router: products().cloud[product],
      };
    },
    "jira-data-center": (path) => {
      const below = under("/jira", path);
      if (below === undefined) return outsideContext(path);
      return {
        product: "jira",
        deployment: "datacenter",
        path: below,
        base: urls.jiraDataCenter,
        router: products().datacenter.jira,
      };
    },
    "confluence-data-center": (path) => {
      const below = under("/confluence", path);
      if (below === undefined) return outsideContext(path);
      return {
        product: "confluence",
        deployment: "datacenter",
        path: below,
        base: urls.confluenceDataCenter,
        router: products().datacenter.confluence,
      };
    },
    gateway: (path, authorization) => {
      if (path === "/oauth/token/accessible-resources" || path === "/me") {
        return profile(path, urls, authorization);
      }
      const [, product, id, below] = /^\/ex\/(jira|confluence)\/([^/]+)(\/.*)$/.exec(path) ?? [];
      if ((product !== "jira" && product !== "confluence") || below === undefined) {
        return gatewayNotFound(path, now());
      }
      if (id !== cloudId) return gatewayNotFound(path, now());
      // Jira builds its links on the gateway, Confluence on the site.
      const base = product === "jira" ? `${urls.gateway}/ex/jira/${cloudId}` : urls.cloud;
      const router = products().cloud[product];
      return { product, deployment: "cloud", path: below, base, router };
    },
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

function profile(path: string, urls: SiteUrls, authorization: string | undefined): SandboxAnswer {
  if (authorization !== `Bearer ${oauthToken.value}`) {
    return { status: 401, json: { code: 401, message: "Unauthorized" } };
  }
  if (path === "/me") {
    return {
      status: 200,
      json: {
        account_type: "atlassian",
        account_id: "5b10a2844c20165700ede200",
        email: "ada@harbourpine.example",
        name: "Ada Moreno",
        account_status: "active",
      },
    };
  }
  // One entry per product container, both with the same id, as the real list has it.
  const container = (scopes: readonly string[]) => ({
    id: cloudId,
    url: urls.cloud,
    name: "harbourpine",
    scopes,
    avatarUrl: `${urls.cloud}/avatar.png`,
  });
  const ofConfluence = (scope: string) => scope.includes("confluence");
  return {
    status: 200,
    json: [
      container(oauthToken.scopes.filter((scope) => /:jira/.test(scope))),
      container(oauthToken.scopes.filter(ofConfluence)),
    ],
  };
}

import type { Fetch, OAuthApp } from "../auth/oauth/types.ts";
import type { Settings } from "../config/product.ts";
import type { HttpPool } from "../http/pool.ts";
import { userAgent } from "./identity.ts";
import { proxyOf, tlsFor, tlsOf } from "./outbound.ts";

type CreateFetch = typeof import("../http/fetch.ts").createFetch;

/** How requests to the issuer of an app leave: on Data Center as those of the product, on Cloud as nobody's. */
export function createOAuthFetch(
  settings: Settings,
  createFetch: CreateFetch,
  pool: HttpPool,
): (app: Pick<OAuthApp, "issuer">) => Fetch {
  const common = { pool, userAgent };
  const cloud = createFetch({
    ...common,
    tls: tlsOf("ATLASSIAN_AUTH", settings),
    proxy: proxyOf(settings.sharedProxies),
    timeoutMs: 30_000,
    address: "ATLASSIAN_AUTH_URL",
  });
  return ({ issuer }) => {
    if (!("product" in issuer)) return cloud;
    const { product, baseUrl } = issuer;
    const own = settings.products[product];
    return createFetch({
      ...common,
      tls: tlsFor({ product, apiBase: baseUrl, source: "operator" }, settings),
      proxy: proxyOf(own?.proxies ?? settings.sharedProxies),
      timeoutMs: own?.timeoutMs ?? 30_000,
      address: `${product.toUpperCase()}_URL`,
    });
  };
}

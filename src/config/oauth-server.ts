import type { OAuthClientSettings, OAuthServerSettings } from "./product.ts";
import { type Product, productWords } from "./setting.ts";
import { deploymentOfHost } from "./site-url.ts";
import type { Values } from "./values.ts";

export const grantTypes = ["authorization_code", "refresh_token"] as const;

/** The settings of the authorization server, once they have been checked; `undefined` where it is off. */
export function buildOAuthServer(values: Values): OAuthServerSettings | undefined {
  const redirectUri = redirectUriOf(values);
  const issuer = issuerOf(values);
  const app = appOf(values);
  if (!values.isOn("ATLASSIAN_OAUTH_PROXY_ENABLE")) return undefined;
  if (issuer === undefined || redirectUri === undefined || app === undefined) return undefined;
  const allowed = values.list("ATLASSIAN_OAUTH_ALLOWED_GRANT_TYPES") ?? [];
  return {
    issuer,
    app: { ...app, redirectUri },
    signIn: signInOf(values),
    allowedRedirects: values.list("ATLASSIAN_OAUTH_ALLOWED_CLIENT_REDIRECT_URIS"),
    grantTypes: grantTypes.filter((type) => allowed.includes(type)),
    requireConsent: values.isOn("ATLASSIAN_OAUTH_REQUIRE_CONSENT"),
    trustedProxies: values.number("MCP_TRUSTED_PROXIES"),
  };
}

/** The shared value, else that of the first product that has one of its own. */
export function anyOf(values: Values, suffix: string): string {
  const names = ["ATLASSIAN", ...Object.values(productWords).map(({ env }) => env)].map(
    (start) => `${start}_${suffix}`,
  );
  return names.find((name) => values.isGiven(name)) ?? `ATLASSIAN_${suffix}`;
}

export function redirectUriOf(values: Values): URL | undefined {
  return values.url(anyOf(values, "OAUTH_REDIRECT_URI"));
}

/** `PUBLIC_BASE_URL`, else the redirect address without its last segment. */
export function issuerOf(values: Values): URL | undefined {
  const written = values.url("PUBLIC_BASE_URL");
  if (written !== undefined) return withoutSlash(written);
  const redirect = redirectUriOf(values);
  if (redirect === undefined) return undefined;
  const base = new URL(redirect.href.replace(/[?#].*$/, ""));
  base.pathname = base.pathname.replace(/\/[^/]*\/*$/, "");
  return withoutSlash(base);
}

function withoutSlash(url: URL): URL {
  const bare = new URL(url.href);
  bare.pathname = bare.pathname.replace(/\/+$/, "");
  return bare;
}

function appOf(values: Values): Omit<OAuthClientSettings, "redirectUri"> | undefined {
  const clientId = values.text(anyOf(values, "OAUTH_CLIENT_ID"));
  const clientSecret = values.text(anyOf(values, "OAUTH_CLIENT_SECRET"));
  if (clientId === undefined || clientSecret === undefined) return undefined;
  return { clientId, clientSecret, scopes: values.list(anyOf(values, "OAUTH_SCOPE")) ?? [] };
}

/** At the instance, where there is one of Data Center; without any address at Atlassian. */
function signInOf(values: Values): OAuthServerSettings["signIn"] {
  const own = values.url("ATLASSIAN_OAUTH_INSTANCE_URL");
  const jira = values.url("JIRA_URL");
  const confluence = values.url("CONFLUENCE_URL");
  const url = own ?? jira ?? confluence;
  if (url === undefined) return { deployment: "cloud" };
  const product = productAt(url, jira, confluence);
  const named = values.text(`${productWords[product].env}_DEPLOYMENT`);
  const byHost = deploymentOfHost(url.hostname);
  const isCloud = byHost === "cloud" || (byHost === "unsure" && named === "cloud");
  if (isCloud) return { deployment: "cloud" };
  return { deployment: "datacenter", product, url: withoutSlash(url) };
}

function productAt(url: URL, jira: URL | undefined, confluence: URL | undefined): Product {
  const isAt = (site: URL | undefined) =>
    site !== undefined && withoutSlash(site).href === withoutSlash(url).href;
  if (isAt(jira)) return "jira";
  return isAt(confluence) || (jira === undefined && confluence?.origin === url.origin)
    ? "confluence"
    : "jira";
}

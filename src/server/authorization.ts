import { issuerOf } from "../auth/oauth/issuer.ts";
import type { Issuer, OAuthApp } from "../auth/oauth/types.ts";
import type { OAuthServerSettings, Settings } from "../config/product.ts";
import type { Logger } from "../log.ts";
import {
  type AuthorizationServer,
  type AuthorizationServerOptions,
  scopeNames,
} from "../oauth-server/types.ts";
import { catalogue } from "../tools/catalogue.ts";
import type { Outbound } from "./outbound.ts";
import type { ToolPolicy } from "./runtime.ts";

export type { AuthorizationServer } from "../oauth-server/types.ts";

/** Where people sign in for our authorization server; `undefined` where it is off. */
export function signInIssuer({
  oauthServer,
  authUrl,
  apiUrl,
}: Pick<Settings, "oauthServer" | "authUrl" | "apiUrl">): Issuer | undefined {
  if (oauthServer === undefined) return undefined;
  const { signIn } = oauthServer;
  const site = "url" in signIn ? signIn : ({ product: "jira", url: undefined } as const);
  return issuerOf(site, signIn.deployment, { authUrl, apiUrl });
}

/**
 * The authorization server that the settings ask for, on the process's own store and connections.
 *
 * @throws AtlassianMcpError `config` for a store that cannot be used, or addresses and patterns that do not fit.
 */
export async function openAuthorization(
  settings: Settings,
  outbound: Outbound,
  policy: ToolPolicy,
  log: Logger,
): Promise<AuthorizationServer | undefined> {
  const { oauthServer: own, cloudId, http } = settings;
  const issuer = signInIssuer(settings);
  if (own === undefined || issuer === undefined) return undefined;
  const [{ createAuthorizationServer }, { store, fetchFor, documentFetch }] = await Promise.all([
    import("../oauth-server/server.ts"),
    outbound.oauth(),
  ]);
  const app = await appOf(own, issuer, settings, policy);
  const base = own.issuer.href.replace(/\/+$/, "");
  return createAuthorizationServer({
    ...own,
    app,
    resource: new URL(`${base}${http.path}`),
    sseResource: http.ssePath === undefined ? undefined : new URL(`${base}${http.ssePath}`),
    scopes: scopesOf(settings, issuer, policy),
    store,
    fetch: fetchFor(app),
    documentFetch,
    cloudId,
    trustProxy: own.trustedProxies,
    log,
  });
}

/** What clients can be allowed: of the products that the sign-in is for, reading alone where nothing else is served. */
function scopesOf(
  { products }: Settings,
  issuer: Issuer,
  { readOnly }: ToolPolicy,
): AuthorizationServerOptions["scopes"] {
  return scopeNames.filter((name) => {
    const [access, product] = name.split(":");
    const isServed = product === "jira" ? products.jira : products.confluence;
    if (isServed === undefined || (readOnly && access !== "read")) return false;
    return !("product" in issuer) || issuer.product === product;
  });
}

/** The operator's app. Scopes that are not set are those that the tools in use need. */
async function appOf(
  { app }: OAuthServerSettings,
  issuer: Issuer,
  { products }: Settings,
  policy: ToolPolicy,
): Promise<OAuthApp> {
  const { clientId, clientSecret, redirectUri } = app;
  const common = { clientId, clientSecret, redirectUri: redirectUri.href, issuer };
  if (app.scopes.length > 0) return { ...common, scopes: app.scopes };
  const { dataCenterScope, proposeScopes } = await import("../auth/scopes.ts");
  const used = catalogue.filter(
    ({ product, access, toolset, name }) =>
      products[product] !== undefined &&
      !(policy.readOnly && access !== "read") &&
      (policy.toolsets?.has(toolset) ?? true) &&
      (policy.names?.has(name) ?? true),
  );
  const scopes =
    "product" in issuer
      ? [dataCenterScope(used.map(({ access }) => access))]
      : proposeScopes(
          used.map((entry) => entry.scopes),
          "classic",
        ).scopes;
  return { ...common, scopes };
}

import { createHash } from "node:crypto";
import type { Deployment, Product } from "../atlassian/site.ts";
import { AtlassianMcpError } from "../errors.ts";
import type { Credentials } from "../http/types.ts";
import { type Caller, type CallerCredential, hasCredential } from "./caller.ts";
import { basicCredentials, personalToken } from "./credentials.ts";

/** What the operator configured for one product, as far as signing in is concerned. */
export interface ProductAccess {
  readonly product: Product;
  /** Base address without trailing slash; Confluence Cloud with `/wiki`. */
  readonly url: URL;
  readonly deployment: Deployment | "unsure";
  readonly auth?: "basic" | "pat" | undefined;
  readonly username?: string | undefined;
  readonly apiToken?: string | undefined;
  readonly personalToken?: string | undefined;
}

/** How HTTP callers are treated. */
export interface CallerRules {
  /** `ALLOW_GLOBAL_CRED_FALLBACK`: requests without a credential are served with the operator's. */
  readonly fallback: boolean;
  /** `IGNORE_HEADER_AUTH`: callers' credentials are not looked at. */
  readonly ignoreHeaders: boolean;
}

/** A product as one caller reaches it. */
export interface Connection {
  readonly product: Product;
  readonly deployment: Deployment | "unsure";
  /** Requests go below this address. */
  readonly apiBase: URL;
  /** Links for people start with this, without trailing slash. */
  readonly browseBase: string;
  readonly credentials: Credentials;
  readonly method: "basic" | "pat";
  readonly source: "operator" | "caller";
  /** Hash of target and credential: the same for the same identity, different for any other. */
  readonly fingerprint: string;
}

export type SettledConnection = Connection & { readonly deployment: Deployment };

export type Resolution =
  | { readonly kind: "connection"; readonly connection: Connection }
  | { readonly kind: "refusal"; readonly error: AtlassianMcpError };

/**
 * Decides, for one product, as whom a caller's requests go out. Pure: no network, no clock, no state.
 *
 * - The operator's credentials serve the operator's own process, and HTTP callers only with the fallback rule and only
 *   when the request carries no credential of its own.
 * - A product header beats `Authorization`. `Authorization` alone serves both products only when they share an origin:
 *   a secret must not reach a host that it may not be meant for.
 */
export function resolveConnection(
  product: Product,
  access: Readonly<Partial<Record<Product, ProductAccess>>>,
  caller: Caller,
  rules: CallerRules,
): Resolution {
  const target = access[product];
  if (target === undefined) return refusal(notConfigured(product));
  if (caller.kind === "operator") return asOperator(target);
  if (rules.ignoreHeaders) return rules.fallback ? asOperator(target) : refusal(noFallback(target));
  const own = caller.products[product];
  if (own) return asCaller(target, own);
  if (caller.shared) {
    return isShareable(product, access)
      ? asCaller(target, caller.shared)
      : refusal(ambiguous(target, access));
  }
  if (hasCredential(caller)) return refusal(otherProductOnly(target));
  return rules.fallback ? asOperator(target) : refusal(noCredential(target));
}

/**
 * The connection once it is known what the site is.
 *
 * @throws AtlassianMcpError `auth` for a bearer token on Cloud.
 */
export function settleConnection(
  connection: Connection,
  deployment: Deployment,
): SettledConnection {
  const { product, method, apiBase } = connection;
  if (deployment === "cloud" && method === "pat") throw refuseTokenOnCloud(product);
  const needsWiki =
    deployment === "cloud" && product === "confluence" && !/\/wiki\/?$/.test(apiBase.pathname);
  if (!needsWiki)
    return isSettled(connection, deployment) ? connection : { ...connection, deployment };
  // People leave `/wiki` out; on Cloud there is nothing else.
  const home = new URL(`${apiBase.href.replace(/\/+$/, "")}/wiki`);
  return { ...connection, deployment, apiBase: home, browseBase: home.href };
}

function isSettled(
  connection: Connection,
  deployment: Deployment,
): connection is SettledConnection {
  return connection.deployment === deployment;
}

function asOperator(target: ProductAccess): Resolution {
  const { username, apiToken, personalToken: token, auth } = target;
  const isPat = token !== undefined && auth !== "basic";
  if (isPat) {
    if (target.deployment === "cloud") return refusal(refuseTokenOnCloud(target.product));
    return connection(target, "operator", "pat", personalToken(token), token);
  }
  if (username !== undefined && apiToken !== undefined && auth !== "pat") {
    const secret = `${username}:${apiToken}`;
    return connection(target, "operator", "basic", basicCredentials(username, apiToken), secret);
  }
  return refusal(incomplete(target));
}

function asCaller(target: ProductAccess, credential: CallerCredential): Resolution {
  if (credential.scheme === "basic") {
    const { user, secret } = credential;
    const made = basicCredentials(user, secret);
    return connection(target, "caller", "basic", made, `${user}:${secret}`);
  }
  if (target.deployment === "cloud") return refusal(refuseTokenOnCloud(target.product));
  const { token } = credential;
  return connection(target, "caller", "pat", personalToken(token), token);
}

function connection(
  target: ProductAccess,
  source: Connection["source"],
  method: Connection["method"],
  credentials: Credentials,
  secret: string,
): Resolution {
  const { product, deployment, url } = target;
  const browseBase = url.href.replace(/\/+$/, "");
  let fingerprint: string | undefined;
  return {
    kind: "connection",
    connection: {
      product,
      deployment,
      apiBase: url,
      browseBase,
      credentials,
      method,
      source,
      // Worked out when it is asked for: most resolutions only decide what is listed.
      get fingerprint() {
        fingerprint ??= createHash("sha256")
          .update(JSON.stringify([product, browseBase, source, method, secret]))
          .digest("base64url");
        return fingerprint;
      },
    },
  };
}

function isShareable(
  product: Product,
  access: Readonly<Partial<Record<Product, ProductAccess>>>,
): boolean {
  const other = access[product === "jira" ? "confluence" : "jira"];
  return other === undefined || other.url.origin === access[product]?.url.origin;
}

function refusal(error: AtlassianMcpError): Resolution {
  return { kind: "refusal", error };
}

function label(product: Product): string {
  return product === "jira" ? "Jira" : "Confluence";
}

function prefix(product: Product): string {
  return product === "jira" ? "JIRA" : "CONFLUENCE";
}

function headerName(product: Product): string {
  return `X-Atlassian-${label(product)}-Authorization`;
}

function notConfigured(product: Product): AtlassianMcpError {
  const name = prefix(product);
  return new AtlassianMcpError("config", `${label(product)} is not configured on this server`, {
    product,
    setting: `${name}_URL`,
    next:
      `Whoever runs the server sets ${name}_URL with ${name}_USERNAME and ${name}_API_TOKEN (Cloud) ` +
      `or ${name}_PERSONAL_TOKEN (Data Center).`,
  });
}

function incomplete({ product }: ProductAccess): AtlassianMcpError {
  const name = prefix(product);
  return new AtlassianMcpError("config", `${label(product)} has an address but no credentials`, {
    product,
    setting: `${name}_API_TOKEN`,
    next:
      `Set ${name}_USERNAME and ${name}_API_TOKEN (Cloud: e-mail and API token; Data Center: name and ` +
      `password), or ${name}_PERSONAL_TOKEN (Data Center).`,
  });
}

/** Why a bearer token cannot be used with a Cloud site; for connections whose deployment came out late. */
export function refuseTokenOnCloud(product: Product): AtlassianMcpError {
  const name = prefix(product);
  return new AtlassianMcpError(
    "auth",
    `${label(product)} Cloud has no personal access tokens, and a bearer token does not work on the site address`,
    {
      product,
      setting: `${name}_PERSONAL_TOKEN`,
      next:
        `Use an API token: ${name}_USERNAME (e-mail) with ${name}_API_TOKEN, or over HTTP ` +
        "Authorization: Basic base64(EMAIL:API_TOKEN).",
    },
  );
}

function noCredential({ product }: ProductAccess): AtlassianMcpError {
  return new AtlassianMcpError("auth", `The request carries no credentials for ${label(product)}`, {
    product,
    setting: "Authorization",
    next:
      "Send Authorization: Basic base64(EMAIL:API_TOKEN) for Cloud or Bearer PERSONAL_ACCESS_TOKEN for Data " +
      "Center; or whoever runs the server sets ALLOW_GLOBAL_CRED_FALLBACK=true to serve everybody as one user.",
  });
}

function noFallback({ product }: ProductAccess): AtlassianMcpError {
  return new AtlassianMcpError(
    "config",
    `Callers' credentials are ignored (IGNORE_HEADER_AUTH) and there is nobody else to be for ${label(product)}`,
    {
      product,
      setting: "IGNORE_HEADER_AUTH",
      next: "Whoever runs the server unsets IGNORE_HEADER_AUTH, or sets ALLOW_GLOBAL_CRED_FALLBACK=true as well.",
    },
  );
}

function otherProductOnly({ product }: ProductAccess): AtlassianMcpError {
  return new AtlassianMcpError("auth", `The request's credentials are for the other product only`, {
    product,
    setting: headerName(product),
    next: `Send ${headerName(product)} as well.`,
  });
}

function ambiguous(
  { product }: ProductAccess,
  access: Readonly<Partial<Record<Product, ProductAccess>>>,
): AtlassianMcpError {
  const hosts = `${access.jira?.url.host} and ${access.confluence?.url.host}`;
  return new AtlassianMcpError(
    "auth",
    `One Authorization header cannot serve two hosts (${hosts}): the secret of one would be sent to the other`,
    {
      product,
      setting: headerName(product),
      next: "Send X-Atlassian-Jira-Authorization and X-Atlassian-Confluence-Authorization instead, each for its host.",
    },
  );
}

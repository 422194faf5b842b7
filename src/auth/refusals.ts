import type { Product } from "../atlassian/site.ts";
import { AtlassianMcpError } from "../errors.ts";

/** Why a product cannot be reached for a caller: one error each, with what to do. */

function label(product: Product): string {
  return product === "jira" ? "Jira" : "Confluence";
}

function prefix(product: Product): string {
  return product.toUpperCase();
}

function headerOf(product: Product, what: string): string {
  return `X-Atlassian-${label(product)}-${what}`;
}

export function notConfigured(product: Product): AtlassianMcpError {
  const name = prefix(product);
  return new AtlassianMcpError("config", `${label(product)} is not configured on this server`, {
    product,
    setting: `${name}_URL`,
    next:
      `Whoever runs the server sets ${name}_URL with ${name}_USERNAME and ${name}_API_TOKEN (Cloud) ` +
      `or ${name}_PERSONAL_TOKEN (Data Center).`,
  });
}

export function incomplete(product: Product): AtlassianMcpError {
  const name = prefix(product);
  return new AtlassianMcpError("config", `${label(product)} has an address but no credentials`, {
    product,
    setting: `${name}_API_TOKEN`,
    next:
      `Set ${name}_USERNAME and ${name}_API_TOKEN (Cloud: e-mail and API token; Data Center: name and ` +
      `password), or ${name}_PERSONAL_TOKEN (Data Center).`,
  });
}

/** Why a personal token cannot be used with a Cloud site; also for sites whose deployment came out late. */
export function tokenOnCloud(product: Product): AtlassianMcpError {
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

export function oauthNotEnabled(product: Product): AtlassianMcpError {
  return new AtlassianMcpError(
    "auth",
    `${label(product)} Cloud takes bearer tokens only through OAuth, which is not enabled for callers here`,
    {
      product,
      setting: "ATLASSIAN_OAUTH_ENABLE",
      next:
        "Send Authorization: Basic base64(EMAIL:API_TOKEN); or whoever runs the server sets " +
        "ATLASSIAN_OAUTH_ENABLE=true to accept OAuth access tokens.",
    },
  );
}

/** A client certificate or a gateway's headers where the site turned out to be Cloud. */
export function notOnCloud(product: Product, what: string): AtlassianMcpError {
  const name = prefix(product);
  return new AtlassianMcpError("config", `${label(product)} Cloud does not know ${what}`, {
    product,
    setting: `${name}_URL`,
    next: `Set ${name}_USERNAME and ${name}_API_TOKEN.`,
  });
}

export function basicWithoutSite(product: Product): AtlassianMcpError {
  return new AtlassianMcpError(
    "auth",
    `No address of a ${label(product)} site is configured, and user name with API token needs one`,
    {
      product,
      setting: `${prefix(product)}_URL`,
      next: `Send Authorization: Bearer with an OAuth access token and X-Atlassian-Cloud-Id; or whoever runs the server sets ${prefix(product)}_URL.`,
    },
  );
}

export function noCredential(product: Product): AtlassianMcpError {
  return new AtlassianMcpError("auth", `The request carries no credentials for ${label(product)}`, {
    product,
    setting: "Authorization",
    next:
      "Send Authorization: Basic base64(EMAIL:API_TOKEN) for Cloud or Bearer PERSONAL_ACCESS_TOKEN for Data " +
      "Center; or whoever runs the server sets ALLOW_GLOBAL_CRED_FALLBACK=true to serve everybody as one user.",
  });
}

export function noCredentialForUrl(product: Product): AtlassianMcpError {
  return new AtlassianMcpError(
    "auth",
    `${headerOf(product, "Url")} names a site, but nothing was sent to sign in there`,
    {
      product,
      setting: headerOf(product, "Url"),
      next: `Send ${headerOf(product, "Personal-Token")} or ${headerOf(product, "Authorization")} for that site: Authorization is for the configured one.`,
    },
  );
}

export function noFallback(product: Product): AtlassianMcpError {
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

export function mixedIdentity(product: Product): AtlassianMcpError {
  return new AtlassianMcpError(
    "auth",
    `The request passes on who somebody is, and ${label(product)} would be reached as the operator`,
    {
      product,
      setting: `${prefix(product)}_PASSTHROUGH_HEADERS`,
      next: "Whoever runs the server sets ATLASSIAN_EXTERNAL_AUTH_ENABLE=true and removes its own credentials, or stops passing on headers that identify people.",
    },
  );
}

export function otherProductOnly(product: Product): AtlassianMcpError {
  return new AtlassianMcpError("auth", `The request's credentials are for the other product only`, {
    product,
    setting: headerOf(product, "Authorization"),
    next: `Send ${headerOf(product, "Authorization")} as well.`,
  });
}

export function ambiguous(product: Product, hosts: string): AtlassianMcpError {
  return new AtlassianMcpError(
    "auth",
    `One Authorization header cannot serve two hosts (${hosts}): the secret of one would be sent to the other`,
    {
      product,
      setting: headerOf(product, "Authorization"),
      next: "Send X-Atlassian-Jira-Authorization and X-Atlassian-Confluence-Authorization instead, each for its host.",
    },
  );
}

export function signedInElsewhere(product: Product): AtlassianMcpError {
  return new AtlassianMcpError(
    "auth",
    `The sign-in of this server's users is not for ${label(product)}`,
    {
      product,
      setting: "ATLASSIAN_OAUTH_INSTANCE_URL",
      next: `Send ${headerOf(product, "Authorization")} with a credential for ${label(product)} as well.`,
    },
  );
}

export function siteNotChosen(product: Product): AtlassianMcpError {
  return new AtlassianMcpError("auth", "This sign-in is for another site than the header names", {
    product,
    setting: "X-Atlassian-Cloud-Id",
    next: "Leave the header out, or connect again and choose that site.",
  });
}

export function siteNotAllowed(product: Product): AtlassianMcpError {
  return new AtlassianMcpError("auth", "This sign-in is for a site that is no longer served here", {
    product,
    setting: "ATLASSIAN_OAUTH_CLOUD_ID",
    next: "Remove the server's authorization in your client and connect again.",
  });
}

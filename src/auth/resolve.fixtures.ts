import type { Deployment, Product } from "../atlassian/site.ts";
import type { AtlassianMcpError } from "../errors.ts";
import type { CallerCredential, HttpCaller } from "./caller.ts";
import type { Connection, Credential, Resolution } from "./connection.ts";
import type { OAuthApp } from "./oauth/types.ts";
import type { AuthRules, ProductAccess } from "./resolve.ts";

/** Made-up settings and callers for tests of resolving and settling. */

export type Known = Deployment | "unsure";

export const configuredId = "aaaaaaaa-0000-4000-8000-000000000001";
export const callersId = "bbbbbbbb-0000-4000-8000-000000000002";

export const app: OAuthApp = {
  issuer: {
    kind: "cloud",
    authUrl: new URL("https://auth.atlassian.com"),
    apiUrl: new URL("https://api.atlassian.com"),
  },
  clientId: "client",
  clientSecret: "client-secret",
  scopes: [],
};

/** Complete settings of each method. */
export const signIn = {
  token: { accessToken: "operators-token" },
  oauth: { oauth: app },
  pat: { personalToken: "operators-pat" },
  basic: { username: "ada", apiToken: "operators-secret" },
  certificate: { hasCertificate: true },
} as const;

export const addresses: Readonly<Record<Known, Readonly<Record<Product, URL>>>> = {
  cloud: {
    jira: new URL("https://acme.atlassian.net"),
    confluence: new URL("https://acme.atlassian.net/wiki"),
  },
  datacenter: {
    jira: new URL("https://jira.corp/jira"),
    confluence: new URL("https://wiki.corp/wiki"),
  },
  unsure: {
    jira: new URL("https://jira.example.com"),
    confluence: new URL("https://wiki.example.com"),
  },
};

export function accessTo(
  product: Product,
  deployment: Known,
  more: Partial<ProductAccess> = {},
): ProductAccess {
  return { product, url: addresses[deployment][product], deployment, ...more };
}

export function rules(more: Partial<AuthRules> = {}): AuthRules {
  return {
    fallback: false,
    ignoreHeaders: false,
    external: false,
    oauth: false,
    deploymentOf: (host) => (host.endsWith(".atlassian.net") ? "cloud" : "unsure"),
    ...more,
  };
}

export function http(more: Partial<Omit<HttpCaller, "kind">> = {}): HttpCaller {
  return { kind: "http", products: {}, urls: {}, passthrough: {}, ...more };
}

export const bobsBasic: CallerCredential = { scheme: "basic", user: "bob", secret: "bobs-secret" };
export const bobsBearer: CallerCredential = { scheme: "bearer", token: "bobs-bearer" };
export const bobsToken: CallerCredential = { scheme: "token", token: "bobs-pat" };

/** A resolution in one line. */
export function show(resolution: Resolution): string {
  return resolution.kind === "refusal"
    ? showRefusal(resolution.error)
    : showConnection(resolution.connection);
}

export function showRefusal({ code, details }: AtlassianMcpError): string {
  return `refused: ${code} ${details.setting}`;
}

function showConnection(connection: Connection): string {
  const { source, method, credential, url, cloudId, isGuarded, otherwise, passthrough } =
    connection;
  const passed = Object.keys(passthrough);
  return [
    source,
    method,
    showCredential(credential),
    `at ${url?.href.replace(/\/$/, "")}`,
    ...(isGuarded ? ["guarded"] : []),
    ...(cloudId === undefined ? [] : [`id ${cloudId === callersId ? "caller's" : "configured"}`]),
    ...(passed.length === 0 ? [] : [`passing ${passed.join(",")}`]),
    ...(otherwise === undefined ? [] : [`else ${otherwise.method}`]),
  ].join(" ");
}

export function showCredential(credential: Credential): string {
  switch (credential.kind) {
    case "basic":
      return `${credential.user}:${credential.secret}`;
    case "bearer":
      return credential.token;
    case "none":
      return "none";
    case "user":
      return `user:${credential.grantId}`;
    default:
      return `${credential.kind}:${credential.app.clientId}`;
  }
}

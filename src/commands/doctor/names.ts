import type { Deployment, Product } from "../../atlassian/site.ts";
import type { Method } from "../../auth/connection.ts";
import { productWords } from "../../config/setting.ts";

export const deploymentTitles: Readonly<Record<Deployment, string>> = {
  cloud: "Cloud",
  datacenter: "Data Center",
};

export const methodTitles: Readonly<Record<Method, string>> = {
  token: "an OAuth access token from elsewhere",
  oauth: "OAuth",
  pat: "a personal access token",
  basic: "user name and API token (or password)",
  certificate: "a client certificate",
  "service-account": "a service account's OAuth client",
  external: "the headers of a gateway in front",
};

const suffixes: Readonly<Record<Method, readonly string[]>> = {
  token: ["OAUTH_ACCESS_TOKEN"],
  oauth: ["OAUTH_CLIENT_ID", "OAUTH_CLIENT_SECRET"],
  pat: ["PERSONAL_TOKEN"],
  basic: ["USERNAME", "API_TOKEN"],
  certificate: ["CLIENT_CERT"],
  "service-account": ["OAUTH_CLIENT_ID", "OAUTH_CLIENT_SECRET"],
  external: [],
};

/** The settings that a method takes its credentials from; OAuth's may be shared by both products. */
export function settingsOf(
  product: Product,
  method: Method,
  origins: ReadonlyMap<string, string>,
): string[] {
  const { env } = productWords[product];
  return suffixes[method].map((suffix) => {
    const own = `${env}_${suffix}`;
    const shared = `ATLASSIAN_${suffix}`;
    return !origins.has(own) && origins.has(shared) ? shared : own;
  });
}

/** ISO 8601 without fractions of a second. */
export function isoTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

export function isoDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

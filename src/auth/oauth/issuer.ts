import type { Deployment, Product } from "../../atlassian/site.ts";
import type { Issuer } from "./types.ts";

/** Where Cloud signs people in. */
export interface CloudAddresses {
  readonly authUrl: URL;
  readonly apiUrl: URL;
}

export function cloudIssuer({ authUrl, apiUrl }: CloudAddresses): Issuer {
  return { kind: "cloud", authUrl, apiUrl };
}

/**
 * Who issues tokens for a product. A site without an address is on Cloud; one that may be either is its own issuer, as
 * Data Center is.
 */
export function issuerOf(
  product: Product,
  site: { readonly url: URL | undefined; readonly deployment: Deployment | "unsure" },
  cloud: CloudAddresses,
): Issuer {
  const { url, deployment } = site;
  return url === undefined || deployment === "cloud"
    ? cloudIssuer(cloud)
    : { kind: "datacenter", product, baseUrl: url };
}

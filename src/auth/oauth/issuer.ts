import type { Deployment, Product } from "../../atlassian/site.ts";
import type { Issuer } from "./types.ts";

/** Where tokens for a product come from: Cloud's login host, or the Data Center site itself. */
export function issuerOf(
  { product, url }: { readonly product: Product; readonly url?: URL | undefined },
  deployment: Deployment | "unsure",
  cloud: { readonly authUrl: URL; readonly apiUrl: URL },
): Issuer {
  if (url === undefined || deployment === "cloud") return cloudIssuer(cloud.authUrl, cloud.apiUrl);
  return { kind: "datacenter", product, baseUrl: url };
}

export function cloudIssuer(authUrl: URL, apiUrl: URL): Issuer {
  return { kind: "cloud", authUrl, apiUrl };
}

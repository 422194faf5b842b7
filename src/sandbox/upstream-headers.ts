import type { SandboxDeployment, SandboxProduct } from "./types.ts";

export type HeaderSource = (
  product: SandboxProduct,
  deployment: SandboxDeployment,
  user: string | undefined,
) => Record<string, string>;

/** Makes the headers every answer of a site carries; ids are counted, so that runs can be compared. */
export function createHeaderSource(): HeaderSource {
  let count = 0;
  return (product, deployment, user) => {
    count += 1;
    const id = count.toString(16).padStart(12, "0");
    if (deployment === "cloud") {
      return {
        "atl-traceid": `5a0db0c5${id}`.padEnd(32, "0"),
        "atl-request-id": `5a0db0c5-0000-4000-8000-${id}`,
        "x-arequestid": id,
        "x-ratelimit-limit": "100",
        "x-ratelimit-remaining": "99",
        "cache-control": "no-cache, no-store, no-transform",
        vary: "Accept-Encoding",
      };
    }
    const headers: Record<string, string> =
      product === "jira"
        ? { "x-arequestid": `600x${count}x1`, "x-anodeid": "node1" }
        : { "x-request-id": id, "x-confluence-request-time": "0" };
    if (user !== undefined) headers["x-ausername"] = user;
    return headers;
  };
}

/** The login host has no rate limits and no caches. */
export function loginHeaders(): Record<string, string> {
  return { "cache-control": "no-store", vary: "Accept-Encoding" };
}

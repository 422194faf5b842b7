import type { ConnectionCache } from "../../atlassian/cache.ts";
import type { Deployment } from "../../atlassian/site.ts";
import type { ApiClient } from "../../http/types.ts";
import { cloudDialect } from "./cloud.ts";
import { dataCenterDialect } from "./data-center.ts";
import type { ConfluenceDialect } from "./types.ts";

/** The dialect of a deployment, for one connection. */
export function dialectOf(
  deployment: Deployment,
  api: ApiClient,
  cache: ConnectionCache,
): ConfluenceDialect {
  return deployment === "cloud" ? cloudDialect(api, cache) : dataCenterDialect(api, cache);
}

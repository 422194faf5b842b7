import type { Deployment } from "../../atlassian/site.ts";
import { cloudDialect } from "./cloud.ts";
import { dataCenterDialect } from "./data-center.ts";
import type { JiraDialect } from "./types.ts";

export function dialectOf(deployment: Deployment): JiraDialect {
  return deployment === "cloud" ? cloudDialect : dataCenterDialect;
}

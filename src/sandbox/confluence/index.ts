import type { SandboxRoute, SandboxUser } from "../types.ts";
import { cloudV2Routes } from "./cloud-v2/routes.ts";
import { dataCenterRoutes } from "./data-center/routes.ts";
import { emptySite, seedSite } from "./seed/seed.ts";
import { cloudV1Routes } from "./v1/cloud.ts";
import type { ConfluenceWorld } from "./world.ts";

export type { ConfluenceWorld } from "./world.ts";

/**
 * The pretend Confluence: the same spaces, pages and comments on Cloud and on Data Center, which
 * then go their own ways. Dates of the seed are relative to the first reading of `now`; the first
 * person of `users` sees everything, the second one does not see the space `HR`.
 */
export function createConfluenceWorld(
  users: readonly SandboxUser[],
  now: () => Date,
): ConfluenceWorld {
  const cloud = emptySite("cloud", users, now);
  const datacenter = emptySite("datacenter", users, now);
  seedSite(cloud);
  seedSite(datacenter);
  return { cloud, datacenter };
}

/** Every operation of both pretend sites. */
export function confluenceRoutes(world: ConfluenceWorld): SandboxRoute[] {
  const { cloud, datacenter } = world;
  return [...cloudV2Routes(cloud), ...cloudV1Routes(cloud), ...dataCenterRoutes(datacenter)];
}

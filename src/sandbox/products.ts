import { confluenceRoutes, createConfluenceWorld } from "./confluence/index.ts";
import { jiraRoutes } from "./jira/index.ts";
import { createJiraWorld } from "./jira/seed/seed.ts";
import { createRouter, type Router } from "./router.ts";
import type { SandboxDeployment, SandboxProduct, SandboxRoute, SandboxUser } from "./types.ts";

/** The routers of everything that is served, over freshly seeded content. `labs` is the second Cloud site. */
export type Products = Record<SandboxDeployment | "labs", Record<SandboxProduct, Router>>;

export interface ProductSettings {
  readonly users: readonly [SandboxUser, SandboxUser, ...SandboxUser[]];
  readonly now: () => Date;
  /** Milliseconds until a new Cloud issue is found by search. */
  readonly indexLagMs: number;
}

/** Seeds every site and builds its routers. Nothing is shared between the sites but the people. */
export function createProducts(settings: ProductSettings): Products {
  const confluence = () => confluenceRoutes(createConfluenceWorld(settings.users, settings.now));
  const first = confluence();
  return {
    cloud: deploy(settings, "cloud", first),
    datacenter: deploy(settings, "datacenter", first),
    labs: deploy(settings, "cloud", confluence()),
  };
}

function deploy(
  { users, now, indexLagMs }: ProductSettings,
  deployment: SandboxDeployment,
  confluence: readonly SandboxRoute[],
): Record<SandboxProduct, Router> {
  const lag = deployment === "cloud" ? indexLagMs : 0;
  const jira = jiraRoutes(createJiraWorld({ deployment, users, now, indexLagMs: lag }));
  return {
    jira: createRouter(jira),
    confluence: createRouter(confluence.filter((route) => route.deployment === deployment)),
  };
}

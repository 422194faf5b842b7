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

type Clock = () => Date;

/**
 * Every site with its routers, each seeded when it is first asked for something: one takes milliseconds, and few uses of
 * a sandbox want them all. Nothing is shared between the sites but the people and the moment of the seed, which is now.
 */
export function createProducts({ users, now, indexLagMs }: ProductSettings): Products {
  const seededAt = now();
  const seed = <World>(make: (clock: Clock) => World): World => {
    let clock: Clock = () => seededAt;
    const world = make(() => clock());
    clock = now;
    return world;
  };
  const confluence = () =>
    once(() => seed((clock) => confluenceRoutes(createConfluenceWorld(users, clock))));
  const deploy = (
    deployment: SandboxDeployment,
    pages: () => readonly SandboxRoute[],
  ): Record<SandboxProduct, Router> => {
    const lag = deployment === "cloud" ? indexLagMs : 0;
    const ofJira = once(() =>
      createRouter(
        jiraRoutes(
          seed((clock) => createJiraWorld({ deployment, users, now: clock, indexLagMs: lag })),
        ),
      ),
    );
    const ofConfluence = once(() =>
      createRouter(pages().filter((route) => route.deployment === deployment)),
    );
    return {
      get jira() {
        return ofJira();
      },
      get confluence() {
        return ofConfluence();
      },
    };
  };
  const first = confluence();
  return {
    cloud: deploy("cloud", first),
    datacenter: deploy("datacenter", first),
    labs: deploy("cloud", confluence()),
  };
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

import { people } from "../people.ts";
import { createRouter } from "../router.ts";
import type { SandboxAnswer, SandboxDeployment, SandboxRoute, SandboxUser } from "../types.ts";
import { confluenceRoutes, createConfluenceWorld } from "./index.ts";
import { type ConfluenceWorld, type Content, latest } from "./world.ts";

interface AskOptions {
  readonly as?: SandboxUser | undefined;
  readonly viaGateway?: boolean | undefined;
}

/** Parsed JSON that tests read by name, whatever it is. */
export interface Loose {
  readonly [name: string]: Loose | undefined;
}

/** The answer of a route, with the route that gave it. */
export interface Asked {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly json: Loose;
  /** The entries of a list. */
  readonly results: readonly Loose[];
  readonly route: SandboxRoute;
}

/** `METHOD /path?query` below the product's base, and a JSON body. */
type Ask = (line: string, json?: unknown, options?: AskOptions) => Promise<Asked>;

export interface TestSites {
  readonly world: ConfluenceWorld;
  readonly routes: readonly SandboxRoute[];
  readonly cloud: Ask;
  readonly datacenter: Ask;
  /** Seeded content by title, on Cloud unless said otherwise. */
  titled(title: string, deployment?: SandboxDeployment): Content;
  spaceId(key: string): string;
}

/** The moment at which the pretend sites stand still: a Monday in Berlin. */
export const testNow = new Date("2026-11-23T12:00:00.000Z");

const siteBases = {
  cloud: "http://127.0.0.1:4000",
  datacenter: "http://127.0.0.1:4002/confluence",
} as const;

/** Freshly seeded sites whose routes are called without a server. Their clock stands still. */
export function testSites(): TestSites {
  const world = createConfluenceWorld(people, () => testNow);
  const routes = confluenceRoutes(world);
  const asker = (deployment: SandboxDeployment): Ask => {
    const router = createRouter(routes.filter((route) => route.deployment === deployment));
    return async (line, json, { as = people[0], viaGateway = false } = {}) => {
      const [method = "GET", target = ""] = line.split(" ");
      const [path = "", query] = target.split("?");
      const match = router.find(method, path);
      if (match.found === undefined) throw new Error(`no route for ${line}`);
      const answer: SandboxAnswer = await match.found.run({
        method,
        path,
        params: match.params,
        query: new URLSearchParams(query),
        headers: {},
        body: Buffer.from(json === undefined ? "" : JSON.stringify(json)),
        json,
        principal: { user: as, method: "basic" },
        deployment,
        siteBase: siteBases[deployment],
        viaGateway,
      });
      const { status, headers = {} } = answer;
      // What leaves is what JSON can carry: members without a value are gone.
      const sent: Loose = JSON.parse(JSON.stringify(answer.json ?? {}));
      const results: readonly Loose[] = Array.isArray(sent.results) ? sent.results : [];
      return { status, headers, json: sent, results, route: match.found };
    };
  };
  return {
    world,
    routes,
    cloud: asker("cloud"),
    datacenter: asker("datacenter"),
    titled(title, deployment = "cloud") {
      const found = [...world[deployment].contents.values()].find(
        (one) => latest(one).title === title,
      );
      if (found === undefined) throw new Error(`nothing is titled ${title}`);
      return found;
    },
    spaceId(key) {
      const found = [...world.cloud.spaces.values()].find((space) => space.key === key);
      if (found === undefined) throw new Error(`there is no space ${key}`);
      return found.id;
    },
  };
}

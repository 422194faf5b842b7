import { basicCredentials, bearerToken } from "../../../src/auth/credentials.ts";
import { type ConfluencePolicy, createConfluenceClient } from "../../../src/confluence/client.ts";
import { type ErrorCode, isOurs } from "../../../src/errors.ts";
import { createApiClient } from "../../../src/http/client.ts";
import type { HttpPool } from "../../../src/http/pool.ts";
import { createJiraClient, type JiraPolicy } from "../../../src/jira/client.ts";
import type { Sandbox } from "../../../src/sandbox/server.ts";
import { parseArguments } from "../../../src/tools/arguments.ts";
import { toolsByName } from "../../../src/tools/registry.ts";

export type Product = "jira" | "confluence";
export type Place = "cloud" | "datacenter" | "gateway";

/** A request as it reached a site, its path below the address of the deployment. */
export interface SentRequest {
  readonly product: Product;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One call of a tool and what left because of it. */
export interface Visit {
  readonly tool: string;
  readonly place: Place;
  readonly args: object;
  readonly sent: readonly SentRequest[];
}

/** A result whose parts a script looks into. */
interface Loose {
  readonly [key: string]: Loose;
  readonly [index: number]: Loose;
}

interface CallOptions {
  readonly policy?: (JiraPolicy & ConfluencePolicy) | undefined;
  /** The code of the refusal that is expected instead of a result. */
  readonly fails?: ErrorCode | undefined;
  /** The result says that a part of it could not be had. */
  readonly warns?: boolean | undefined;
}

/** What a script works with. */
export interface Stage {
  readonly place: Place;
  readonly cloud: boolean;
  readonly sandbox: Sandbox;
  /** Calls a tool as the first user; `undefined` after a refusal that was expected. */
  call(tool: string, args: object, options?: CallOptions): Promise<Loose>;
  /** The next request of this form is answered so. The path is one below the deployment's address. */
  answer(match: string, status: number, json: unknown): void;
}

export type Script = (stage: Stage) => Promise<void>;

/** Runs tools over a real connection, each call with a client that remembers nothing, and keeps what was sent. */
export function openStage(sandbox: Sandbox, pool: HttpPool, place: Place, visits: Visit[]): Stage {
  return {
    place,
    cloud: place !== "datacenter",
    sandbox,
    answer: (match, status, json) =>
      sandbox.inject({ match, effect: { kind: "answer", answer: { status, json } } }),
    async call(name, args, { policy, fails, warns } = {}) {
      const tool = toolsByName.get(name);
      if (tool === undefined) throw new Error(`no tool ${name}`);
      const product = tool.toolset.product;
      const client = createClient(sandbox, pool, place, product, policy);
      const context = { client, signal: new AbortController().signal, progress: () => {} };
      sandbox.clearRequests();
      try {
        const result = await tool.run(parseArguments(tool, args), context);
        if (fails !== undefined) throw new Error(`${name} was to fail with ${fails}`);
        requireWarnings(name, result, warns === true);
        return result as Loose;
      } catch (error) {
        if (fails === undefined || !isOurs(error, fails)) throw tell(error, name, args);
        return {};
      } finally {
        visits.push({ tool: name, place, args, sent: sentTo(sandbox, place, product) });
      }
    },
  };
}

function createClient(
  sandbox: Sandbox,
  pool: HttpPool,
  place: Place,
  product: Product,
  policy: CallOptions["policy"],
) {
  const [user] = sandbox.users;
  const credentials = {
    cloud: basicCredentials(user.email, user.apiToken),
    datacenter: bearerToken(user.personalToken),
    gateway: bearerToken(sandbox.tokens.oauth.value),
  }[place];
  const browseBase = siteBase(sandbox, place === "gateway" ? "cloud" : place, product);
  const api = createApiClient({
    product,
    apiBase: new URL(siteBase(sandbox, place, product)),
    credentials,
    pool,
    timeoutMs: 10_000,
    userAgent: "mcp-atlassian/test",
  });
  const deployment = place === "datacenter" ? place : "cloud";
  const options = { api, site: { product, deployment, browseBase } as const, policy };
  return product === "jira" ? createJiraClient(options) : createConfluenceClient(options);
}

function siteBase({ urls, cloudId }: Sandbox, place: Place, product: Product): string {
  if (place === "datacenter") {
    return product === "jira" ? urls.jiraDataCenter : urls.confluenceDataCenter;
  }
  const base = place === "gateway" ? `${urls.gateway}/ex/${product}/${cloudId}` : urls.cloud;
  return product === "jira" ? base : `${base}/wiki`;
}

/** @throws Error for a request to another site than that of the connection. */
function sentTo(sandbox: Sandbox, place: Place, product: Product): SentRequest[] {
  const site = place === "datacenter" ? (`${product}-data-center` as const) : place;
  const prefix = {
    cloud: "",
    datacenter: `/${product}`,
    gateway: `/ex/${product}/${sandbox.cloudId}`,
  }[place];
  return sandbox.requests.map((request) => {
    if (request.site !== site || !request.url.startsWith(`${prefix}/`)) {
      throw new Error(`${request.method} ${request.url} went to ${request.site}`);
    }
    const [path = "", query] = request.url.slice(prefix.length).split("?");
    const { method, headers, body } = request;
    return { product, method, path, query: new URLSearchParams(query), headers, body };
  });
}

function requireWarnings(name: string, result: unknown, expected: boolean): void {
  const warnings =
    typeof result === "object" && result !== null && "warnings" in result ? result.warnings : [];
  const some = Array.isArray(warnings) && warnings.length > 0;
  if (some !== expected) throw new Error(`${name}: warnings ${JSON.stringify(warnings)}`);
}

function tell(error: unknown, name: string, args: object): Error {
  const reason = error instanceof Error ? error.message : String(error);
  return new Error(`${name} ${JSON.stringify(args)}: ${reason}`, { cause: error });
}

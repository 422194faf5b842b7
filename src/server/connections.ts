import { ConnectionCache } from "../atlassian/cache.ts";
import type { HeaderSet } from "../auth/caller.ts";
import type { Connection } from "../auth/connection.ts";
import { type RouteMemory, withGatewayFallback } from "../auth/gateway-fallback.ts";
import { withScopeAdvice } from "../auth/scope-advice.ts";
import { type SettledConnection, settleConnection } from "../auth/settle.ts";
import type { ConfluenceClient } from "../confluence/client.ts";
import { abortable } from "../http/deadline.ts";
import type { ApiClient } from "../http/types.ts";
import type { JiraClient } from "../jira/client.ts";
import { SiteDiscovery } from "./discovery.ts";
import type { ApiTarget, Runtime } from "./runtime.ts";
import { CallerValidation } from "./validation.ts";

const maxIdentities = 200;

export interface OpenOptions {
  readonly signal: AbortSignal;
  /** Every request that could change something is refused. */
  readonly readOnly: boolean;
  /** Of the HTTP request, for the log. */
  readonly requestId?: string | undefined;
}

/** A settled connection and how requests go out on it. */
export interface OpenConnection {
  readonly settled: SettledConnection;
  /** Shared by all calls of the identity: each brings its own signal. */
  readonly api: ApiClient;
  readonly cache: ConnectionCache;
  /** Filled in by the first answer. */
  readonly route: RouteMemory;
}

/** Makes product clients for connections, and keeps what an identity may remember between its calls. */
export class Connections {
  readonly #runtime: Runtime;
  readonly #identities = new Map<string, Identity>();
  readonly #discovery: SiteDiscovery;
  readonly #validation: CallerValidation;
  #jira: Promise<typeof import("../jira/client.ts")> | undefined;
  #confluence: Promise<typeof import("../confluence/client.ts")> | undefined;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
    this.#discovery = new SiteDiscovery(runtime);
    this.#validation = new CallerValidation(runtime.validation);
  }

  /**
   * A client whose requests act as the connection's identity and end when `signal` is aborted.
   *
   * @throws AtlassianMcpError `auth` for a caller whose credentials the site does not accept.
   */
  async open(connection: Connection, options: OpenOptions): Promise<JiraClient | ConfluenceClient> {
    const { settled, api: shared, cache } = await this.inspect(connection, options.readOnly);
    const { product, deployment, browseBase, source, fingerprint } = settled;
    // Whoever signed in here was checked then, and tokens are renewed when they are refused.
    if (source === "caller" && connection.credential.kind !== "user") {
      await abortable(this.#validation.check(fingerprint, product, shared), options.signal);
    }
    const api = forCall(shared, options, settled.headers);
    const site = { product, deployment, browseBase };
    const { jira, confluence } = this.#runtime;
    if (product === "jira") {
      this.#jira ??= import("../jira/client.ts");
      return (await this.#jira).createJiraClient({ api, site, policy: jira, cache });
    }
    this.#confluence ??= import("../confluence/client.ts");
    return (await this.#confluence).createConfluenceClient({
      api,
      site,
      policy: confluence,
      cache,
    });
  }

  /** What {@link open} makes its client of. Diagnosis looks at the same things. */
  async inspect(connection: Connection, readOnly: boolean): Promise<OpenConnection> {
    const settled = await settleConnection(connection, this.#discovery);
    const { apis, cache, route } = this.#identityOf(settled.fingerprint);
    const kind = readOnly ? "readOnly" : "full";
    apis[kind] ??= this.#apiFor(settled, readOnly, route).then((api) =>
      withScopeAdvice(api, settled.source === "caller" ? "caller" : "operator", settled.scopes),
    );
    return { settled, api: await apis[kind], cache, route };
  }

  /** The id of a connection's account, where the site has told it. */
  accountOf({ fingerprint }: Connection): string | undefined {
    return this.#validation.accountOf(fingerprint);
  }

  async #apiFor(
    settled: SettledConnection,
    readOnly: boolean,
    memory: RouteMemory,
  ): Promise<ApiClient> {
    const { product, apiBase, credentials, method, source, isGuarded, gateway } = settled;
    const target: ApiTarget = { product, apiBase, credentials, method, source, isGuarded };
    const site = await this.#runtime.api(target, { readOnly });
    if (gateway === undefined) return site;
    const atGateway = async () => {
      const base = await gateway();
      if (base === undefined) return undefined;
      return this.#runtime.api({ ...target, apiBase: base, isGuarded: false }, { readOnly });
    };
    let opened: ReturnType<typeof atGateway> | undefined;
    const openGateway = async () => {
      opened ??= atGateway();
      const client = await opened;
      // A site that did not answer may do so later.
      if (client === undefined) opened = undefined;
      return client;
    };
    return withGatewayFallback(site, openGateway, memory);
  }

  #identityOf(fingerprint: string): Identity {
    const identity = this.#identities.get(fingerprint) ?? {
      cache: new ConnectionCache(),
      apis: {},
      route: {},
    };
    this.#identities.delete(fingerprint);
    this.#identities.set(fingerprint, identity);
    const oldest = this.#identities.keys().next().value;
    if (this.#identities.size > maxIdentities && oldest !== undefined) {
      this.#identities.delete(oldest);
    }
    return identity;
  }
}

/** What one identity keeps between its calls. Nobody else ever gets it: the key is a hash of target and credential. */
interface Identity {
  readonly cache: ConnectionCache;
  readonly apis: Partial<Record<"full" | "readOnly", Promise<ApiClient>>>;
  readonly route: RouteMemory;
}

/** The client of an identity with what belongs to one call alone. */
function forCall(api: ApiClient, { signal, requestId }: OpenOptions, passed: HeaderSet): ApiClient {
  const hasPassed = Object.keys(passed).length > 0;
  const logFields = requestId === undefined ? undefined : { requestId };
  return {
    json: (request) =>
      api.json({
        ...request,
        logFields,
        signal: request.signal ?? signal,
        ...(hasPassed && { headers: { ...passed, ...request.headers } }),
      }),
  };
}

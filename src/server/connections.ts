import { ConnectionCache } from "../atlassian/cache.ts";
import { type Deployment, probeDeployment } from "../atlassian/site.ts";
import { anonymous } from "../auth/credentials.ts";
import { type Connection, type SettledConnection, settleConnection } from "../auth/resolve.ts";
import type { ConfluenceClient } from "../confluence/client.ts";
import type { ApiClient } from "../http/types.ts";
import type { JiraClient } from "../jira/client.ts";
import type { Runtime } from "./runtime.ts";

const maxIdentities = 200;

export interface OpenOptions {
  readonly signal: AbortSignal;
  /** Every request that could change something is refused. */
  readonly readOnly: boolean;
}

/** Makes product clients for connections, and keeps what an identity may remember between its calls. */
export class Connections {
  readonly #runtime: Runtime;
  readonly #identities = new Map<string, Identity>();
  #jira: Promise<typeof import("../jira/client.ts")> | undefined;
  #confluence: Promise<typeof import("../confluence/client.ts")> | undefined;
  readonly #sites = new ConnectionCache(Number.POSITIVE_INFINITY);

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /** A client whose requests act as the connection's identity and end when `signal` is aborted. */
  async open(connection: Connection, options: OpenOptions): Promise<JiraClient | ConfluenceClient> {
    const settled = await this.#settle(connection);
    const { cache, apis } = this.#identityOf(settled.fingerprint);
    const kind = options.readOnly ? "readOnly" : "full";
    apis[kind] ??= this.#runtime.api(settled, { readOnly: options.readOnly });
    const api = bindSignal(await apis[kind], options.signal);
    const { product, deployment, browseBase } = settled;
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

  async #settle(connection: Connection): Promise<SettledConnection> {
    const { deployment } = connection;
    return settleConnection(
      connection,
      deployment === "unsure" ? await this.#probe(connection) : deployment,
    );
  }

  #probe(connection: Connection): Promise<Deployment> {
    const { product, browseBase, apiBase } = connection;
    return this.#sites.remember(`${product} ${browseBase}`, async () => {
      // Nobody's credentials go to a site before it is known what it is.
      const nobody = { ...connection, credentials: anonymous, fingerprint: "anonymous" };
      const [base, origin] = await Promise.all([
        this.#runtime.api(nobody, { readOnly: true }),
        this.#runtime.api({ ...nobody, apiBase: new URL(apiBase.origin) }, { readOnly: true }),
      ]);
      return probeDeployment(product, base, origin);
    });
  }

  #identityOf(fingerprint: string): Identity {
    const identity = this.#identities.get(fingerprint) ?? {
      cache: new ConnectionCache(),
      apis: {},
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
}

function bindSignal(api: ApiClient, signal: AbortSignal): ApiClient {
  return { json: (request) => api.json({ ...request, signal: request.signal ?? signal }) };
}

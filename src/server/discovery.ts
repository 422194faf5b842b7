import { ConnectionCache } from "../atlassian/cache.ts";
import { type Deployment, probeDeployment } from "../atlassian/site.ts";
import type { Connection } from "../auth/connection.ts";
import { anonymous } from "../auth/credentials.ts";
import { isCloudId } from "../auth/oauth/cloud-id.ts";
import { managedCredentials } from "../auth/oauth/managed-credentials.ts";
import type { AccessibleSite, Grant, OAuthApp } from "../auth/oauth/types.ts";
import type { Discovery } from "../auth/settle.ts";
import { apiPath } from "../http/path.ts";
import type { ApiClient, Credentials } from "../http/types.ts";
import type { Runtime } from "./runtime.ts";

const fiveMinutesMs = 300_000;

/** Asks sites and the gateway what settings and headers leave open, and remembers what they say. */
export class SiteDiscovery implements Discovery {
  readonly apiUrl: URL;
  readonly #runtime: Runtime;
  /** What a site is does not change while a process lives. */
  readonly #sites = new ConnectionCache(Number.POSITIVE_INFINITY);
  /** What a token reaches may: its owner can grant or take away sites. */
  readonly #tokens = new ConnectionCache(fiveMinutesMs);
  readonly #credentials = new Map<string, Promise<Credentials>>();

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
    this.apiUrl = runtime.apiUrl;
  }

  deploymentOf(connection: Connection): Promise<Deployment> {
    const { product } = connection;
    return this.#sites.remember(`deployment ${keyOf(connection)}`, async () => {
      // Nobody's credentials go to a site before it is known what it is.
      const [base, origin] = await Promise.all([
        this.#asNobody(connection, (url) => url),
        this.#asNobody(connection, ({ origin }) => new URL(origin)),
      ]);
      return probeDeployment(product, base, origin);
    });
  }

  cloudIdOf(connection: Connection): Promise<string | undefined> {
    if (connection.url === undefined) return Promise.resolve(undefined);
    return this.#sites
      .remember(`cloud id ${keyOf(connection)}`, async () => {
        const api = await this.#asNobody(connection, ({ origin }) => new URL(origin));
        const tenant = await api.json({ path: apiPath`/_edge/tenant_info` });
        const id = (tenant as { cloudId?: unknown } | null | undefined)?.cloudId;
        if (typeof id !== "string" || !isCloudId(id)) throw new Error("no cloud id");
        return id.toLowerCase();
      })
      .catch(() => undefined);
  }

  async sitesOf(token: string): Promise<readonly AccessibleSite[]> {
    const { sitesOf } = await this.#runtime.oauth();
    const { createHash } = await import("node:crypto");
    const key = createHash("sha256").update(token).digest("base64url");
    return this.#tokens.remember(key, () => sitesOf(token));
  }

  async grantOf(app: OAuthApp): Promise<Grant | undefined> {
    const { managerOf } = await this.#runtime.oauth();
    return managerOf(app, "grant").grant();
  }

  credentialsFor(app: OAuthApp, kind: "grant" | "client"): Promise<Credentials> {
    const key = JSON.stringify([kind, app.clientId, app.issuer]);
    const known = this.#credentials.get(key);
    if (known !== undefined) return known;
    const made = this.#runtime
      .oauth()
      .then(({ managerOf }) => managedCredentials(managerOf(app, kind)));
    this.#credentials.set(key, made);
    made.catch(() => this.#credentials.delete(key));
    return made;
  }

  #asNobody(
    { product, url, isGuarded }: Connection,
    baseOf: (url: URL) => URL,
  ): Promise<ApiClient> {
    const apiBase = baseOf(url ?? this.apiUrl);
    const target = {
      product,
      apiBase,
      credentials: anonymous,
      source: "nobody",
      isGuarded,
    } as const;
    return this.#runtime.api(target, { readOnly: true });
  }
}

function keyOf({ product, url, isGuarded }: Connection): string {
  return `${product} ${isGuarded} ${url?.href}`;
}

import { ConnectionCache } from "../atlassian/cache.ts";
import { type Deployment, probeDeployment } from "../atlassian/site.ts";
import type { Connection, KeptCredential } from "../auth/connection.ts";
import { anonymous } from "../auth/credentials.ts";
import { isCloudId } from "../auth/oauth/cloud-id.ts";
import { managedCredentials } from "../auth/oauth/managed-credentials.ts";
import type { AccessibleSite, Grant, TokenManager } from "../auth/oauth/types.ts";
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
  readonly #credentials = new WeakMap<TokenManager, Credentials>();

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
    this.apiUrl = runtime.apiUrl;
  }

  async deploymentOf(connection: Connection): Promise<Deployment> {
    const { product } = connection;
    try {
      return await this.#sites.remember(`deployment ${keyOf(connection)}`, async () => {
        // Nobody's credentials go to a site before it is known what it is.
        const [base, origin] = await Promise.all([
          this.#asNobody(connection, (url) => url),
          this.#asNobody(connection, ({ origin }) => new URL(origin)),
        ]);
        const { deployment, isCertain } = await probeDeployment(product, base, origin);
        if (!isCertain) throw new Guess(deployment);
        return deployment;
      });
    } catch (error) {
      if (error instanceof Guess) return error.deployment;
      throw error;
    }
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

  async grantOf(credential: KeptCredential): Promise<Grant | undefined> {
    if (credential.kind === "client") return undefined;
    return (await this.#managerOf(credential)).grant();
  }

  async credentialsFor(credential: KeptCredential): Promise<Credentials> {
    const manager = await this.#managerOf(credential);
    const known = this.#credentials.get(manager);
    if (known !== undefined) return known;
    const made = managedCredentials(manager);
    this.#credentials.set(manager, made);
    return made;
  }

  async #managerOf(credential: KeptCredential): Promise<TokenManager> {
    if (credential.kind === "user") return this.#runtime.managerOfUser(credential.grantId);
    const { managerOf } = await this.#runtime.oauth();
    return managerOf(credential.app, credential.kind);
  }

  #asNobody(
    { product, url, isGuarded, source }: Connection,
    baseOf: (url: URL) => URL,
  ): Promise<ApiClient> {
    const apiBase = baseOf(url ?? this.apiUrl);
    // Some sites end the connection of whoever shows no certificate; the operator's is for this very address.
    const asWhom = source === "operator" ? source : "nobody";
    const target = { product, apiBase, credentials: anonymous, source: asWhom, isGuarded } as const;
    return this.#runtime.api(target, { readOnly: true });
  }
}

/** Thrown, because what is thrown is not remembered. */
class Guess extends Error {
  readonly deployment: Deployment;

  constructor(deployment: Deployment) {
    super("the site did not say what it is");
    this.deployment = deployment;
  }
}

function keyOf({ product, url, isGuarded }: Connection): string {
  return `${product} ${isGuarded} ${url?.href}`;
}

import { isIdentifying } from "../auth/caller.ts";
import { cloudIssuer } from "../auth/oauth/issuer.ts";
import type { TokenManager } from "../auth/oauth/types.ts";
import type { ProxySettings, Settings } from "../config/product.ts";
import { secretsOf } from "../config/secrets.ts";
import type { Probe } from "../http/probe.ts";
import type { ApiClient } from "../http/types.ts";
import type { Logger } from "../log.ts";
import { userAgent } from "./identity.ts";
import { meterRefreshes, meterRetries, meterStore, observePool } from "./operations/metered.ts";
import type { Metrics } from "./operations/metrics.ts";
import type { Operations } from "./operations/operations.ts";
import type { ReadinessCheck } from "./operations/readiness.ts";
import { storeCheck } from "./operations/store-check.ts";
import type { ApiTarget, OAuthRuntime } from "./runtime.ts";

/** Everything that leaves the machine goes through here: requests of tools, and those for tokens. */
export interface Outbound {
  api(target: ApiTarget, options: { readonly readOnly: boolean }): Promise<ApiClient>;
  /** One bare GET at an address, with the settings that hold there, for diagnosis. */
  probe(target: ApiTarget, path: string, limits: ProbeLimits): Promise<Probe>;
  oauth(): Promise<OAuthRuntime>;
  readonly checks: readonly ReadinessCheck[];
  close(): Promise<void>;
}

export interface ProbeLimits {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Loads the HTTP library at the first request, and what OAuth needs where a connection needs it. */
export function openOutbound(settings: Settings, log: Logger, operations: Operations): Outbound {
  let loading: Promise<HttpParts> | undefined;
  let oauth: Promise<LoadedOAuth> | undefined;
  const parts = () => {
    loading ??= loadHttp(settings);
    return loading;
  };
  const openOAuth = () => {
    oauth ??= parts().then((http) =>
      loadOAuth(settings, http, { log, metrics: operations.metrics }),
    );
    return oauth;
  };
  return {
    async api(target, { readOnly }) {
      const { createApiClient, pool: shared, guardFor } = await parts();
      const { product, apiBase, method, source } = target;
      const pool = observePool(shared, { ...operations, product, source });
      return createApiClient({
        ...wayOf(target, settings),
        pool,
        method,
        source: source === "caller" ? "caller" : "operator",
        gatewayHost: settings.apiUrl.hostname,
        secrets: secretsOf(settings),
        guard: target.isGuarded ? guardFor(apiBase) : undefined,
        timeoutMs: settings.products[product]?.timeoutMs ?? 75_000,
        retry: retryOf(settings),
        log: meterRetries(log, operations.metrics),
        readOnly,
      });
    },
    async probe(target, path, { timeoutMs, signal }) {
      const [{ pool, guardFor }, { probe }] = await Promise.all([
        parts(),
        import("../http/probe.ts"),
      ]);
      const guard = target.isGuarded ? guardFor(target.apiBase) : undefined;
      return probe({ ...wayOf(target, settings), pool, guard, timeoutMs, signal }, path);
    },
    oauth: openOAuth,
    checks: needsStore(settings) ? [storeCheck(async () => (await openOAuth()).store)] : [],
    async close() {
      await (await oauth)?.close();
      await (await loading)?.pool.close({ force: true });
    },
  };
}

/** How requests to an address are made, and with what. */
function wayOf(target: ApiTarget, settings: Settings) {
  const { product, apiBase, credentials } = target;
  const proxies = settings.products[product]?.proxies ?? settings.sharedProxies;
  return {
    product,
    apiBase,
    credentials,
    headers: headersFor(target, settings),
    tls: tlsFor(target, settings),
    proxy: proxyOf(proxies),
    userAgent,
  };
}

/** What a person runs to sign in. */
export const loginCommand = "mcp-atlassian auth login";

interface HttpParts {
  readonly createApiClient: typeof import("../http/client.ts").createApiClient;
  readonly createFetch: typeof import("../http/fetch.ts").createFetch;
  readonly pool: import("../http/pool.ts").HttpPool;
  /** Public addresses. */
  readonly strangers: import("../http/allowed-hosts.ts").AddressRules;
  guardFor(url: URL): import("../http/allowed-hosts.ts").AddressRules | undefined;
}

async function loadHttp({ outbound, callers }: Settings): Promise<HttpParts> {
  const [{ createApiClient }, { createHttpPool }, { createFetch }] = await Promise.all([
    import("../http/client.ts"),
    import("../http/pool.ts"),
    import("../http/fetch.ts"),
  ]);
  const { addressRulesFor } = await import("../http/caller-url.ts");
  const { parseAllowedHosts } = await import("../http/allowed-hosts.ts");
  const { allowedDomains } = callers;
  const allowed = allowedDomains && parseAllowedHosts(allowedDomains);
  const pool = createHttpPool({
    ...(outbound.maxConcurrent > 0 && { concurrency: outbound.maxConcurrent }),
    requestsPerSecond: outbound.requestsPerSecond,
    breaker: outbound.breaker,
  });
  return {
    createApiClient,
    createFetch,
    pool,
    // The operator's list is for callers with credentials of their own; these have none.
    strangers: parseAllowedHosts(["*"]).addresses,
    // What resolution marked as the caller's choice is guarded whatever its origin.
    guardFor: (url) => addressRulesFor(url, { allowed, trustedOrigins: [] }),
  };
}

/** Where the operator chose a store and signs in with what is kept there. */
function needsStore({ store, products, oauthServer }: Settings): boolean {
  const hasGrants = Object.values(products).some((product) => product?.oauth !== undefined);
  return oauthServer !== undefined || (store.url !== undefined && hasGrants);
}

/** Who hears of what happens to tokens. */
interface Told {
  readonly log: Logger;
  readonly metrics: Metrics;
}

type LoadedOAuth = Awaited<ReturnType<typeof loadOAuth>>;

async function loadOAuth(
  settings: Settings,
  { createFetch, pool, strangers }: HttpParts,
  told: Told,
) {
  const [
    { openTokenStore },
    { createTokenManager },
    service,
    { accessibleResources },
    folders,
    { createOAuthFetch },
  ] = await Promise.all([
    import("./token-store.ts"),
    import("../auth/oauth/token-manager.ts"),
    import("../auth/oauth/client-credentials.ts"),
    import("../auth/oauth/sites.ts"),
    import("../store/folders.ts"),
    import("./oauth-fetch.ts"),
  ]);
  const legacyFolder = folders.legacyFolder(settings.machine);
  const store = meterStore(openTokenStore(settings), told.metrics);
  const { authUrl, apiUrl } = settings;
  const fetchFor = createOAuthFetch(settings, createFetch, pool);
  const cloudFetch = fetchFor({ issuer: cloudIssuer(authUrl, apiUrl) });
  const known = new Map<string, TokenManager>();
  return {
    managerOf(app, kind) {
      const key = JSON.stringify([kind, app.clientId, app.issuer]);
      const manager = known.get(key);
      if (manager !== undefined) return manager;
      const fetch = fetchFor(app);
      const log = meterRefreshes(told.log, told.metrics, app.issuer.kind);
      const made =
        kind === "grant"
          ? createTokenManager({
              app,
              store,
              fetch,
              log,
              command: loginCommand,
              legacyFolder,
            })
          : service.createClientCredentialsManager({ app, fetch, log });
      known.set(key, made);
      return made;
    },
    sitesOf: (token) => accessibleResources(cloudFetch, apiUrl, token),
    store,
    fetchFor,
    documentFetch: createFetch({
      pool,
      address: "client_id",
      tls: tlsOf("ATLASSIAN", settings),
      guard: strangers,
      timeoutMs: 5000,
      retries: 0,
      userAgent,
    }),
    close: () => store.close(),
  } satisfies OAuthRuntime & { close(): Promise<void> };
}

/**
 * The operator's own headers, for the operator's own site alone. With a caller's credentials go only those that cannot
 * make the caller somebody else.
 */
export function headersFor(
  { product, source, isGuarded, apiBase }: ApiTarget,
  { products, apiUrl }: Settings,
): Readonly<Record<string, string>> {
  const own = products[product];
  const isOwn = apiBase.origin === (own?.url?.origin ?? apiUrl.origin);
  if (own === undefined || isGuarded || !isOwn) return {};
  if (source === "operator" || source === "nobody") return own.customHeaders;
  return Object.fromEntries(
    Object.entries(own.customHeaders).filter(([name]) => !isIdentifying(name)),
  );
}

/**
 * Certificates go unchecked, and the operator's own one is shown, at the configured site alone, and the latter only for
 * the operator's own requests.
 */
export function tlsFor(
  { product, apiBase, source }: Pick<ApiTarget, "product" | "apiBase" | "source">,
  settings: Settings,
) {
  const own = settings.products[product];
  const isAtSite = own?.url !== undefined && apiBase.origin === own.url.origin;
  const shared = tlsOf(product.toUpperCase(), settings);
  if (!isAtSite) return shared;
  return { ...shared, verify: own.sslVerify, ...(source === "operator" && own.certificate) };
}

export function tlsOf(prefix: string, { outbound }: Settings) {
  const { files, useSystem } = outbound.trust;
  return { prefix, verify: true, caFiles: files, useSystem };
}

/** The settings in the form of the HTTP layer. */
export function proxyOf({ http, https, socks, no, pac }: ProxySettings) {
  return {
    product: {
      http: http?.href,
      https: https?.href,
      socks: socks?.href,
      noProxy: no.join(","),
    },
    environment: {},
    pac: pac && { url: pac.url.href, setting: pac.setting },
  };
}

function retryOf({ outbound: { retry } }: Settings) {
  const { total, backoffMs, includeWrites, ignoreRetryAfter } = retry;
  return { retries: total, backoffMs, includeWrites, ignoreRetryAfter };
}

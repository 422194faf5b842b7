import type { Product } from "../atlassian/site.ts";
import type { Connection, ProductAccess } from "../auth/resolve.ts";
import type { ProductSettings, Settings } from "../config/product.ts";
import { secretsOf } from "../config/secrets.ts";
import { deploymentOfHost } from "../config/site-url.ts";
import { AtlassianMcpError } from "../errors.ts";
import type { ApiClient } from "../http/types.ts";
import type { Logger } from "../log.ts";
import { closest } from "../spelling.ts";
import { catalogue, findEntry } from "../tools/catalogue.ts";
import { expandToolsets } from "../tools/select.ts";
import { toolsets } from "../tools/toolsets.ts";
import { userAgent } from "./identity.ts";
import type { Runtime, ToolPolicy } from "./runtime.ts";

/** A runtime and the way to let go of its sockets. */
export interface Composition {
  readonly runtime: Runtime;
  /** What the operator should know although the server starts. */
  readonly notices: readonly string[];
  close(): Promise<void>;
}

/** Settings → everything that lives as long as the process. Opens no connection. */
export function compose(settings: Settings, log: Logger): Composition {
  const { products, callers, jira, maxPageSize } = settings;
  const limit = maxPageSize === 0 ? undefined : maxPageSize;
  const http = lazyHttp(settings, log);
  // Over HTTP the working directory is the server's, and its files are not the caller's.
  const filesRoot = settings.http.transport === "stdio" ? process.cwd() : undefined;
  const runtime: Runtime = {
    access: { ...accessOf(products.jira), ...accessOf(products.confluence) },
    callerRules: { fallback: callers.fallback, ignoreHeaders: callers.ignoreHeaderAuth },
    policy: policyOf(settings),
    jira: {
      projects: nonEmpty(products.jira?.filter),
      issueKeyPattern: jira.issueKeyPattern,
      internalOnlyProjects: jira.internalOnlyProjects,
      rawText: !jira.translateMarkup,
      maxResults: limit,
      filesRoot,
    },
    confluence: {
      spaces: nonEmpty(products.confluence?.filter),
      maxResults: limit,
      filesRoot,
    },
    api: http.api,
    log,
  };
  return { runtime, notices: policyNotices(runtime.policy), close: http.close };
}

function accessOf(
  product: ProductSettings | undefined,
): Readonly<Partial<Record<Product, ProductAccess>>> {
  if (product?.url === undefined) return {};
  const deployment = product.deployment ?? deploymentOfHost(product.url.hostname);
  return { [product.product]: { ...product, url: product.url, deployment } };
}

function policyOf({ policy }: Settings): ToolPolicy {
  const { readOnly, enabledTools, toolsets } = policy;
  return {
    readOnly,
    names: enabledTools && new Set(enabledTools),
    toolsets: toolsets && knownToolsets(toolsets),
    surface: toolsets === undefined && enabledTools === undefined ? "core" : "flat",
  };
}

function policyNotices({ names, toolsets: sets }: ToolPolicy): string[] {
  const unknown = [...(names ?? [])].filter((name) => findEntry(name) === undefined);
  const left = catalogue.filter(
    (tool) => (names?.has(tool.name) ?? true) && (sets?.has(tool.toolset) ?? true),
  );
  return [
    ...(unknown.length > 0
      ? [`ENABLED_TOOLS names tools that this version does not have: ${unknown.join(", ")}.`]
      : []),
    ...(left.length === 0 ? ["TOOLSETS and ENABLED_TOOLS leave no tool to offer."] : []),
  ];
}

function knownToolsets(words: readonly string[]): ReadonlySet<string> {
  const { names, unknown } = expandToolsets(words);
  if (unknown.length === 0) return names;
  const known = ["all", "default", ...toolsets.map((set) => set.name)];
  const hints = unknown.map((word) => {
    const meant = closest(word, known);
    return meant === undefined ? word : `${word} (did you mean ${meant}?)`;
  });
  throw new AtlassianMcpError("config", `Unknown toolset: ${hints.join(", ")}`, {
    setting: "TOOLSETS",
    next: `Use ${known.join(", ")}.`,
  });
}

function lazyHttp(settings: Settings, log: Logger) {
  let loading: Promise<HttpParts> | undefined;
  const parts = () => {
    loading ??= loadHttp(settings);
    return loading;
  };
  return {
    api: async (
      connection: Connection,
      { readOnly }: { readonly readOnly: boolean },
    ): Promise<ApiClient> => {
      const { createApiClient, pool } = await parts();
      const product = settings.products[connection.product];
      return createApiClient({
        product: connection.product,
        apiBase: connection.apiBase,
        credentials: connection.credentials,
        pool,
        headers: headersFor(connection, product?.customHeaders ?? {}),
        secrets: secretsOf(settings),
        tls: tlsOf(connection.product, settings),
        proxy: proxyOf(product),
        timeoutMs: product?.timeoutMs ?? 75_000,
        retry: retryOf(settings),
        userAgent,
        log,
        readOnly,
      });
    },
    close: async () => (await loading)?.pool.close({ force: true }),
  };
}

interface HttpParts {
  readonly createApiClient: typeof import("../http/client.ts").createApiClient;
  readonly pool: import("../http/pool.ts").HttpPool;
}

async function loadHttp({ outbound }: Settings): Promise<HttpParts> {
  const [{ createApiClient }, { createHttpPool }] = await Promise.all([
    import("../http/client.ts"),
    import("../http/pool.ts"),
  ]);
  const pool = createHttpPool({
    ...(outbound.maxConcurrent > 0 && { concurrency: outbound.maxConcurrent }),
    requestsPerSecond: outbound.requestsPerSecond,
    breaker: outbound.breaker,
  });
  return { createApiClient, pool };
}

/** Names of headers that say who somebody is. */
const identifying = /cookie|auth|token|session|user|identity|assertion|jwt|api-?key/i;

/**
 * The operator's own headers. With a caller's credentials go only those that cannot make the caller somebody else.
 */
function headersFor(
  { source }: Connection,
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  if (source === "operator") return headers;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !identifying.test(name)));
}

function tlsOf(product: Product, { products, outbound }: Settings) {
  return {
    prefix: product === "jira" ? "JIRA" : "CONFLUENCE",
    verify: products[product]?.sslVerify ?? true,
    caFiles: outbound.trust.files,
    useSystem: outbound.trust.useSystem,
  };
}

function proxyOf(product: ProductSettings | undefined) {
  const { http, https, socks, no = [], pac } = product?.proxies ?? {};
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

function nonEmpty(list: readonly string[] | undefined): readonly string[] | undefined {
  return list && list.length > 0 ? list : undefined;
}

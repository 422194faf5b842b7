import type { LogLevel } from "../log.ts";
import { buildOAuthServer } from "./oauth-server.ts";
import {
  authMethods,
  type ClientCertificateSettings,
  type HttpSettings,
  type OAuthClientParts,
  type OAuthClientSettings,
  type OperationsSettings,
  type OutboundSettings,
  type ProductSettings,
  type ProxySettings,
  type Settings,
} from "./product.ts";
import { type ProductWords, productWords } from "./setting.ts";
import { type Deployment, deploymentOfHost, siteBase } from "./site-url.ts";
import type { Values } from "./values.ts";

/** The settings of checked values. With a sandbox both products exist, without their addresses. */
export function buildSettings(
  values: Values,
  sandbox: Deployment | undefined,
): Omit<Settings, "machine"> {
  const { jira, confluence } = productWords;
  return {
    products: {
      jira: buildProduct(values, jira, sandbox),
      confluence: buildProduct(values, confluence, sandbox),
    },
    oauthParts: {
      jira: buildOAuthParts(values, jira.env),
      confluence: buildOAuthParts(values, confluence.env),
    },
    http: buildHttp(values),
    operations: buildOperations(values),
    policy: {
      readOnly: values.isOn("READ_ONLY_MODE"),
      enabledTools: values.list("ENABLED_TOOLS"),
      toolsets: values.list("TOOLSETS")?.map((name) => name.toLowerCase()),
      shortNames: values.word("TOOL_NAMES") === "short",
    },
    outbound: buildOutbound(values),
    callers: {
      fallback: values.isOn("ALLOW_GLOBAL_CRED_FALLBACK"),
      ignoreHeaderAuth: values.isOn("IGNORE_HEADER_AUTH"),
      external: values.isOn("ATLASSIAN_EXTERNAL_AUTH_ENABLE"),
      oauth: values.isOn("ATLASSIAN_OAUTH_ENABLE"),
      passthrough: {
        jira: lowerCase(values.list("JIRA_PASSTHROUGH_HEADERS")),
        confluence: lowerCase(values.list("CONFLUENCE_PASSTHROUGH_HEADERS")),
      },
      allowedDomains: values.list("MCP_ALLOWED_URL_DOMAINS"),
      validation: {
        ttlMs: values.number("MCP_ATLASSIAN_VALIDATION_CACHE_TTL") * 1000,
        maxEntries: values.number("MCP_ATLASSIAN_VALIDATION_CACHE_MAXSIZE"),
      },
    },
    jira: {
      issueKeyPattern: values.regex("JIRA_ISSUE_KEY_PATTERN"),
      projectKeyPattern: values.regex("JIRA_PROJECT_KEY_PATTERN"),
      internalOnlyProjects: upperCase(values.list("JIRA_INTERNAL_ONLY_PROJECTS")),
      translateMarkup: !values.isOn("DISABLE_JIRA_MARKUP_TRANSLATION"),
    },
    maxPageSize: values.number("ATLASSIAN_MAX_PAGINATION_LIMIT"),
    apiUrl: values.address("ATLASSIAN_API_URL"),
    authUrl: values.address("ATLASSIAN_AUTH_URL"),
    cloudId: values.text("ATLASSIAN_OAUTH_CLOUD_ID"),
    store: {
      url: values.url("ATLASSIAN_STORE_URL"),
      keys: (values.text("ATLASSIAN_STORE_KEY") ?? "")
        .split(",")
        .flatMap((key) => key.trim() || []),
    },
    oauthServer: buildOAuthServer(values),
    sharedProxies: buildProxies(values, undefined),
    logLevel: logLevel(values),
    sandbox: sandbox === undefined ? undefined : { deployment: sandbox },
  };
}

/** The level the verbosity settings ask for. */
export function logLevel(values: Values): LogLevel {
  if (values.isOn("MCP_VERY_VERBOSE")) return "debug";
  return values.isOn("MCP_VERBOSE") ? "info" : "warn";
}

/** The deployment the operator named, else what the host name tells. */
export function deploymentOf(values: Values, env: string, url: URL): Deployment | "unsure" {
  return namedDeployment(values, env) ?? deploymentOfHost(url.hostname);
}

function namedDeployment(values: Values, env: string): Deployment | undefined {
  const word = values.text(`${env}_DEPLOYMENT`);
  return word === "cloud" || word === "datacenter" ? word : undefined;
}

/** Where the transports are served: one leading slash, none at the end. A written path is that of `TRANSPORT`. */
export function endpointPaths(values: Values): { path: string; ssePath?: string | undefined } {
  const written = values.text("STREAMABLE_HTTP_PATH");
  const path = written === undefined ? undefined : `/${written.replace(/^\/+|\/+$/g, "")}`;
  if (values.word("TRANSPORT") === "sse") return { path: mcpPath, ssePath: path ?? "/sse" };
  return { path: path ?? mcpPath };
}

const mcpPath = "/mcp";

function buildProduct(
  values: Values,
  { product, env }: ProductWords,
  sandbox: Deployment | undefined,
): ProductSettings | undefined {
  const written = values.url(`${env}_URL`);
  if (written === undefined && sandbox === undefined && !isReachedById(values)) return undefined;
  const auth = values.text(`${env}_AUTH`);
  const filter = product === "jira" ? "JIRA_PROJECTS_FILTER" : "CONFLUENCE_SPACES_FILTER";
  const keys = values.list(filter) ?? [];
  return {
    product,
    url: written && siteBase(written, product, deploymentOf(values, env, written)).url,
    deployment: sandbox ?? (written === undefined ? "cloud" : namedDeployment(values, env)),
    auth: authMethods.find((method) => method === auth),
    username: values.text(`${env}_USERNAME`),
    apiToken: values.text(`${env}_API_TOKEN`),
    personalToken: values.text(`${env}_PERSONAL_TOKEN`),
    accessToken: own(values, env, "OAUTH_ACCESS_TOKEN"),
    oauth: buildOAuth(values, env),
    certificate: buildCertificate(values, env),
    sslVerify: values.isOn(`${env}_SSL_VERIFY`),
    timeoutMs: values.number(`${env}_TIMEOUT`) * 1000,
    customHeaders: values.headers(`${env}_CUSTOM_HEADERS`),
    proxies: buildProxies(values, env),
    filter: product === "jira" ? upperCase(keys) : keys,
  };
}

/** True where OAuth alone says which Cloud site is meant, so that no product needs an address. */
export function isReachedById(values: Values): boolean {
  if (values.isGiven("JIRA_URL") || values.isGiven("CONFLUENCE_URL")) return false;
  // Callers with tokens of their own exist over HTTP only.
  const isForCallers = values.word("TRANSPORT") !== "stdio";
  return (
    (isForCallers && values.isOn("ATLASSIAN_OAUTH_ENABLE")) ||
    values.isGiven("ATLASSIAN_OAUTH_ACCESS_TOKEN") ||
    values.isGiven("ATLASSIAN_OAUTH_CLIENT_ID")
  );
}

/** A product's own value, else the one that both share. */
function own(values: Values, env: string, suffix: string): string | undefined {
  return values.text(`${env}_${suffix}`) ?? values.text(`ATLASSIAN_${suffix}`);
}

function buildOAuth(values: Values, env: string): OAuthClientSettings | undefined {
  const { clientId, clientSecret, ...rest } = buildOAuthParts(values, env);
  if (clientId === undefined || clientSecret === undefined) return undefined;
  return { ...rest, clientId, clientSecret };
}

function buildOAuthParts(values: Values, env: string): OAuthClientParts {
  const redirectUri =
    values.url(`${env}_OAUTH_REDIRECT_URI`) ?? values.url("ATLASSIAN_OAUTH_REDIRECT_URI");
  const clientId = own(values, env, "OAUTH_CLIENT_ID");
  const clientSecret = own(values, env, "OAUTH_CLIENT_SECRET");
  return {
    ...(clientId !== undefined && { clientId }),
    ...(clientSecret !== undefined && { clientSecret }),
    redirectUri,
    scopes: values.list(`${env}_OAUTH_SCOPE`) ?? values.list("ATLASSIAN_OAUTH_SCOPE") ?? [],
  };
}

function buildCertificate(values: Values, env: string): ClientCertificateSettings | undefined {
  const certFile = values.text(`${env}_CLIENT_CERT`);
  if (certFile === undefined) return undefined;
  return {
    certFile,
    keyFile: values.text(`${env}_CLIENT_KEY`),
    passphrase: values.text(`${env}_CLIENT_KEY_PASSWORD`),
  };
}

/**
 * A product's own proxy settings come before the shared ones, each by itself, also where they say "none". Without `env`
 * the shared ones alone.
 */
function buildProxies(values: Values, env: string | undefined): ProxySettings {
  const isOwn = (name: string) => env !== undefined && values.isGiven(`${env}_${name}`);
  const nameOf = (name: string) => (isOwn(name) ? `${env}_${name}` : name);
  const pick = (name: string) => values.url(nameOf(name));
  // A product's SOCKS proxy would otherwise never be reached behind a shared HTTP proxy.
  const socksOnly = env !== undefined && values.url(`${env}_SOCKS_PROXY`) !== undefined;
  const shared = (name: string) => {
    if (isOwn(name)) return pick(name);
    if (socksOnly) return undefined;
    return pick(name) ?? values.url("ALL_PROXY");
  };
  return {
    http: shared("HTTP_PROXY"),
    https: shared("HTTPS_PROXY"),
    socks: pick("SOCKS_PROXY"),
    no: values.list(nameOf("NO_PROXY")) ?? [],
    pac: pacOf(values, isOwn("PROXY_WPAD_ENABLE") ? env : "ATLASSIAN", env),
  };
}

function pacOf(
  values: Values,
  switchedBy: string | undefined,
  env: string | undefined,
): ProxySettings["pac"] {
  if (!values.isOn(`${switchedBy}_PROXY_WPAD_ENABLE`)) return undefined;
  const shared = "ATLASSIAN_PROXY_WPAD_URL";
  const own = env === undefined ? shared : `${env}_PROXY_WPAD_URL`;
  const url = values.url(own);
  return url ? { url, setting: own } : { url: values.address(shared), setting: shared };
}

function buildHttp(values: Values): HttpSettings {
  return {
    transport: values.word("TRANSPORT") === "stdio" ? "stdio" : "streamable-http",
    host: values.word("HOST"),
    port: values.number("PORT"),
    ...endpointPaths(values),
    stateless: values.isOn("STATELESS"),
    allowedHosts: values.list("MCP_ALLOWED_HOSTS"),
    allowedOrigins: values.list("MCP_ALLOWED_ORIGINS"),
  };
}

function buildOperations(values: Values): OperationsSettings {
  const hasPort = values.isGiven("MCP_METRICS_PORT");
  const isServed = values.word("TRANSPORT") !== "stdio";
  return {
    metrics: {
      isOn: values.isOn("MCP_METRICS"),
      port: hasPort ? values.number("MCP_METRICS_PORT") : undefined,
      host: values.word("MCP_METRICS_HOST"),
      allowRemote: values.isOn("MCP_METRICS_ALLOW_REMOTE"),
    },
    tracing: values.isOn("MCP_TRACING"),
    audit: {
      isOn: values.isGiven("MCP_AUDIT") ? values.isOn("MCP_AUDIT") : isServed,
      file: values.text("MCP_AUDIT_FILE"),
    },
    drainMs: values.number("MCP_DRAIN_SECONDS") * 1000,
  };
}

function buildOutbound(values: Values): OutboundSettings {
  const names = [
    "ATLASSIAN_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
  ];
  const files = new Map(
    names.flatMap((setting) => {
      const path = values.text(setting);
      return path === undefined ? [] : [[path, { setting, path }] as const];
    }),
  );
  return {
    retry: {
      total: values.number("ATLASSIAN_RETRY_TOTAL"),
      backoffMs: values.number("ATLASSIAN_RETRY_BACKOFF") * 1000,
      includeWrites: values.isOn("ATLASSIAN_RETRY_INCLUDE_WRITES"),
      ignoreRetryAfter: values.isOn("ATLASSIAN_RETRY_IGNORE_RETRY_AFTER"),
    },
    maxConcurrent: values.number("ATLASSIAN_MAX_CONCURRENT_REQUESTS"),
    requestsPerSecond: values.number("ATLASSIAN_REQUESTS_PER_SECOND"),
    breaker: {
      threshold: values.number("ATLASSIAN_CIRCUIT_BREAKER_THRESHOLD"),
      cooldownMs: values.number("ATLASSIAN_CIRCUIT_BREAKER_COOLDOWN") * 1000,
    },
    trust: {
      useSystem: values.isOn("MCP_ATLASSIAN_USE_SYSTEM_TRUSTSTORE"),
      files: [...files.values()],
    },
  };
}

function lowerCase(names: readonly string[] = []): string[] {
  return names.map((name) => name.toLowerCase());
}

function upperCase(keys: readonly string[] = []): string[] {
  return keys.map((key) => key.toUpperCase());
}

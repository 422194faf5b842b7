import type { LogLevel } from "../log.ts";
import type {
  HttpSettings,
  OutboundSettings,
  ProductSettings,
  ProxySettings,
  Settings,
} from "./product.ts";
import { type ProductWords, productWords } from "./setting.ts";
import { type Deployment, deploymentOfHost, siteBase } from "./site-url.ts";
import type { Values } from "./values.ts";

/** The settings of checked values. With a sandbox both products exist, without their addresses. */
export function buildSettings(values: Values, sandbox: Deployment | undefined): Settings {
  const { jira, confluence } = productWords;
  return {
    products: {
      jira: buildProduct(values, jira, sandbox),
      confluence: buildProduct(values, confluence, sandbox),
    },
    http: buildHttp(values),
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
    },
    jira: {
      issueKeyPattern: values.regex("JIRA_ISSUE_KEY_PATTERN"),
      projectKeyPattern: values.regex("JIRA_PROJECT_KEY_PATTERN"),
      internalOnlyProjects: upperCase(values.list("JIRA_INTERNAL_ONLY_PROJECTS")),
      translateMarkup: !values.isOn("DISABLE_JIRA_MARKUP_TRANSLATION"),
    },
    maxPageSize: values.number("ATLASSIAN_MAX_PAGINATION_LIMIT"),
    apiUrl: values.address("ATLASSIAN_API_URL"),
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
  if (written === undefined && sandbox === undefined) return undefined;
  const auth = values.text(`${env}_AUTH`);
  const filter = product === "jira" ? "JIRA_PROJECTS_FILTER" : "CONFLUENCE_SPACES_FILTER";
  const keys = values.list(filter) ?? [];
  return {
    product,
    url: written && siteBase(written, product, deploymentOf(values, env, written)).url,
    deployment: sandbox ?? namedDeployment(values, env),
    auth: auth === "basic" || auth === "pat" ? auth : undefined,
    username: values.text(`${env}_USERNAME`),
    apiToken: values.text(`${env}_API_TOKEN`),
    personalToken: values.text(`${env}_PERSONAL_TOKEN`),
    sslVerify: values.isOn(`${env}_SSL_VERIFY`),
    timeoutMs: values.number(`${env}_TIMEOUT`) * 1000,
    customHeaders: values.headers(`${env}_CUSTOM_HEADERS`),
    proxies: buildProxies(values, env),
    filter: product === "jira" ? upperCase(keys) : keys,
  };
}

/** A product's own proxy settings come before the shared ones, each by itself, also where they say "none". */
function buildProxies(values: Values, env: string): ProxySettings {
  const own = (name: string) => values.isGiven(`${env}_${name}`);
  const pick = (name: string) => values.url(own(name) ? `${env}_${name}` : name);
  // A product's SOCKS proxy would otherwise never be reached behind a shared HTTP proxy.
  const socksOnly = values.url(`${env}_SOCKS_PROXY`) !== undefined;
  const shared = (name: string) => {
    if (own(name)) return pick(name);
    if (socksOnly) return undefined;
    return pick(name) ?? values.url("ALL_PROXY");
  };
  return {
    http: shared("HTTP_PROXY"),
    https: shared("HTTPS_PROXY"),
    socks: pick("SOCKS_PROXY"),
    no: values.list(own("NO_PROXY") ? `${env}_NO_PROXY` : "NO_PROXY") ?? [],
    pac: buildPac(values, env),
  };
}

function buildPac(values: Values, env: string): ProxySettings["pac"] {
  const nameOf = (name: string) =>
    values.isGiven(`${env}_${name}`) ? `${env}_${name}` : `ATLASSIAN_${name}`;
  if (!values.isOn(nameOf("PROXY_WPAD_ENABLE"))) return undefined;
  const setting = nameOf("PROXY_WPAD_URL");
  const url = values.url(setting);
  return url && { url, setting };
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

function buildOutbound(values: Values): OutboundSettings {
  const names = [
    "ATLASSIAN_CA_BUNDLE",
    "SSL_CERT_FILE",
    "NODE_EXTRA_CA_CERTS",
    "REQUESTS_CA_BUNDLE",
  ];
  const named = names.flatMap((setting) => {
    const path = values.text(setting);
    return path === undefined ? [] : [{ setting, path }];
  });
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
      files: named.filter(({ path }, at) => named.findIndex((each) => each.path === path) === at),
    },
  };
}

function upperCase(keys: readonly string[] = []): string[] {
  return keys.map((key) => key.toUpperCase());
}

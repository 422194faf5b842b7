import { AtlassianMcpError } from "../errors.ts";
import { parsedUrl } from "../parsed-url.ts";
import { isExempt } from "./no-proxy.ts";

/** One source of proxy settings; an empty text means "set to none". */
export interface ProxyValues {
  /** For `http:` targets, e.g. `http://user:password@proxy:3128`. */
  readonly http?: string | undefined;
  /** For `https:` targets. */
  readonly https?: string | undefined;
  /** A SOCKS5 proxy for both, where nothing more specific is set. */
  readonly socks?: string | undefined;
  /** For both, where nothing more specific is set. */
  readonly all?: string | undefined;
  /** Hosts that are reached directly. */
  readonly noProxy?: string | undefined;
}

export interface ProxySettings {
  /** `JIRA_HTTPS_PROXY` and its like. What is set here, even to an empty text, hides the environment's. */
  readonly product: ProxyValues;
  /** `HTTPS_PROXY` and its like. */
  readonly environment: ProxyValues;
  /** Asked where neither of the two says anything about a URL. Default: nothing is asked. */
  readonly pac?: PacSettings | undefined;
}

/** Where a script tells the proxy for each origin. */
export interface PacSettings {
  /** Fetched without a proxy. */
  readonly url: string;
  /** The setting that errors name: `ATLASSIAN_PROXY_WPAD_URL` or a product's own. */
  readonly setting: string;
}

/** A proxy to go through. Equal `uri` and `authorization` mean the same proxy. */
export interface ProxyChoice {
  /** Scheme `http:`, `https:` or `socks5:`, without user information or path. */
  readonly uri: string;
  /** `host:port`, for messages. */
  readonly label: string;
  readonly username: string;
  readonly password: string;
}

/**
 * The proxy for a URL, or `undefined` for a direct connection.
 *
 * @throws AtlassianMcpError `config` for a proxy that is not an http, https or socks5 URL.
 */
export function proxyFor(url: URL, settings: ProxySettings): ProxyChoice | undefined {
  const { product, environment } = settings;
  const value = (pick(url, product) ?? pick(url, environment) ?? "").trim();
  if (value === "") return undefined;
  const isDirect = isExempt(url, product.noProxy ?? environment.noProxy ?? "");
  return isDirect ? undefined : parseProxy(value);
}

/** The script to ask for a URL's proxy; `undefined` where a setting decides or exempts the host. */
export function pacFor(url: URL, settings: ProxySettings): PacSettings | undefined {
  const { product, environment, pac } = settings;
  if (pac === undefined || (pick(url, product) ?? pick(url, environment)) !== undefined) return;
  return isExempt(url, product.noProxy ?? environment.noProxy ?? "") ? undefined : pac;
}

function pick(url: URL, values: ProxyValues): string | undefined {
  const own = url.protocol === "https:" ? values.https : values.http;
  return own ?? values.socks ?? values.all;
}

const schemes: Readonly<Record<string, string>> = {
  "http:": "http:",
  "https:": "https:",
  "socks:": "socks5:",
  "socks5:": "socks5:",
  "socks5h:": "socks5:",
};
const defaultPorts: Readonly<Record<string, string>> = { "http:": "80", "https:": "443" };

/** @throws AtlassianMcpError `config` for a proxy that is not an http, https or socks5 URL. */
export function parseProxy(value: string): ProxyChoice {
  const text = value.includes("://") ? value : `http://${value}`;
  const parsed = parsedUrl(text);
  const scheme = schemes[parsed?.protocol ?? ""];
  if (parsed === undefined || scheme === undefined || parsed.hostname === "") {
    throw new AtlassianMcpError("config", "A proxy setting is not an http, https or socks5 URL", {
      setting: "HTTPS_PROXY",
      next: "Write it as http://host:port or socks5://host:port; SOCKS4 and other schemes are not supported.",
    });
  }
  const port = parsed.port || (defaultPorts[scheme] ?? "1080");
  const label = `${parsed.hostname}:${port}`;
  return {
    uri: `${scheme}//${label}`,
    label,
    username: decode(parsed.username),
    password: decode(parsed.password),
  };
}

/** A literal `%` that encodes nothing is kept: people paste passwords as they are. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A request that failed on a way that a script had named. */
export class RouteFailure extends Error {
  override readonly name = "RouteFailure";
  /** `host:port` of the proxy; `undefined` for the straight way. */
  readonly label: string | undefined;

  constructor(label: string | undefined, cause: unknown) {
    super("The request failed on its way", { cause });
    this.label = label;
  }
}

/** The proxy that a failed request went through, where only the failure knows it. */
export function proxyOfFailure(cause: unknown): string | undefined {
  return cause instanceof RouteFailure ? cause.label : undefined;
}

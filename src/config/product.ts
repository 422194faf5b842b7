import type { LogLevel } from "../log.ts";
import type { Product } from "./setting.ts";
import type { Deployment } from "./site-url.ts";

/** Proxies of one product. URLs may hold credentials: never print them. */
export interface ProxySettings {
  readonly http?: URL | undefined;
  readonly https?: URL | undefined;
  /** For requests for which neither of the others is set. */
  readonly socks?: URL | undefined;
  /** Hosts, suffixes, addresses, CIDR ranges or `*`, as in `NO_PROXY`. */
  readonly no: readonly string[];
  /** A script to ask where no proxy is set. */
  readonly pac?: { readonly url: URL; readonly setting: string } | undefined;
}

/** How one product is reached and as whom; the same for Jira and Confluence. */
export interface ProductSettings {
  readonly product: Product;
  /** Base of the site, see `siteBase`; absent only with the sandbox, whose address is known once it runs. */
  readonly url?: URL | undefined;
  /** Set by the operator; otherwise `deploymentOfHost` or the site itself tells. */
  readonly deployment?: Deployment | undefined;
  /** Set by the operator; otherwise a personal token comes before a user name. */
  readonly auth?: "basic" | "pat" | undefined;
  readonly username?: string | undefined;
  readonly apiToken?: string | undefined;
  readonly personalToken?: string | undefined;
  readonly sslVerify: boolean;
  readonly timeoutMs: number;
  readonly customHeaders: Readonly<Record<string, string>>;
  readonly proxies: ProxySettings;
  /** Keys of the only projects or spaces that may be touched; empty: all. Project keys are upper case. */
  readonly filter: readonly string[];
}

export interface HttpSettings {
  readonly transport: "stdio" | "streamable-http";
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Of Streamable HTTP. Starts with `/` and does not end with one. */
  readonly path: string;
  /** Where clients of the SSE transport connect; present only with `TRANSPORT=sse`, which serves both. */
  readonly ssePath?: string | undefined;
  readonly stateless: boolean;
  /** Lower-case `host` or `host:port`, `*.` for subdomains; absent: not set. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Lower-case `scheme://host[:port]`; absent: not set. */
  readonly allowedOrigins?: readonly string[] | undefined;
}

export interface PolicySettings {
  readonly readOnly: boolean;
  /** Full tool names as written; absent: all. */
  readonly enabledTools?: readonly string[] | undefined;
  /** Toolset names, `default` or `all`, lower case and unchecked; absent: the default surface. */
  readonly toolsets?: readonly string[] | undefined;
  readonly shortNames: boolean;
}

export interface OutboundSettings {
  readonly retry: {
    /** Repetitions after the first try. */
    readonly total: number;
    readonly backoffMs: number;
    readonly includeWrites: boolean;
    readonly ignoreRetryAfter: boolean;
  };
  /** Per site; 0: not set. */
  readonly maxConcurrent: number;
  /** Per site; 0: no limit. */
  readonly requestsPerSecond: number;
  readonly breaker: {
    /** Failures in a row; 0: off. */
    readonly threshold: number;
    readonly cooldownMs: number;
  };
  readonly trust: {
    readonly useSystem: boolean;
    /** Absolute paths of PEM files to trust in addition, each with the setting that named it. */
    readonly files: readonly { readonly setting: string; readonly path: string }[];
  };
}

export interface CallerSettings {
  /** HTTP requests without credentials act as the operator. */
  readonly fallback: boolean;
  readonly ignoreHeaderAuth: boolean;
}

export interface JiraSettings {
  readonly issueKeyPattern: RegExp;
  readonly projectKeyPattern: RegExp;
  /** Upper-case keys of projects in which comments for customers are refused. */
  readonly internalOnlyProjects: readonly string[];
  /** `false`: text passes through unconverted. */
  readonly translateMarkup: boolean;
}

/** Everything the operator decided, checked and in its own types. */
export interface Settings {
  readonly products: {
    readonly jira?: ProductSettings | undefined;
    readonly confluence?: ProductSettings | undefined;
  };
  readonly http: HttpSettings;
  readonly policy: PolicySettings;
  readonly outbound: OutboundSettings;
  readonly callers: CallerSettings;
  readonly jira: JiraSettings;
  /** Upper bound for `limit` arguments; 0: none. */
  readonly maxPageSize: number;
  /** Atlassian's API gateway. */
  readonly apiUrl: URL;
  readonly logLevel: LogLevel;
  /** Present with `--sandbox`: the products' `url` and credentials are to be filled in from the running sandbox. */
  readonly sandbox?: { readonly deployment: Deployment } | undefined;
}

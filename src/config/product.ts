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
  /** Proxy auto-configuration file, for requests for which no other proxy is set. */
  readonly pac?: { readonly url: URL; readonly setting: string } | undefined;
}

/** Ways of signing in, the preferred ones first; the words of `JIRA_AUTH` and `CONFLUENCE_AUTH`. */
export const authMethods = [
  "token",
  "oauth",
  "pat",
  "basic",
  "certificate",
  "service-account",
  "external",
] as const;
export type AuthMethod = (typeof authMethods)[number];

/** An OAuth app as far as settings name it. */
export interface OAuthClientSettings {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri?: URL | undefined;
  /** Empty: proposed from the tools in use. */
  readonly scopes: readonly string[];
}

/** As much of an OAuth app as settings name, complete or not. */
export type OAuthClientParts = Partial<Omit<OAuthClientSettings, "scopes">> &
  Pick<OAuthClientSettings, "scopes">;

export interface ClientCertificateSettings {
  /** PEM, or PKCS#12 by its ending. Absolute. */
  readonly certFile: string;
  readonly keyFile?: string | undefined;
  readonly passphrase?: string | undefined;
}

/** How one product is reached and as whom; the same for Jira and Confluence. */
export interface ProductSettings {
  readonly product: Product;
  /**
   * Base of the site, see `siteBase`. Absent with the sandbox, whose address is known once it runs, and for Cloud sites
   * that are reached by their id alone.
   */
  readonly url?: URL | undefined;
  /** Set by the operator; otherwise `deploymentOfHost` or the site itself tells. */
  readonly deployment?: Deployment | undefined;
  /** Set by the operator; otherwise the first method of `authMethods` that is complete. */
  readonly auth?: AuthMethod | undefined;
  readonly username?: string | undefined;
  readonly apiToken?: string | undefined;
  readonly personalToken?: string | undefined;
  /** An OAuth access token that somebody else obtained and renews. */
  readonly accessToken?: string | undefined;
  readonly oauth?: OAuthClientSettings | undefined;
  readonly certificate?: ClientCertificateSettings | undefined;
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
    /** PEM files to trust in addition, by absolute path, and the settings that name them. */
    readonly files: readonly { readonly setting: string; readonly path: string }[];
  };
}

export interface CallerSettings {
  /** HTTP requests without credentials act as the operator. */
  readonly fallback: boolean;
  readonly ignoreHeaderAuth: boolean;
  /** `ATLASSIAN_EXTERNAL_AUTH_ENABLE`: a gateway in front has authenticated; passed-through headers say as whom. */
  readonly external: boolean;
  /** `ATLASSIAN_OAUTH_ENABLE`: callers' bearer tokens may be OAuth tokens for Cloud. */
  readonly oauth: boolean;
  /** Names of incoming headers that are copied to a product, lower case; also for products without an address. */
  readonly passthrough: Readonly<Record<Product, readonly string[]>>;
  /** Names (`*.` for subdomains only, `*` for any public one) and networks; absent: no site may be chosen. */
  readonly allowedDomains?: readonly string[] | undefined;
  /** How long and how many checked credentials are remembered; 0 or less: not at all. */
  readonly validation: { readonly ttlMs: number; readonly maxEntries: number };
}

/** What the user's folders and keychain depend on. */
export interface MachineFacts {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  /** The variables that matter here, and no others. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Where state is kept. */
export interface StoreSettings {
  /** `file:` or `memory:`; absent: a folder of the user. May hold a password: never print it. */
  readonly url?: URL | undefined;
  /** The first one encrypts, all of them decrypt; none: one is generated beside the data. */
  readonly keys: readonly string[];
}

export interface JiraSettings {
  readonly issueKeyPattern: RegExp;
  readonly projectKeyPattern: RegExp;
  /** Upper-case keys of projects in which comments for customers are refused. */
  readonly internalOnlyProjects: readonly string[];
  /** `false`: text passes through unconverted. */
  readonly translateMarkup: boolean;
}

/** The authorization server for MCP clients. */
export interface OAuthServerSettings {
  /** Public address with its path prefix, without query and without a trailing slash in a path. */
  readonly issuer: URL;
  /** The app that users sign in through, with an address below `issuer`. */
  readonly app: OAuthClientSettings & { readonly redirectUri: URL };
  /** Where they sign in. */
  readonly signIn:
    | { readonly deployment: "cloud" }
    | { readonly deployment: "datacenter"; readonly product: Product; readonly url: URL };
  /** Patterns; absent: this machine and well-known clients. */
  readonly allowedRedirects?: readonly string[] | undefined;
  readonly grantTypes: readonly ("authorization_code" | "refresh_token")[];
  readonly requireConsent: boolean;
  /** Proxies in front whose `X-Forwarded-For` counts. */
  readonly trustedProxies: number;
}

/** What whoever runs the server sees of it. */
export interface OperationsSettings {
  readonly metrics: {
    readonly isOn: boolean;
    /** Absent: the port that callers use. 0: any free one. */
    readonly port?: number | undefined;
    readonly host: string;
    /** On the port that callers use: for more than this machine. */
    readonly allowRemote: boolean;
  };
  readonly tracing: boolean;
  readonly audit: {
    readonly isOn: boolean;
    /** Absent: stderr. */
    readonly file?: string | undefined;
  };
  /** Between being told to stop and stopping. */
  readonly drainMs: number;
}

/** Everything the operator decided, checked and in its own types. */
export interface Settings {
  readonly products: {
    readonly jira?: ProductSettings | undefined;
    readonly confluence?: ProductSettings | undefined;
  };
  /** What signing in can start from; for `auth` commands, which ask for the rest. */
  readonly oauthParts: Readonly<Record<Product, OAuthClientParts>>;
  readonly http: HttpSettings;
  readonly operations: OperationsSettings;
  readonly policy: PolicySettings;
  readonly outbound: OutboundSettings;
  readonly callers: CallerSettings;
  readonly jira: JiraSettings;
  /** Upper bound for `limit` arguments; 0: none. */
  readonly maxPageSize: number;
  /** Atlassian's API gateway. */
  readonly apiUrl: URL;
  /** Atlassian's login host. */
  readonly authUrl: URL;
  /** `ATLASSIAN_OAUTH_CLOUD_ID`, lower case. */
  readonly cloudId?: string | undefined;
  readonly store: StoreSettings;
  /** Absent: switched off. */
  readonly oauthServer?: OAuthServerSettings | undefined;
  readonly machine: MachineFacts;
  /** For requests that belong to no product, such as those for tokens of Cloud. */
  readonly sharedProxies: ProxySettings;
  readonly logLevel: LogLevel;
  /** Present with `--sandbox`: the products' `url` and credentials are to be filled in from the running sandbox. */
  readonly sandbox?: { readonly deployment: Deployment } | undefined;
}

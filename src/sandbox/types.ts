/** The sites of Data Center, each with its own accounts and tokens. */
export type DataCenterSite = "jira-data-center" | "confluence-data-center";
/**
 * The pretend sites. `cloud` and `cloud-labs` carry Jira at `/` and Confluence at `/wiki`, as real Cloud sites do;
 * `login` is where apps get their tokens for the `gateway`.
 */
export type SiteName = "cloud" | "cloud-labs" | DataCenterSite | "gateway" | "login";
export type SandboxProduct = "jira" | "confluence";
export type SandboxDeployment = "cloud" | "datacenter";

/** A person of the pretend company, known to both deployments. */
export interface SandboxUser {
  /** Cloud identity, e.g. `5b10a2844c20165700ede21g`. */
  readonly accountId: string;
  /** Data Center login, e.g. `ada`. */
  readonly name: string;
  /** Data Center key, e.g. `JIRAUSER10100`. */
  readonly key: string;
  readonly displayName: string;
  readonly email: string;
  readonly timeZone: string;
  readonly active: boolean;
  /** Cloud API token, Data Center password and PAT of this person. */
  readonly apiToken: string;
  readonly password: string;
  readonly personalToken: string;
}

/** What a Data Center OAuth token may do; each one includes those before it. */
export type DataCenterScope = "READ" | "WRITE" | "ADMIN" | "SYSTEM_ADMIN";

/** Who a request comes from, as authentication found it. */
export interface Principal {
  readonly user: SandboxUser;
  readonly method: "basic" | "pat" | "oauth" | "scoped-token" | "certificate";
  /** Cloud, only for `oauth` and `scoped-token`: granted scopes. Absent: everything the user may do. */
  readonly scopes?: readonly string[] | undefined;
  /** Cloud, with `scopes`: the cloud ids that the gateway opens. */
  readonly sites?: readonly string[] | undefined;
  /** Data Center, only for `oauth`: the highest granted scope. Absent: everything the user may do. */
  readonly level?: DataCenterScope | undefined;
}

export interface SandboxRequest {
  readonly method: string;
  /** Path below the product's base (`/rest/api/3/myself`, `/wiki/api/v2/pages`; Data Center without its context path). */
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Parsed JSON body; a malformed one is answered 400 by the server before a route runs. */
  readonly json: unknown;
  readonly principal: Principal;
  readonly deployment: SandboxDeployment;
  /** `http://127.0.0.1:PORT` plus the context path: what `self` and `_links.base` links start with. */
  readonly siteBase: string;
  /** True when the request came through `/ex/{product}/{cloudId}`. */
  readonly viaGateway: boolean;
}

export interface SandboxAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Absent: empty body. */
  readonly json?: unknown;
  readonly text?: string | undefined;
}

export interface SandboxRoute {
  readonly product: SandboxProduct;
  readonly deployment: SandboxDeployment;
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** e.g. `/rest/api/3/issue/{issueIdOrKey}`, with the parameter names of the published API description. */
  readonly pattern: string;
  /** No credentials needed, e.g. `serverInfo`. */
  readonly anonymous?: boolean | undefined;
  /** Scopes that open this operation to OAuth and scoped tokens: any one inner list suffices. */
  readonly scopes?: readonly (readonly string[])[] | undefined;
  run(request: SandboxRequest): SandboxAnswer | Promise<SandboxAnswer>;
}

/** A failure to serve instead of the real answer; for tests of clients. */
export interface Fault {
  /** `METHOD /path` with `*` for any text, e.g. `GET /rest/api/3/issue/*`. Matched against the path below the base. */
  readonly match: string;
  /** How many requests it hits, default 1. */
  readonly times?: number | undefined;
  readonly site?: SiteName | undefined;
  readonly effect:
    | { readonly kind: "answer"; readonly answer: SandboxAnswer }
    /** The socket is closed without an answer, before or after the operation was carried out. */
    | { readonly kind: "close"; readonly after?: boolean | undefined }
    /** No byte is sent until the client gives up. */
    | { readonly kind: "stall" }
    | { readonly kind: "delay"; readonly ms: number };
}

/** What reached a site; tests assert on it. */
export interface RecordedRequest {
  readonly site: SiteName;
  readonly method: string;
  /** As sent, with query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Its first 256 KiB. */
  readonly body: string;
  readonly status: number;
  readonly user?: string | undefined;
}

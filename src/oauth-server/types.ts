import type { IncomingMessage, ServerResponse } from "node:http";
import type {
  AccessibleSite,
  Account,
  Fetch,
  OAuthApp,
  TokenManager,
} from "../auth/oauth/types.ts";
import type { Logger } from "../log.ts";
import type { Store } from "../store/types.ts";

/** What a client may be allowed on behalf of a user. Writing includes reading, of the same product. */
export const scopeNames = [
  "read:jira",
  "write:jira",
  "read:confluence",
  "write:confluence",
] as const;
export type ScopeName = (typeof scopeNames)[number];

export interface AuthorizationServerOptions {
  /** `PUBLIC_BASE_URL`, with its path prefix if it has one; no trailing slash in `href` beyond the origin's. */
  readonly issuer: URL;
  /** The MCP endpoint as clients write it: the audience of every token. */
  readonly resource: URL;
  /** The endpoint of the transport of 2024, where it is served. A token for it is one for `resource`. */
  readonly sseResource?: URL | undefined;
  /** The app through which users sign in at Atlassian; `redirectUri` is a path of ours. */
  readonly app: OAuthApp;
  /** Scopes that make sense here: of the configured products, reading alone in read-only mode. */
  readonly scopes: readonly ScopeName[];
  readonly store: Store;
  /** Requests to Atlassian. */
  readonly fetch: Fetch;
  /** Requests for client metadata documents: public addresses only, no proxy, no redirects. */
  readonly documentFetch: Fetch;
  /** Patterns of `ATLASSIAN_OAUTH_ALLOWED_CLIENT_REDIRECT_URIS`; absent: loopback and the presets of known clients. */
  readonly allowedRedirects?: readonly string[] | undefined;
  readonly grantTypes: readonly ("authorization_code" | "refresh_token")[];
  readonly requireConsent: boolean;
  /** The only Cloud site that users may choose; absent: any that their sign-in reaches. */
  readonly cloudId?: string | undefined;
  /** How many proxies in front append to `X-Forwarded-For`. Absent or 0: callers are told apart by their socket. */
  readonly trustProxy?: number | undefined;
  readonly log: Logger;
  /** Milliseconds since the epoch. */
  readonly clock?: (() => number) | undefined;
}

/** The beginning of every access token that is ours, so that none is taken for somebody else's and sent on to them. */
export const tokenPrefix = "mcpat_";

/** What a good access token says. */
export interface VerifiedToken {
  /** Names the stored login at Atlassian; ends with the client's grant. */
  readonly grantId: string;
  /** Derived from the Atlassian account, the same for the same person. */
  readonly subject: string;
  readonly clientId: string;
  readonly scopes: readonly ScopeName[];
  /** The id of their account at Atlassian. */
  readonly account: string;
  /** The site that the user chose. Cloud only. */
  readonly cloudId?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** The authorization server for MCP clients, and the resource server's view of it. */
export interface AuthorizationServer {
  /** True for a path (without query) that it answers: metadata, registration, authorize, token, pages, callback, account. */
  owns(path: string): boolean;
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** `undefined`: unknown, expired, revoked, or meant for another audience. */
  verify(token: string): Promise<VerifiedToken | undefined>;
  /** The value of `WWW-Authenticate` for a request without a usable token, or one whose scopes do not suffice. */
  challenge(problem?: TokenProblem, endpoint?: Endpoint): string;
  /**
   * The login at Atlassian behind a token, refreshed as needed under the store's lock. `undefined` once the user or the
   * client has ended it. When Atlassian no longer accepts the login, the client's grant ends with it: its next request
   * is answered by a challenge.
   */
  userGrant(grantId: string): Promise<UserGrant | undefined>;
  close(): Promise<void>;
}

/** The endpoint of today, or that of the transport of 2024. */
export type Endpoint = "mcp" | "sse";

export interface TokenProblem {
  readonly error: "invalid_token" | "insufficient_scope";
  readonly description: string;
  readonly scopes?: readonly string[] | undefined;
}

/** What tool calls need of a user's login at Atlassian. */
export interface UserGrant {
  readonly manager: TokenManager;
  /** The site that the user chose. Cloud only. */
  readonly cloudId?: string | undefined;
  /** That site alone, or none where the instance is all there is. */
  readonly sites: readonly AccessibleSite[];
  readonly account: Account;
}

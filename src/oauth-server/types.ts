import type { IncomingMessage, ServerResponse } from "node:http";
import type { Fetch, OAuthApp } from "../auth/oauth/types.ts";
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
  readonly log: Logger;
  /** Milliseconds since the epoch. */
  readonly clock?: (() => number) | undefined;
}

/** What a good access token says. */
export interface VerifiedToken {
  /** Names the stored login at Atlassian; ends with the client's grant. */
  readonly grantId: string;
  /** Derived from the Atlassian account, the same for the same person. */
  readonly subject: string;
  readonly clientId: string;
  readonly scopes: readonly ScopeName[];
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
  challenge(problem?: {
    readonly error: "invalid_token" | "insufficient_scope";
    readonly description: string;
    readonly scopes?: readonly ScopeName[] | undefined;
  }): string;
  close(): Promise<void>;
}

import type { Product } from "../atlassian/site.ts";
import type { Caller } from "../auth/caller.ts";
import type { Method, Source } from "../auth/connection.ts";
import type { AccessibleSite, Fetch, OAuthApp, TokenManager } from "../auth/oauth/types.ts";
import type { Access, AuthRules } from "../auth/resolve.ts";
import type { ConfluencePolicy } from "../confluence/client.ts";
import type { ApiClient, Credentials } from "../http/types.ts";
import type { JiraPolicy } from "../jira/client.ts";
import type { Logger } from "../log.ts";
import type { Store } from "../store/types.ts";
import type { Operations } from "./operations/operations.ts";
import type { RequestContext } from "./operations/request-context.ts";

/** What the operator allows, before a request narrows it. */
export interface ToolPolicy {
  readonly readOnly: boolean;
  /** `TOOLSETS`, expanded; absent: all. */
  readonly toolsets?: ReadonlySet<string> | undefined;
  /** `ENABLED_TOOLS`; absent: all. */
  readonly names?: ReadonlySet<string> | undefined;
  /** `core` unless `TOOLSETS` or `ENABLED_TOOLS` say what to list. */
  readonly surface: "core" | "flat";
}

/** Where requests of one identity go, and as whom. */
export interface ApiTarget {
  readonly product: Product;
  readonly apiBase: URL;
  readonly credentials: Credentials;
  readonly method?: Method | undefined;
  readonly source: Source | "nobody";
  /** The caller chose the address. */
  readonly isGuarded: boolean;
}

/** Signing in by OAuth; loaded where a connection needs it. */
export interface OAuthRuntime {
  /** Keeps the grant of an app alive; the same one for the same app. */
  managerOf(app: OAuthApp, kind: "grant" | "client"): TokenManager;
  /** The Cloud sites that a token reaches. */
  sitesOf(token: string): Promise<readonly AccessibleSite[]>;
  readonly store: Store;
  /** Requests to the issuer of an app. */
  fetchFor(app: Pick<OAuthApp, "issuer">): Fetch;
  /** Requests to addresses that strangers name: public ones alone. */
  readonly documentFetch: Fetch;
}

/** Everything that lives as long as the process. Nothing in it belongs to one caller. */
export interface Runtime {
  readonly access: Access;
  readonly authRules: AuthRules;
  readonly policy: ToolPolicy;
  readonly jira: JiraPolicy;
  readonly confluence: ConfluencePolicy;
  /** Atlassian's API gateway. */
  readonly apiUrl: URL;
  /** How long and how many callers' checked credentials are remembered. */
  readonly validation: { readonly ttlMs: number; readonly maxEntries: number };
  /** The requests of one identity, below its API base. With `readOnly` everything that could change something is refused. */
  api(target: ApiTarget, options: { readonly readOnly: boolean }): Promise<ApiClient>;
  oauth(): Promise<OAuthRuntime>;
  /**
   * The tokens of a person who signed in at our authorization server.
   *
   * @throws AtlassianMcpError `auth` when the sign-in has ended meanwhile.
   */
  managerOfUser(grantId: string): Promise<TokenManager>;
  readonly log: Logger;
  readonly operations: Operations;
}

/** Who asks, and how they narrow what is shown. */
export interface RequestScope {
  readonly caller: Caller;
  readonly policy: ToolPolicy;
  /** Absent on stdio. */
  readonly request?: RequestContext | undefined;
}

import type { Product } from "../../atlassian/site.ts";

/** The OAuth app (Cloud) or incoming application link (Data Center) that users sign in through. */
export interface OAuthApp {
  readonly issuer: Issuer;
  readonly clientId: string;
  readonly clientSecret: string;
  /** As registered with the app; needed to sign in, not to refresh. */
  readonly redirectUri?: string | undefined;
  /** Empty: those of the issuer's default. */
  readonly scopes: readonly string[];
}

/** Who issues tokens. */
export type Issuer =
  | {
      readonly kind: "cloud";
      /** `ATLASSIAN_AUTH_URL`: the login host. */
      readonly authUrl: URL;
      /** `ATLASSIAN_API_URL`: the gateway, which also tells what a token reaches. */
      readonly apiUrl: URL;
    }
  | {
      readonly kind: "datacenter";
      readonly product: Product;
      /** The product's base with its context path. */
      readonly baseUrl: URL;
    };

/** A Cloud site that a token reaches, the entries of several products merged by id. */
export interface AccessibleSite {
  /** Cloud id, a UUID. */
  readonly id: string;
  readonly name: string;
  /** Address for people, without trailing slash. */
  readonly url: string;
  readonly scopes: readonly string[];
}

/** One login, as it is stored. */
export interface Grant {
  readonly version: 1;
  readonly accessToken: string;
  /** Absent where the issuer gave none: the access token is used until it ends. */
  readonly refreshToken?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** Granted, as far as the issuer said. */
  readonly scopes: readonly string[];
  /** Chosen at sign-in. Cloud only. */
  readonly cloudId?: string | undefined;
  readonly sites?: readonly AccessibleSite[] | undefined;
  readonly account?: Account | undefined;
  /** Milliseconds since the epoch: when a person signed in. */
  readonly signedInAt: number;
}

export interface Account {
  readonly id: string;
  readonly name?: string | undefined;
  readonly email?: string | undefined;
}

/** The part of `fetch` that the OAuth library needs; requests go through the project's own pool. */
export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/** Keeps one grant alive for everybody in this process and beside it. */
export interface TokenManager {
  /**
   * A token that is valid for some minutes, refreshed first where needed.
   *
   * @throws AtlassianMcpError `auth` when nobody has signed in or the grant is dead: it names the command to run.
   *   `network`, `timeout`, `upstream` when a refresh was needed and the issuer could not be asked.
   */
  accessToken(signal?: AbortSignal): Promise<string>;
  /**
   * After a 401 for `refused`: true when another token is to be had. Of several callers with the same refused token one
   * refreshes, the others wait for it.
   */
  renew(refused: string, signal?: AbortSignal): Promise<boolean>;
  /** What is stored, without refreshing. `undefined`: nobody has signed in. */
  grant(): Promise<Grant | undefined>;
}

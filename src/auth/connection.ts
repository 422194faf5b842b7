import type { Deployment, Product } from "../atlassian/site.ts";
import type { AtlassianMcpError } from "../errors.ts";
import type { HeaderSet } from "./caller.ts";
import type { OAuthApp } from "./oauth/types.ts";

/** Ways of signing in. */
export type Method =
  | "token"
  | "oauth"
  | "pat"
  | "basic"
  | "certificate"
  | "service-account"
  | "external";

/** What identifies the sender of a connection's requests. */
export type Credential =
  | { readonly kind: "basic"; readonly user: string; readonly secret: string }
  | { readonly kind: "bearer"; readonly token: string }
  | KeptCredential
  /** Headers of the request, a client certificate, or nothing. */
  | { readonly kind: "none" };

/** Tokens that are kept and renewed here: of a login, of a service account, of a user of our authorization server. */
export type KeptCredential =
  | { readonly kind: "grant" | "client"; readonly app: OAuthApp }
  | { readonly kind: "user"; readonly grantId: string };

/** Whose identity it is: `passthrough` is that of a gateway in front. */
export type Source = "operator" | "caller" | "passthrough";

/** A product as one caller reaches it, as far as settings and headers tell. */
export interface Connection {
  readonly product: Product;
  /** Base of the site; absent where the cloud id alone says which one is meant. */
  readonly url?: URL | undefined;
  readonly deployment: Deployment | "unsure";
  readonly method: Method;
  readonly source: Source;
  readonly credential: Credential;
  /** Of the caller, else the configured one. */
  readonly cloudId?: string | undefined;
  /** Copied from the request. */
  readonly passthrough: HeaderSet;
  /** The caller chose the address: it is reached directly, at an address that the operator allows. */
  readonly isGuarded: boolean;
  /** Used while nobody has signed in for this one. */
  readonly otherwise?: Connection | undefined;
  /** Hash of target and credential: the same for the same identity, different for any other. */
  readonly fingerprint: string;
}

export type Resolution =
  | { readonly kind: "connection"; readonly connection: Connection }
  | { readonly kind: "refusal"; readonly error: AtlassianMcpError };

import { createHash } from "node:crypto";
import type { Deployment, Product } from "../atlassian/site.ts";
import type { AtlassianMcpError } from "../errors.ts";
import {
  type Caller,
  type CallerCredential,
  type HeaderSet,
  type HttpCaller,
  hasCredential,
  passesIdentity,
  type SignedInUser,
  splitPassed,
} from "./caller.ts";
import type { Connection, Credential, Method, Resolution } from "./connection.ts";
import type { Issuer, OAuthApp } from "./oauth/types.ts";
import * as refusals from "./refusals.ts";

/** What the operator configured for one product, as far as signing in is concerned. */
export interface ProductAccess {
  readonly product: Product;
  /**
   * Base address without trailing slash; Confluence Cloud with `/wiki`. Absent for Cloud sites that are named by their
   * id alone.
   */
  readonly url?: URL | undefined;
  readonly deployment: Deployment | "unsure";
  /** The only method to use; absent: the first one that is complete. */
  readonly auth?: Method | undefined;
  readonly username?: string | undefined;
  readonly apiToken?: string | undefined;
  readonly personalToken?: string | undefined;
  /** An OAuth token that somebody else obtained. */
  readonly accessToken?: string | undefined;
  readonly oauth?: OAuthApp | undefined;
  readonly hasCertificate?: boolean | undefined;
}

export type Access = Readonly<Partial<Record<Product, ProductAccess>>>;

/** How callers are treated and what does not depend on the product. */
export interface AuthRules {
  /** `ALLOW_GLOBAL_CRED_FALLBACK`: requests without a credential are served with the operator's. */
  readonly fallback: boolean;
  /** `IGNORE_HEADER_AUTH`: callers' credentials are not looked at. */
  readonly ignoreHeaders: boolean;
  /** `ATLASSIAN_EXTERNAL_AUTH_ENABLE`: products without credentials are reached with passed-through headers alone. */
  readonly external: boolean;
  /** Callers' bearer tokens may be OAuth tokens, which Cloud takes through its gateway. */
  readonly oauth: boolean;
  /** Where users of our authorization server have signed in; absent without one. */
  readonly users?: Issuer | undefined;
  /** The configured site of Cloud. */
  readonly cloudId?: string | undefined;
  /** What a host name tells. */
  deploymentOf(hostname: string): Deployment | "unsure";
}

/** Where requests go: the operator's site or one that the caller chose. */
interface Target {
  readonly product: Product;
  readonly url?: URL | undefined;
  readonly deployment: Deployment | "unsure";
  readonly isGuarded: boolean;
}

/**
 * Decides, for one product, as whom a caller's requests go out. Pure: no network, no clock, no state.
 *
 * - The operator's credentials serve the operator's own process, and HTTP callers only with the fallback rule and only
 *   when the request carries no credential of its own.
 * - A product header beats `Authorization`. `Authorization` alone serves both products only when they share a host: a
 *   secret must not reach a host that it may not be meant for. To an address that the caller chose goes only a
 *   credential that was sent for that product.
 */
export function resolveConnection(
  product: Product,
  access: Access,
  caller: Caller,
  rules: AuthRules,
): Resolution {
  const own = access[product];
  if (caller.kind === "operator") {
    return own === undefined ? refuse(refusals.notConfigured(product)) : asOperator(own, rules, {});
  }
  const passed = caller.passthrough[product] ?? {};
  if (rules.ignoreHeaders) {
    if (own === undefined) return atChosenByGateway(product, caller, rules);
    if (isExternal(own, rules)) return asPassthrough(targetOf(own), passed);
    if (!rules.fallback) return refuse(refusals.noFallback(product));
    return asOperatorFor(caller, own, rules);
  }
  const chosen = caller.urls[product];
  if (chosen !== undefined && !isAddressOf(own, chosen)) {
    return atChosen(product, chosen, own, caller, rules);
  }
  return own === undefined
    ? refuse(refusals.notConfigured(product))
    : atConfigured(own, access, caller, rules);
}

/** Where credentials are not looked at, a gateway may still say which site is meant. */
function atChosenByGateway(product: Product, caller: HttpCaller, rules: AuthRules): Resolution {
  const url = caller.urls[product];
  return rules.external && url !== undefined
    ? atChosen(product, url, undefined, { ...caller, products: {}, shared: undefined }, rules)
    : refuse(refusals.notConfigured(product));
}

/** Requests to an address out of a header. */
function atChosen(
  product: Product,
  url: URL,
  own: ProductAccess | undefined,
  caller: HttpCaller,
  rules: AuthRules,
): Resolution {
  const deployment = rules.deploymentOf(url.hostname);
  const target: Target = { product, url, deployment, isGuarded: true };
  const credential = caller.products[product];
  // Headers that a gateway put in are meant for the operator's site, not for one of the caller's choice.
  if (credential !== undefined) return asCaller(target, credential, caller, rules, {});
  if (rules.external && own === undefined && !hasCredential(caller)) {
    return asPassthrough(target, caller.passthrough[product] ?? {});
  }
  return refuse(refusals.noCredentialForUrl(product));
}

function atConfigured(
  own: ProductAccess,
  access: Access,
  caller: HttpCaller,
  rules: AuthRules,
): Resolution {
  const { product } = own;
  const passed = caller.passthrough[product] ?? {};
  const credential = caller.products[product] ?? caller.shared;
  if (credential !== undefined) {
    // A gateway's own Authorization goes on as it is: to take it for a token of ours might change it.
    if (credential === caller.shared && "authorization" in passed && isExternal(own, rules)) {
      return asPassthrough(targetOf(own), passed);
    }
    return credential === caller.products[product] || isShareable(own, access, credential, rules)
      ? asCaller(targetOf(own), credential, caller, rules, passed)
      : refuse(refusals.ambiguous(product, hostsOf(access)));
  }
  if (caller.user !== undefined) return asUser(own, caller.user, caller, rules, passed);
  if (hasCredential(caller)) return refuse(refusals.otherProductOnly(product));
  if (isExternal(own, rules)) return asPassthrough(targetOf(own), passed);
  if (!rules.fallback) return refuse(refusals.noCredential(product));
  return asOperatorFor(caller, own, rules);
}

/** What a gateway says about the caller must not be mixed with who the operator is. */
function asOperatorFor(caller: HttpCaller, own: ProductAccess, rules: AuthRules): Resolution {
  const { product } = own;
  if (passesIdentity(caller)) return refuse(refusals.mixedIdentity(product));
  return asOperator(own, rules, caller.passthrough[product] ?? {});
}

function asOperator(own: ProductAccess, rules: AuthRules, passed: HeaderSet): Resolution {
  const { product, deployment, auth } = own;
  if (deployment === "cloud" && own.personalToken !== undefined && (auth ?? "pat") === "pat") {
    return refuse(refusals.tokenOnCloud(product));
  }
  const [first, second] = credentialsOf(own, rules);
  if (first === undefined) return refuse(refusals.incomplete(product));
  const identityOf = ([method, credential]: readonly [Method, Credential]): Identity => ({
    method,
    source: "operator",
    credential,
    cloudId: rules.cloudId,
    passthrough: passed,
  });
  const target = targetOf(own);
  const hasOther = first[0] === "oauth" && second !== undefined && second[0] !== "external";
  const otherwise = hasOther ? connect(target, identityOf(second)) : undefined;
  return { kind: "connection", connection: connect(target, identityOf(first), otherwise) };
}

/** The methods for which the operator's credentials are complete, the preferred one first, whatever `auth` says. */
export function completeMethods(own: ProductAccess, rules: AuthRules): readonly Method[] {
  return credentialsOf({ ...own, auth: undefined }, rules).map(([method]) => method);
}

/** The operator's complete credentials, the preferred one first. */
function credentialsOf(
  own: ProductAccess,
  rules: AuthRules,
): readonly (readonly [Method, Credential])[] {
  const { username, apiToken, personalToken, accessToken, oauth, auth, deployment } = own;
  const isCloud = deployment === "cloud";
  const all: readonly (readonly [Method, Credential | false | undefined])[] = [
    ["token", accessToken !== undefined && { kind: "bearer", token: accessToken }],
    ["oauth", oauth && { kind: "grant", app: oauth }],
    ["pat", personalToken !== undefined && { kind: "bearer", token: personalToken }],
    [
      "basic",
      username !== undefined &&
        apiToken !== undefined && { kind: "basic", user: username, secret: apiToken },
    ],
    ["certificate", own.hasCertificate === true && !isCloud && { kind: "none" }],
    ["service-account", auth === "service-account" && oauth && { kind: "client", app: oauth }],
    ["external", (auth === "external" || rules.external) && { kind: "none" }],
  ];
  return all.flatMap(([method, credential]) =>
    credential && (auth === undefined || auth === method) ? [[method, credential] as const] : [],
  );
}

function asCaller(
  target: Target,
  credential: CallerCredential,
  caller: HttpCaller,
  rules: AuthRules,
  passed: HeaderSet,
): Resolution {
  // The configured id is that of the operator's site.
  const cloudId = caller.cloudId ?? (target.isGuarded ? undefined : rules.cloudId);
  const common = { source: "caller", cloudId, passthrough: passed } as const;
  if (credential.scheme === "basic") {
    const { user, secret } = credential;
    if (target.url === undefined) return refuse(refusals.basicWithoutSite(target.product));
    return made(target, {
      ...common,
      method: "basic",
      credential: { kind: "basic", user, secret },
    });
  }
  const { scheme, token } = credential;
  const isPat = scheme === "token" || !rules.oauth;
  if (isPat && target.deployment === "cloud") {
    return refuse(
      scheme === "token"
        ? refusals.tokenOnCloud(target.product)
        : refusals.oauthNotEnabled(target.product),
    );
  }
  const method = isPat ? "pat" : "token";
  return made(target, { ...common, method, credential: { kind: "bearer", token } });
}

/** With the tokens of a person who signed in here: they are for one issuer and go nowhere else. */
function asUser(
  own: ProductAccess,
  { grantId, cloudId: chosen }: SignedInUser,
  caller: HttpCaller,
  { users, cloudId: allowed }: AuthRules,
  passed: HeaderSet,
): Resolution {
  const { product, deployment } = own;
  const isIssuer =
    users?.kind === "cloud"
      ? deployment === "cloud"
      : users?.product === product && deployment !== "cloud";
  if (!isIssuer) return refuse(refusals.signedInElsewhere(product));
  const cloudId = chosen ?? allowed;
  if (cloudId !== (allowed ?? cloudId)) return refuse(refusals.siteNotAllowed(product));
  const named = deployment === "cloud" ? caller.cloudId : undefined;
  if (cloudId !== (named ?? cloudId)) return refuse(refusals.siteNotChosen(product));
  return made(targetOf(own), {
    method: "oauth",
    source: "caller",
    credential: { kind: "user", grantId },
    cloudId,
    passthrough: passed,
  });
}

function asPassthrough(target: Target, passed: HeaderSet): Resolution {
  return made(target, {
    method: "external",
    source: "passthrough",
    credential: { kind: "none" },
    passthrough: passed,
  });
}

type Identity = Pick<Connection, "method" | "source" | "credential" | "passthrough" | "cloudId">;

function made(target: Target, identity: Identity): Resolution {
  return { kind: "connection", connection: connect(target, identity) };
}

function connect(target: Target, identity: Identity, otherwise?: Connection): Connection {
  const { product, url, isGuarded } = target;
  const { method, source, credential, cloudId, passthrough } = identity;
  let hash: string | undefined;
  const hashed = () => {
    const who =
      "app" in credential ? [credential.kind, credential.app.clientId] : Object.values(credential);
    const { lasting } = splitPassed(passthrough);
    const facts = [product, url?.href, isGuarded, source, method, who, cloudId, lasting];
    return createHash("sha256").update(JSON.stringify(facts)).digest("base64url");
  };
  return {
    ...target,
    ...identity,
    otherwise,
    // Worked out when it is asked for, and once: most resolutions only decide what is listed.
    get fingerprint() {
      hash ??= hashed();
      return hash;
    },
  };
}

function targetOf({ product, url, deployment }: ProductAccess): Target {
  return { product, url, deployment, isGuarded: false };
}

function isExternal(own: ProductAccess, rules: AuthRules): boolean {
  if (own.auth === "external") return true;
  const others = credentialsOf(own, rules).filter(([method]) => method !== "external");
  return rules.external && others.length === 0;
}

/** A header may name the operator's own site; that changes nothing. */
function isAddressOf(own: ProductAccess | undefined, url: URL): boolean {
  const base = own?.url;
  if (base === undefined || base.origin !== url.origin) return false;
  const path = (each: URL) => each.pathname.replace(/\/+$/, "").replace(/\/wiki$/, "");
  return path(url) === "" || path(url) === path(base);
}

/** One secret for both products: allowed where both are reached at the same host. */
function isShareable(
  own: ProductAccess,
  access: Access,
  credential: CallerCredential,
  rules: AuthRules,
): boolean {
  const other = access[own.product === "jira" ? "confluence" : "jira"];
  if (other === undefined || other.url?.origin === own.url?.origin) return true;
  const isForGateway = credential.scheme === "bearer" && rules.oauth;
  return isForGateway && own.deployment === "cloud" && other.deployment === "cloud";
}

function hostsOf(access: Access): string {
  return `${access.jira?.url?.host} and ${access.confluence?.url?.host}`;
}

function refuse(error: AtlassianMcpError): Resolution {
  return { kind: "refusal", error };
}

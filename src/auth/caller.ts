import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import type { Product } from "../atlassian/site.ts";
import { AtlassianMcpError } from "../errors.ts";
import { isCloudId } from "./oauth/cloud-id.ts";

/** What a caller sent to identify themselves, before anyone decided what it is good for. */
export type CallerCredential =
  | { readonly scheme: "basic"; readonly user: string; readonly secret: string }
  /** `token` can only be a personal access token, `bearer` an OAuth token as well. */
  | { readonly scheme: "bearer" | "token"; readonly token: string };

/** Header names in lower case with their values. */
export type HeaderSet = Readonly<Record<string, string>>;

/** Who sends a request: the operator's own process, or somebody over HTTP. */
export type Caller = { readonly kind: "operator" } | HttpCaller;

export interface HttpCaller {
  readonly kind: "http";
  /** From `Authorization`; serves any product. */
  readonly shared?: CallerCredential | undefined;
  /** From `X-Atlassian-{Jira,Confluence}-Authorization` or `-Personal-Token`. */
  readonly products: Readonly<Partial<Record<Product, CallerCredential>>>;
  /** From `X-Atlassian-{Jira,Confluence}-Url`, checked against the operator's rules. */
  readonly urls: Readonly<Partial<Record<Product, URL>>>;
  /** From `X-Atlassian-Cloud-Id`: a UUID in lower case. */
  readonly cloudId?: string | undefined;
  /** Who signed in at our authorization server, in place of `shared`. */
  readonly user?: SignedInUser | undefined;
  /** What the operator wants copied to each product. */
  readonly passthrough: Readonly<Partial<Record<Product, HeaderSet>>>;
}

/** A person who let a client in at our authorization server. */
export interface SignedInUser {
  /** Names the person's tokens. */
  readonly grantId: string;
  readonly subject: string;
  readonly clientId: string;
  /** Of ours, such as `write:jira`; writing includes reading. */
  readonly scopes: readonly string[];
  /** The id of their account at Atlassian. */
  readonly account?: string | undefined;
  /** The Cloud site that they chose, the only one that they let the client into. */
  readonly cloudId?: string | undefined;
}

/** What the operator decided about callers' headers. */
export interface CallerHeaderRules {
  /** Names in lower case; absent for products that are not reached. */
  readonly passthrough: Readonly<Partial<Record<Product, readonly string[]>>>;
  /**
   * The address in a URL header.
   *
   * @throws AtlassianMcpError `forbidden` or `input` for an address that callers may not choose.
   */
  checkUrl(header: string, text: string): URL;
}

/** Reads one header; names are case-insensitive. */
export type HeaderReader = (name: string) => string | null | undefined;

/** Somebody over HTTP who sent nothing. */
export const nobody: HttpCaller = { kind: "http", products: {}, urls: {}, passthrough: {} };

const products = ["jira", "confluence"] as const;

/**
 * Credentials and targets of an HTTP request. Schemes are case-insensitive.
 *
 * @throws AtlassianMcpError `auth` for a credential that is present but unusable, `input` or `forbidden` for a target
 *   that is: neither is ever ignored, because the request would then be served as somebody else or somewhere else.
 */
export function readCaller(header: HeaderReader, rules: CallerHeaderRules): HttpCaller {
  const passthrough = readPassthrough(header, rules);
  const isCopied = isCopiedEverywhere("authorization", rules);
  // A gateway's own scheme, such as Negotiate, is not ours to understand where it is only passed on.
  const shared = isCopied && !isKnownScheme(header) ? undefined : readCredential(header, shareable);
  return {
    kind: "http",
    shared,
    products: byProduct((product) => readOwn(header, product)),
    urls: readUrls(header, rules),
    cloudId: readCloudId(header),
    passthrough,
  };
}

/** True for a header that goes to every product there is. */
function isCopiedEverywhere(name: string, { passthrough }: CallerHeaderRules): boolean {
  const lists = Object.values(passthrough);
  return lists.length > 0 && lists.every((names) => names.includes(name));
}

/** What was read for each product; products without it are absent. */
function byProduct<T>(
  read: (product: Product) => T | undefined,
): Readonly<Partial<Record<Product, T>>> {
  const found: Partial<Record<Product, T>> = {};
  for (const product of products) {
    const value = read(product);
    if (value !== undefined) found[product] = value;
  }
  return found;
}

/** True when the caller sent any credential at all: operator credentials are then out of reach for this request. */
export function hasCredential(caller: Caller): boolean {
  return (
    caller.kind === "http" &&
    (caller.shared !== undefined ||
      caller.user !== undefined ||
      Object.keys(caller.products).length > 0)
  );
}

/** Names of headers that say who somebody is, or what they may do. */
const identifying =
  /cookie|auth|token|session|user|identity|assertion|jwt|api-?key|principal|e-?mail|oidc|saml|[-_]sso|cred|cert|login|account|subject|upn|impersonat|client-s-dn|groups?$|roles?$|^remote-|^from$/i;

/** True for the name of a header that may say who somebody is. */
export function isIdentifying(name: string): boolean {
  return identifying.test(name);
}

/** Names one request among others; everything else that is passed on may say who somebody is. */
const ofOneRequest =
  /^(x-)?(request|correlation|amzn-request)-?id$|^(traceparent|tracestate|b3)$|^x-b3-|-trace-(id|context)$/;

/** Headers that are passed on: those that belong to an identity, and those that differ from request to request. */
export function splitPassed(passed: HeaderSet): {
  readonly lasting: HeaderSet;
  readonly ofRequest: HeaderSet;
} {
  const pairs = Object.entries(passed);
  if (!pairs.some(([name]) => ofOneRequest.test(name))) return { lasting: passed, ofRequest: {} };
  return {
    lasting: Object.fromEntries(pairs.filter(([name]) => !ofOneRequest.test(name))),
    ofRequest: Object.fromEntries(pairs.filter(([name]) => ofOneRequest.test(name))),
  };
}

/** True when headers that are passed on say who somebody is. */
export function passesIdentity(caller: HttpCaller): boolean {
  return Object.values(caller.passthrough).some((headers) =>
    Object.keys(headers).some(isIdentifying),
  );
}

/** A stable name for a caller that reveals nothing: for binding streams and keying caches. */
export function fingerprintOf(caller: Caller): string {
  const parts =
    caller.kind === "operator"
      ? "operator"
      : [
          caller.shared,
          // What a stream may do is what the token allowed that opened it.
          [caller.user?.grantId, caller.user?.scopes],
          caller.products,
          caller.urls,
          caller.cloudId,
          Object.entries(caller.passthrough).map(([product, passed]) => [
            product,
            splitPassed(passed).lasting,
          ]),
        ];
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url");
}

const shareable = "Authorization";

function isKnownScheme(header: HeaderReader): boolean {
  return /^\s*(basic|bearer|token)\s/i.test(header(shareable) ?? "");
}

function headerOf(product: Product, what: string): string {
  return `X-Atlassian-${product === "jira" ? "Jira" : "Confluence"}-${what}`;
}

function readOwn(header: HeaderReader, product: Product): CallerCredential | undefined {
  const name = headerOf(product, "Personal-Token");
  const credential = readCredential(header, headerOf(product, "Authorization"));
  const token = header(name)?.trim();
  if (token === undefined) return credential;
  if (credential !== undefined) {
    throw unusable(name, `is sent beside ${headerOf(product, "Authorization")}`);
  }
  if (!isToken(token)) throw unusable(name, token === "" ? "is empty" : "holds no token");
  return { scheme: "token", token };
}

/** The addresses that a request chooses. */
export function readUrls(header: HeaderReader, rules: CallerHeaderRules): HttpCaller["urls"] {
  return byProduct((product) => readUrl(header, product, rules));
}

function readUrl(
  header: HeaderReader,
  product: Product,
  rules: CallerHeaderRules,
): URL | undefined {
  const name = headerOf(product, "Url");
  const text = header(name);
  return text === undefined || text === null ? undefined : rules.checkUrl(name, text);
}

/** Only a UUID: the id becomes part of an address. */
function readCloudId(header: HeaderReader): string | undefined {
  const name = "X-Atlassian-Cloud-Id";
  const text = header(name)?.trim().toLowerCase();
  if (text === undefined) return undefined;
  if (isCloudId(text)) return text;
  throw new AtlassianMcpError("input", `The header ${name} is not the id of a site`, {
    setting: name,
    next: "Send the site's id as a UUID; https://YOUR-SITE.atlassian.net/_edge/tenant_info shows it.",
  });
}

/** The headers that are copied to each product. */
export function readPassthrough(
  header: HeaderReader,
  rules: CallerHeaderRules,
): HttpCaller["passthrough"] {
  return byProduct((product) => {
    const pairs = (rules.passthrough[product] ?? []).flatMap((name) => {
      const value = header(name);
      return value === undefined || value === null ? [] : [[name, value] as const];
    });
    return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
  });
}

function readCredential(header: HeaderReader, name: string): CallerCredential | undefined {
  const value = header(name)?.trim();
  if (value === undefined || value === null) return undefined;
  if (value === "") throw unusable(name, "is empty");
  const match = /^([a-z]+) +(\S+)$/i.exec(value);
  const scheme = match?.[1]?.toLowerCase();
  const rest = match?.[2] ?? "";
  if (scheme === "basic") return basicCredential(rest, name);
  if ((scheme === "bearer" || scheme === "token") && isToken(rest)) return { scheme, token: rest };
  throw unusable(name, "has none of the supported forms");
}

function basicCredential(encoded: string, name: string): CallerCredential {
  const decoded = Buffer.from(encoded, "base64");
  const isStrict = unpadded(decoded.toString("base64")) === unpadded(encoded);
  const text = decoded.toString("utf8");
  const colon = text.indexOf(":");
  const user = text.slice(0, Math.max(colon, 0));
  const secret = text.slice(colon + 1);
  // Other bytes would all become the same replacement character, and so different people one.
  if (!isStrict || !isUtf8(decoded) || user === "" || secret === "" || hasControlCharacters(text)) {
    throw unusable(name, "is not base64 of USER:SECRET in UTF-8");
  }
  return { scheme: "basic", user, secret };
}

/** The look-behind keeps it linear: anybody may send thousands of signs. */
function unpadded(base64: string): string {
  return base64.replace(/(?<!=)=+$/, "");
}

/** RFC 6750 §2.1 `b64token`, plus the colon that some Atlassian tokens contain. */
function isToken(text: string): boolean {
  return /^[A-Za-z0-9\-._~+/:=]+$/.test(text);
}

function hasControlCharacters(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return /[\u0000-\u001f\u007f]/.test(text);
}

function unusable(name: string, problem: string): AtlassianMcpError {
  return new AtlassianMcpError("auth", `The header ${name} ${problem}`, {
    setting: name,
    next:
      "Send Authorization (or X-Atlassian-Jira-Authorization and X-Atlassian-Confluence-Authorization): Basic " +
      "base64(EMAIL:API_TOKEN) for Cloud, Bearer PERSONAL_ACCESS_TOKEN for Data Center.",
  });
}

import { createHash } from "node:crypto";
import type { Product } from "../atlassian/site.ts";
import { AtlassianMcpError } from "../errors.ts";

/** What a caller sent to identify themselves, before anyone decided what it is good for. */
export type CallerCredential =
  | { readonly scheme: "basic"; readonly user: string; readonly secret: string }
  | { readonly scheme: "bearer" | "token"; readonly token: string };

/** Who sends a request: the operator's own process, or somebody over HTTP. */
export type Caller =
  | { readonly kind: "operator" }
  | {
      readonly kind: "http";
      /** From `Authorization`; serves any product. */
      readonly shared?: CallerCredential | undefined;
      /** From `X-Atlassian-{Jira,Confluence}-Authorization`. */
      readonly products: Readonly<Partial<Record<Product, CallerCredential>>>;
    };

/** Reads one header; names are case-insensitive. */
export type HeaderReader = (name: string) => string | null | undefined;

/**
 * Credentials of an HTTP request. Schemes are case-insensitive.
 *
 * @throws AtlassianMcpError `auth` for a header that is present but unusable: it is never ignored, because the request
 *   would then be served as somebody else or as nobody.
 */
export function readCaller(header: HeaderReader): Caller {
  const shared = readCredential(header, "Authorization");
  const jira = readCredential(header, "X-Atlassian-Jira-Authorization");
  const confluence = readCredential(header, "X-Atlassian-Confluence-Authorization");
  refuseUnsupported(header, shared ?? jira ?? confluence);
  return {
    kind: "http",
    shared,
    products: { ...(jira && { jira }), ...(confluence && { confluence }) },
  };
}

/** True when the caller sent any credential at all: operator credentials are then out of reach for this request. */
export function hasCredential(caller: Caller): boolean {
  return (
    caller.kind === "http" &&
    (caller.shared !== undefined ||
      caller.products.jira !== undefined ||
      caller.products.confluence !== undefined)
  );
}

/** A stable name for a caller that reveals nothing: for binding streams and keying caches. */
export function fingerprintOf(caller: Caller): string {
  const parts = caller.kind === "operator" ? "operator" : [caller.shared, caller.products];
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url");
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

/** Headers of the Python reference that say who a caller is, and that this version cannot serve. */
const identityHeaders = ["X-Atlassian-Jira", "X-Atlassian-Confluence"].flatMap((product) => [
  `${product}-Url`,
  `${product}-Personal-Token`,
]);

function refuseUnsupported(header: HeaderReader, credential: CallerCredential | undefined): void {
  const present = identityHeaders.find((name) => typeof header(name) === "string");
  if (present !== undefined) throw unusable(present, "is not supported by this version");
  // Beside a credential for the configured site it says nothing new; alone it asks for a site of the caller's own.
  if (credential === undefined && typeof header("X-Atlassian-Cloud-Id") === "string") {
    throw unusable("X-Atlassian-Cloud-Id", "is not supported by this version");
  }
}

function basicCredential(encoded: string, name: string): CallerCredential {
  const decoded = Buffer.from(encoded, "base64");
  const isStrict = decoded.toString("base64").replace(/=+$/, "") === encoded.replace(/=+$/, "");
  const text = decoded.toString("utf8");
  const colon = text.indexOf(":");
  const user = text.slice(0, Math.max(colon, 0));
  const secret = text.slice(colon + 1);
  if (!isStrict || user === "" || secret === "" || hasControlCharacters(text)) {
    throw unusable(name, "is not base64 of USER:SECRET");
  }
  return { scheme: "basic", user, secret };
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

import { createHash } from "node:crypto";
import { acceptedEncodings } from "./body.ts";
import type { ApiRequest, QueryValue } from "./types.ts";

/** What {@link buildUrl} puts before a request's path: origin and path of the API base. */
export function basePart({ origin, pathname }: URL): string {
  return `${origin}${pathname.replace(/\/+$/, "")}`;
}

/** The API base's own path, the request's path below it, and the query; values percent-encoded, arrays repeated. */
export function buildUrl(base: string, { path, query = {} }: ApiRequest): URL {
  let address = `${base}${path.path}`;
  let separator = "?";
  for (const [name, value] of Object.entries(query)) {
    for (const each of valuesOf(value)) {
      address += `${separator}${encodeURIComponent(name)}=${encodeURIComponent(each)}`;
      separator = "&";
    }
  }
  return new URL(address);
}

function valuesOf(value: QueryValue): readonly string[] {
  if (value === undefined) return [];
  return typeof value === "object" ? value : [String(value)];
}

type Headers = Readonly<Record<string, string>>;

/** What custom headers may not touch: who we are, and how the message is framed. */
const reserved = new Set([
  "accept-encoding",
  "authorization",
  "connection",
  "content-length",
  "content-type",
  "expect",
  "host",
  "keep-alive",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

export interface HeaderSources {
  /** From {@link commonHeaders}. */
  readonly common: Headers;
  readonly request: Headers;
  /** Last, so that nothing can replace them. */
  readonly credentials: Headers;
  /** The type of a form is left to the library, which knows the boundary. */
  readonly body: "json" | "form" | undefined;
}

const framing = {
  json: ["content-type", "application/json"],
  // Without it, sites take an upload for a forged one.
  form: ["x-atlassian-token", "no-check"],
} as const;

/** What all requests of a client send, names in lower case; of the operator's own headers those not reserved. */
export function commonHeaders(userAgent: string, custom: Headers): Headers {
  const allowed = lowerCase(custom).filter(([name]) => !reserved.has(name));
  return Object.fromEntries([
    ["user-agent", userAgent],
    ["accept", "application/json"],
    ...allowed,
  ]);
}

/** All headers of a request, names in lower case; later sources win. */
export function buildHeaders({
  common,
  request,
  credentials,
  body,
}: HeaderSources): Record<string, string> {
  const headers = { ...common };
  for (const [name, value] of lowerCase(request)) headers[name] = value;
  if (body !== undefined) headers[framing[body][0]] = framing[body][1];
  headers["accept-encoding"] = acceptedEncodings;
  for (const [name, value] of lowerCase(credentials)) headers[name] = value;
  return headers;
}

function lowerCase(headers: Headers): [string, string][] {
  return Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
}

const fingerprints = new WeakMap<Headers, string>();

/** Tells credentials apart without keeping them. */
export function fingerprint(credentials: Headers): string {
  // Most credentials give the same object each time.
  const known = fingerprints.get(credentials);
  if (known !== undefined) return known;
  const made = hashOf(credentials);
  fingerprints.set(credentials, made);
  return made;
}

function hashOf(credentials: Headers): string {
  const sorted = JSON.stringify(lowerCase(credentials).sort());
  return createHash("sha256").update(sorted).digest("base64url").slice(0, 22);
}

/** The header values of credentials, whole and without their scheme, for masking. */
export function secretsIn(credentials: Headers): string[] {
  return Object.values(credentials).flatMap((value) => [value, value.replace(/^\S+\s+/, "")]);
}

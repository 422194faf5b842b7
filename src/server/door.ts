import type { IncomingMessage } from "node:http";
import {
  type Caller,
  type CallerHeaderRules,
  hasCredential,
  nobody,
  readCaller,
  readPassthrough,
  readUrls,
  type SignedInUser,
} from "../auth/caller.ts";
import type { AuthRules } from "../auth/resolve.ts";
import { AtlassianMcpError } from "../errors.ts";
import { checkHost, checkOrigin } from "../http/guard.ts";
import type { RequestScope, ToolPolicy } from "./runtime.ts";
import { narrow } from "./scope.ts";

export interface DoorOptions {
  readonly policy: ToolPolicy;
  readonly authRules: Pick<AuthRules, "fallback" | "ignoreHeaders" | "external">;
  readonly headerRules: CallerHeaderRules;
  /** Names that a Host header may hold beside loopback ones. */
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins: readonly string[];
}

/**
 * Lets a request through when its Host and Origin are ours and its credentials usable; answers it otherwise. Applies to
 * every method of an endpoint, before anything of the body is read.
 */
export function admit(
  incoming: IncomingMessage,
  { policy, authRules, headerRules, allowedHosts, allowedOrigins }: DoorOptions,
  user?: SignedInUser,
): RequestScope | Response {
  const { headers, url = "" } = incoming;
  const refusal = refuseHost(incoming, { allowedHosts });
  if (refusal !== undefined) return refusal;
  if (!checkOrigin(headers.origin, allowedOrigins)) {
    return refuse(403, "forbidden_origin", "Web pages of this origin may not use this server.", {
      next: "Whoever runs the server adds the origin to MCP_ALLOWED_ORIGINS.",
    });
  }
  if (isPreflight(incoming)) return new Response(null, { status: 204 });
  try {
    const caller = callerOf(incoming, authRules, headerRules, user);
    if (!isIdentified(caller, authRules)) return challenge();
    return { caller, policy: narrow(policy, queryOf(url)) };
  } catch (error) {
    if (!(error instanceof AtlassianMcpError)) throw error;
    if (error.code === "auth") return challenge(error);
    const status = error.code === "forbidden" ? 403 : 400;
    return refuse(status, "invalid_request", error.message, { next: error.details.next });
  }
}

/** The answer to a request whose Host is not ours; `undefined` for every other. */
export function refuseHost(
  { headers }: IncomingMessage,
  { allowedHosts }: Pick<DoorOptions, "allowedHosts">,
): Response | undefined {
  if (checkHost(headers.host, allowedHosts)) return undefined;
  return refuse(403, "forbidden_host", "The Host header names no host of this server.", {
    next: "Whoever runs the server adds the name to MCP_ALLOWED_HOSTS.",
  });
}

/** With credentials ignored, the headers that are passed on are still read. */
function callerOf(
  incoming: IncomingMessage,
  { ignoreHeaders, external: isExternal }: DoorOptions["authRules"],
  rules: CallerHeaderRules,
  user: SignedInUser | undefined,
): Caller {
  const header = (name: string) => {
    const lower = name.toLowerCase();
    // That token is ours and no credential of Atlassian's.
    if (user !== undefined && lower === "authorization") return undefined;
    // Node keeps the first of several, and something in front of this server may have checked another one.
    return lower === "authorization"
      ? incoming.headersDistinct[lower]?.join(", ")
      : one(incoming.headers[lower]);
  };
  if (user !== undefined) return { ...readCaller(header, rules), user };
  if (!ignoreHeaders) return readCaller(header, rules);
  const passthrough = readPassthrough(header, rules);
  return isExternal
    ? { ...nobody, passthrough, urls: readUrls(header, rules) }
    : { ...nobody, passthrough };
}

/**
 * Headers that let a web page of an allowed origin read the answer; none for everybody else. A preflight asks for them
 * before it sends credentials.
 */
export function corsHeaders(
  { headers, method }: IncomingMessage,
  { allowedOrigins }: DoorOptions,
): Readonly<Record<string, string>> {
  const { origin } = headers;
  if (origin === undefined || !checkOrigin(origin, allowedOrigins)) return {};
  const asked = one(headers["access-control-request-headers"]) ?? "";
  return {
    "Access-Control-Allow-Origin": origin,
    "Access-Control-Expose-Headers": "WWW-Authenticate",
    Vary: "Origin",
    ...(method === "OPTIONS" && {
      "Access-Control-Allow-Methods": "POST, GET, DELETE",
      // The origin is trusted, so that it may send what it likes; only the form is checked.
      "Access-Control-Allow-Headers": /^[\w\-, ]*$/.test(asked) ? asked : "",
      "Access-Control-Max-Age": "600",
    }),
  };
}

/** A browser's question before a request across origins: it carries no credentials and must not need any. */
function isPreflight({ method, headers }: IncomingMessage): boolean {
  return method === "OPTIONS" && headers["access-control-request-method"] !== undefined;
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(", ") : header;
}

function queryOf(url: string): URLSearchParams {
  const start = url.indexOf("?");
  return new URLSearchParams(start === -1 ? "" : url.slice(start));
}

function isIdentified(
  caller: Caller,
  { fallback, ignoreHeaders, external }: DoorOptions["authRules"],
): boolean {
  return fallback || ignoreHeaders || external || hasCredential(caller);
}

function challenge(error?: AtlassianMcpError): Response {
  const bearer = `Bearer realm="Atlassian"${error ? ', error="invalid_token"' : ""}`;
  const answer = refuse(
    401,
    error ? "invalid_token" : "unauthorized",
    error?.message ?? "This server needs your Atlassian credentials.",
    {
      next:
        error?.details.next ??
        "Send Authorization: Basic base64(EMAIL:API_TOKEN) for Cloud, or Bearer PERSONAL_ACCESS_TOKEN for Data " +
          "Center; or whoever runs the server sets ALLOW_GLOBAL_CRED_FALLBACK=true.",
    },
  );
  answer.headers.append("WWW-Authenticate", 'Basic realm="Atlassian", charset="UTF-8"');
  answer.headers.append("WWW-Authenticate", bearer);
  return answer;
}

function refuse(
  status: 400 | 401 | 403,
  error: string,
  description: string,
  more: { next?: string | undefined },
): Response {
  return Response.json({ error, error_description: description, ...more }, { status });
}

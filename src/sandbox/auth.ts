import type { GatewayToken } from "./people.ts";
import type { Principal, SandboxAnswer, SandboxProduct, SandboxUser, SiteName } from "./types.ts";

/** What authentication made of a request: who it is, or the answer that refuses it. */
export type AuthOutcome =
  | { readonly principal: Principal }
  | { readonly principal: undefined; readonly refusal: SandboxAnswer };

export interface AuthOptions {
  readonly users: readonly SandboxUser[];
  readonly oauth: readonly GatewayToken[];
  readonly scoped: readonly GatewayToken[];
}

/** Judges the `Authorization` header of a request; outcomes of valid headers are kept. */
export type Authenticator = (
  site: SiteName,
  product: SandboxProduct,
  authorization: string | undefined,
) => AuthOutcome;

const html = { "content-type": "text/html;charset=UTF-8" };

export function createAuthenticator(options: AuthOptions): Authenticator {
  const known = new Map<string, AuthOutcome>();
  return (site, product, authorization) => {
    if (authorization === undefined) return refused(anonymous(site, product));
    const key = `${site} ${authorization}`;
    const kept = known.get(key);
    if (kept !== undefined) return kept;
    const principal = identify(options, site, authorization);
    if (principal === undefined) return refused(denied(site, product, authorization));
    const outcome: AuthOutcome = { principal };
    known.set(key, outcome);
    return outcome;
  };
}

/** True when one of the route's scope sets is granted; classic tokens and Data Center are not scoped. */
export function hasScopes(
  principal: Principal,
  sets: readonly (readonly string[])[] | undefined,
): boolean {
  const granted = principal.scopes;
  if (granted === undefined || sets === undefined) return true;
  return sets.some((set) => set.every((scope) => granted.includes(scope)));
}

/** What the gateway answers when a token is good but not for this operation. */
export const scopeMismatch: SandboxAnswer = {
  status: 401,
  json: { code: 401, message: "Unauthorized; scope does not match" },
};

function refused(refusal: SandboxAnswer): AuthOutcome {
  return { principal: undefined, refusal };
}

function identify(
  options: AuthOptions,
  site: SiteName,
  authorization: string,
): Principal | undefined {
  const [scheme = "", value = ""] = authorization.split(/ +/, 2);
  const active = options.users.filter((user) => user.active);
  if (scheme.toLowerCase() === "bearer") {
    if (site === "cloud") return undefined;
    if (site === "gateway") return byToken(active, options.oauth, "oauth", value);
    const user = active.find((candidate) => candidate.personalToken === value);
    return user && { user, method: "pat" };
  }
  if (scheme.toLowerCase() !== "basic") return undefined;
  const decoded = Buffer.from(value, "base64").toString("utf8");
  const colon = decoded.indexOf(":");
  const login = decoded.slice(0, colon);
  const secret = decoded.slice(colon + 1);
  if (colon < 1) return undefined;
  if (site === "gateway") {
    const found = byToken(active, options.scoped, "scoped-token", secret);
    return found?.user.email === login ? found : undefined;
  }
  const user = active.find((candidate) =>
    site === "cloud"
      ? candidate.email === login && candidate.apiToken === secret
      : candidate.name === login && candidate.password === secret,
  );
  return user && { user, method: "basic" };
}

function byToken(
  users: readonly SandboxUser[],
  tokens: readonly GatewayToken[],
  method: "oauth" | "scoped-token",
  value: string,
): Principal | undefined {
  const token = tokens.find((candidate) => candidate.value === value);
  const user = users.find((candidate) => candidate.name === token?.owner);
  return user && token && { user, method, scopes: token.scopes };
}

function anonymous(site: SiteName, product: SandboxProduct): SandboxAnswer {
  if (site === "gateway") return { status: 401, json: { code: 401, message: "Unauthorized" } };
  if (site === "jira-data-center") {
    return {
      status: 401,
      headers: { "www-authenticate": 'OAuth realm="http%3A%2F%2F127.0.0.1"' },
      json: {
        errorMessages: [
          "You are not authenticated. Authentication required to perform this operation.",
        ],
        errors: {},
      },
    };
  }
  return product === "jira" ? jiraUnauthenticated : confluenceUnauthenticated;
}

function denied(site: SiteName, product: SandboxProduct, authorization: string): SandboxAnswer {
  const bearer = /^bearer /i.test(authorization);
  if (site === "gateway") return anonymous(site, product);
  if (site === "cloud" && bearer) {
    return { status: 403, json: { error: "Failed to parse Connect Session Auth Token" } };
  }
  if (bearer || product === "confluence") {
    return product === "jira" ? jiraUnauthenticated : confluenceUnauthenticated;
  }
  if (site === "cloud") {
    return {
      ...jiraUnauthenticated,
      headers: { "x-seraph-loginreason": "AUTHENTICATED_FAILED" },
    };
  }
  return {
    status: 401,
    headers: { ...html, "x-seraph-loginreason": "AUTHENTICATED_FAILED" },
    text: "<html><head><title>Unauthorized (401)</title></head><body>Basic Authentication Failure - Reason : AUTHENTICATED_FAILED</body></html>",
  };
}

const jiraUnauthenticated: SandboxAnswer = {
  status: 401,
  json: { message: "Client must be authenticated to access this resource.", "status-code": 401 },
};

const confluenceUnauthenticated: SandboxAnswer = {
  status: 401,
  json: {
    statusCode: 401,
    data: { authorized: false, valid: true, errors: [], successful: false },
    message: "Client must be authenticated to access this resource.",
    reason: "Unauthorized",
  },
};

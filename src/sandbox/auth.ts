import type { BasicGuard } from "./login/basic-guard.ts";
import { cloudId, type GatewayToken } from "./people.ts";
import type {
  DataCenterSite,
  Principal,
  SandboxAnswer,
  SandboxProduct,
  SandboxUser,
  SiteName,
} from "./types.ts";

/** What authentication made of a request: who it is, or the answer that refuses it. */
export type AuthOutcome =
  | { readonly principal: Principal }
  | {
      readonly principal: undefined;
      readonly refusal: SandboxAnswer;
      /** True: not even what anonymous requests may see. */
      readonly isFinal?: boolean | undefined;
    };

export interface AuthOptions {
  /** Who can sign in. */
  readonly users: readonly SandboxUser[];
  /** The users and the account for programs. */
  readonly tokenOwners: readonly SandboxUser[];
  readonly gatewayTokens: readonly GatewayToken[];
  /** Whom a bearer token stands for that was given out while the sandbox runs. */
  issued(site: SiteName, token: string): Principal | undefined;
  readonly guards: Readonly<Record<DataCenterSite, BasicGuard>>;
  /** Outcomes of headers that stay valid; cleared from outside when they no longer are. */
  readonly known: Map<string, AuthOutcome>;
}

/** Judges the `Authorization` header of a request; outcomes of fixed credentials are kept. */
export type Authenticator = (
  site: SiteName,
  product: SandboxProduct,
  authorization: string | undefined,
) => AuthOutcome;

const html = { "content-type": "text/html;charset=UTF-8" };

export function createAuthenticator(options: AuthOptions): Authenticator {
  const { known } = options;
  return (site, product, authorization) => {
    if (authorization === undefined) return refused(anonymous(site, product));
    const key = `${site} ${authorization}`;
    const kept = known.get(key);
    if (kept !== undefined) return kept;
    const header = readHeader(authorization);
    if (header.kind === "bearer") {
      const principal = options.issued(site, header.token);
      if (principal !== undefined) return { principal };
    }
    if (header.kind === "basic" && isDataCenter(site)) {
      return byPassword(options, site, product, key, header);
    }
    const principal = identify(options, site, header);
    if (principal === undefined) return refused(denied(site, product, header.kind));
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

type Header =
  | { readonly kind: "bearer"; readonly token: string }
  | { readonly kind: "basic"; readonly login: string; readonly secret: string }
  | { readonly kind: "other" };

function readHeader(authorization: string): Header {
  const [scheme = "", value = ""] = authorization.split(/ +/, 2);
  if (scheme.toLowerCase() === "bearer") return { kind: "bearer", token: value };
  if (scheme.toLowerCase() !== "basic") return { kind: "other" };
  const decoded = Buffer.from(value, "base64").toString("utf8");
  const colon = decoded.indexOf(":");
  return {
    kind: "basic",
    login: decoded.slice(0, Math.max(colon, 0)),
    secret: decoded.slice(colon + 1),
  };
}

function isDataCenter(site: SiteName): site is DataCenterSite {
  return site === "jira-data-center" || site === "confluence-data-center";
}

function byPassword(
  { users, guards, known }: AuthOptions,
  site: DataCenterSite,
  product: SandboxProduct,
  key: string,
  { login, secret }: { readonly login: string; readonly secret: string },
): AuthOutcome {
  const guard = guards[site];
  const refusal = guard.refusalFor(login);
  if (refusal) return { principal: undefined, refusal, isFinal: true };
  const user = users.find(({ name, password }) => name === login && password === secret);
  if (user === undefined) {
    guard.failed(login);
    return refused(denied(site, product, "basic"));
  }
  guard.succeeded(login);
  const outcome: AuthOutcome = { principal: { user, method: "basic" } };
  if (guard.isCalm) known.set(key, outcome);
  return outcome;
}

function identify(options: AuthOptions, site: SiteName, header: Header): Principal | undefined {
  if (header.kind === "other") return undefined;
  if (site === "gateway") return byGatewayToken(options, header);
  if (header.kind === "bearer") {
    if (!isDataCenter(site)) return undefined;
    const user = options.users.find(({ personalToken }) => personalToken === header.token);
    return user && { user, method: "pat" };
  }
  const { login, secret } = header;
  const user = options.users.find(({ email, apiToken }) => email === login && apiToken === secret);
  return user && { user, method: "basic" };
}

function byGatewayToken(
  { gatewayTokens, tokenOwners }: AuthOptions,
  header: Exclude<Header, { readonly kind: "other" }>,
): Principal | undefined {
  const isBearer = header.kind === "bearer";
  const value = isBearer ? header.token : header.secret;
  const token = gatewayTokens.find((candidate) => candidate.value === value);
  if (token === undefined || token.kind === (isBearer ? "scoped" : "oauth")) return undefined;
  const user = tokenOwners.find(({ name }) => name === token.owner);
  if (user === undefined || (header.kind === "basic" && header.login !== user.email)) {
    return undefined;
  }
  const method = token.kind === "oauth" ? "oauth" : "scoped-token";
  return { user, method, scopes: token.scopes, sites: [cloudId] };
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

function denied(site: SiteName, product: SandboxProduct, kind: Header["kind"]): SandboxAnswer {
  const bearer = kind === "bearer";
  const cloud = site === "cloud" || site === "cloud-labs";
  if (site === "gateway") return anonymous(site, product);
  if (cloud && bearer) {
    return { status: 403, json: { error: "Failed to parse Connect Session Auth Token" } };
  }
  if (bearer || (cloud && product === "confluence")) {
    return product === "jira" ? jiraUnauthenticated : confluenceUnauthenticated;
  }
  if (cloud) {
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

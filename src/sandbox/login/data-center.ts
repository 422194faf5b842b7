import type {
  DataCenterScope,
  DataCenterSite,
  SandboxAnswer,
  SandboxProduct,
  SandboxUser,
} from "../types.ts";
import { createAuthorize } from "./authorize.ts";
import { type CounterRequest, formOf, formType, mediaTypeOf, wrongMethod } from "./counter.ts";
import type { IssuedTokens, TokenRules } from "./issuer.ts";
import {
  clientOf,
  createTokenEndpoint,
  type TokenDesk,
  type TokenDialect,
  type TokenRefusal,
} from "./token-endpoint.ts";

const levels: readonly DataCenterScope[] = ["READ", "WRITE", "ADMIN", "SYSTEM_ADMIN"];

/** Data Center's tokens; a replaced refresh token is refused at once. */
export const dataCenterRules: TokenRules = {
  accessSeconds: 2 * 3600,
  refreshDays: 90,
  leewayMs: 0,
  endsGrantOnReuse: false,
  principalOf: ({ user, scopes }) => ({ user, method: "oauth", level: highest(scopes) }),
};

function highest(scopes: readonly string[]): DataCenterScope {
  return levels.findLast((level) => scopes.includes(level)) ?? "READ";
}

function isKnown(scope: string): boolean {
  return levels.some((level) => level === scope);
}

/** POST operations that change nothing, below the context path. */
const readingPosts = new Set(["/rest/api/2/search"]);

/** What a token of this level gets instead of an answer; `undefined`: the operation is open to it. */
export function belowLevel(
  level: DataCenterScope,
  product: SandboxProduct,
  method: string,
  path: string,
): SandboxAnswer | undefined {
  if (level !== "READ" || method === "GET" || readingPosts.has(path)) return undefined;
  const message = "The access token does not have the scope that this operation needs.";
  return {
    status: 403,
    json:
      product === "jira"
        ? { errorMessages: [message], errors: {} }
        : { statusCode: 403, message, reason: "Forbidden" },
  };
}

const refusals: Readonly<Record<TokenRefusal, readonly [number, string, string]>> = {
  malformed: [400, "invalid_request", "A required parameter is missing"],
  "unknown client": [401, "invalid_client", "Client authentication failed"],
  "unsupported grant": [400, "unsupported_grant_type", "The grant type is not supported"],
  "grant not for this client": [
    400,
    "unauthorized_client",
    "Grant type not allowed for the client",
  ],
  "bad code": [400, "invalid_grant", "The authorization code is invalid"],
  "bad refresh token": [400, "invalid_grant", "The refresh token is invalid"],
  "bad scope": [400, "invalid_scope", "The scope is missing or unknown"],
};

export function dataCenterDialect(service: SandboxUser): TokenDialect {
  return {
    takesJson: false,
    withRefresh: true,
    serve(issuer, { clientId }, scope = "") {
      const scopes = scope.split(" ");
      if (!scopes.every(isKnown)) return "bad scope";
      return issuer.issue({ clientId, user: service, scopes, sites: [] }, false);
    },
    show: ({ accessToken, refreshToken, expiresInSeconds, scopes }: IssuedTokens, at) => ({
      access_token: accessToken,
      token_type: "bearer",
      expires_in: expiresInSeconds,
      ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
      scope: scopes.join(" "),
      created_at: Math.floor(at.getTime() / 1000),
    }),
    refuse: oauthError,
  };
}

function oauthError(refusal: TokenRefusal): SandboxAnswer {
  const [status, error, error_description] = refusals[refusal];
  return { status, headers: { "cache-control": "no-store" }, json: { error, error_description } };
}

/** The OAuth 2.0 provider of one site: answers by the path below `/rest/oauth2/latest`. */
export function createProvider(
  desk: TokenDesk & { readonly site: DataCenterSite },
  users: readonly SandboxUser[],
): Readonly<Record<string, (request: CounterRequest) => SandboxAnswer>> {
  return {
    "/authorize": createAuthorize({
      apps: desk.apps,
      issuer: desk.issuer,
      users,
      sites: [],
      challengeMethods: ["S256", "plain"],
      check: (query) =>
        (query.get("scope") ?? "").split(" ").every(isKnown)
          ? undefined
          : { error: "invalid_scope", description: "The scope is unknown" },
      refuse: "Deny",
    }),
    "/token": formOnly(createTokenEndpoint(desk)),
    "/revoke": formOnly((request) => revoke(desk, request)),
  };
}

function formOnly(
  serve: (request: CounterRequest) => SandboxAnswer,
): (request: CounterRequest) => SandboxAnswer {
  return (request) =>
    request.method === "POST" && mediaTypeOf(request) !== formType
      ? { status: 415, json: { message: "Unsupported Media Type", "status-code": 415 } }
      : serve(request);
}

/** RFC 7009: an unknown token is no error, because it cannot be used either way. */
function revoke({ apps, issuer }: TokenDesk, request: CounterRequest): SandboxAnswer {
  if (request.method !== "POST") return wrongMethod("POST");
  const fields = formOf(request);
  const app = clientOf(apps, request, fields);
  if (app === undefined) return oauthError("unknown client");
  const token = fields.get("token");
  if (token === null) return oauthError("malformed");
  issuer.revoke(token, app.clientId);
  return { status: 200 };
}

import { hasScopes, scopeMismatch } from "../auth.ts";
import type { Principal, SandboxAnswer, SandboxUser } from "../types.ts";
import { type AuthorizeOptions, createAuthorize, missing } from "./authorize.ts";
import type { Counter, CounterRequest } from "./counter.ts";
import type { IssuedTokens, TokenRules } from "./issuer.ts";
import type { CloudSite } from "./page.ts";
import {
  createTokenEndpoint,
  type TokenDesk,
  type TokenDialect,
  type TokenRefusal,
} from "./token-endpoint.ts";

/** Cloud's tokens: a replaced refresh token may come late by ten minutes, later it is taken for stolen. */
export const cloudRules: TokenRules = {
  accessSeconds: 3600,
  refreshDays: 90,
  leewayMs: 10 * 60_000,
  endsGrantOnReuse: true,
  principalOf: ({ user, scopes, sites }) => ({ user, method: "oauth", scopes, sites }),
};

const refusals: Readonly<Record<TokenRefusal, readonly [number, string, string]>> = {
  malformed: [400, "invalid_request", "A required parameter is missing."],
  "unknown client": [401, "access_denied", "Unauthorized"],
  "unsupported grant": [400, "unsupported_grant_type", "Unsupported grant type."],
  "grant not for this client": [
    403,
    "unauthorized_client",
    "Grant type not allowed for the client.",
  ],
  "bad code": [403, "invalid_grant", "Invalid authorization code"],
  "bad refresh token": [403, "invalid_grant", "Unknown or invalid refresh token."],
  "bad scope": [400, "invalid_scope", "Invalid scope."],
};

/** `serviceScopes` and `serviceSites` are what an administrator gave the service account. */
export function cloudDialect(
  service: SandboxUser,
  serviceScopes: readonly string[],
  serviceSites: readonly string[],
): TokenDialect {
  return {
    takesJson: true,
    withRefresh: undefined,
    serve(issuer, { clientId }, scope) {
      const wanted = scope?.split(" ") ?? serviceScopes;
      if (!wanted.every((name) => serviceScopes.includes(name))) return "bad scope";
      return issuer.issue({ clientId, user: service, scopes: wanted, sites: serviceSites }, false);
    },
    show: ({ accessToken, refreshToken, expiresInSeconds, scopes }: IssuedTokens) => ({
      access_token: accessToken,
      ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
      expires_in: expiresInSeconds,
      token_type: "Bearer",
      scope: scopes.join(" "),
    }),
    refuse(refusal) {
      const [status, error, error_description] = refusals[refusal];
      return {
        status,
        headers: { "cache-control": "no-store" },
        json: { error, error_description },
      };
    },
  };
}

/** The pages and endpoints of the login host by path; there is no discovery and no revocation. */
export function createLoginHost(
  desk: TokenDesk,
  users: readonly SandboxUser[],
  sites: readonly CloudSite[],
): (path: string) => Counter {
  const authorize = createAuthorize({
    apps: desk.apps,
    issuer: desk.issuer,
    users,
    sites,
    challengeMethods: ["S256"],
    check: checkCloudRequest,
    refuse: "Cancel",
  });
  const token = createTokenEndpoint(desk);
  const nothing = (): SandboxAnswer => ({ status: 404, text: "Not Found" });
  return (path) => {
    if (path === "/authorize") return { path, serve: authorize };
    if (path === "/oauth/token") return { path, serve: token };
    return { path, serve: nothing };
  };
}

const checkCloudRequest: AuthorizeOptions["check"] = (query) => {
  if (query.get("audience") !== "api.atlassian.com") return missing("audience");
  if (!query.get("state")) return missing("state");
  return query.get("prompt") === "consent" ? undefined : missing("prompt");
};

/** Finds whom the `Authorization` header of a gateway request stands for. */
export type GatewayIdentity = (authorization: string | undefined) => Principal | undefined;

/** `/oauth/token/accessible-resources` and `/me` of the gateway; only OAuth tokens open them. */
export function createProfile(
  sites: readonly CloudSite[],
  identify: GatewayIdentity,
): (path: string) => Counter | undefined {
  const withPrincipal =
    (answer: (principal: Principal) => SandboxAnswer) => (request: CounterRequest) => {
      const principal = identify(request.headers["authorization"]);
      if (principal?.method !== "oauth") return unauthorized;
      request.user = principal.user.name;
      return answer(principal);
    };
  const resources = withPrincipal((principal) => accessibleResources(sites, principal));
  const me = withPrincipal(whoAmI);
  return (path) => {
    if (path === "/oauth/token/accessible-resources") return { path, serve: resources };
    return path === "/me" ? { path, serve: me } : undefined;
  };
}

const unauthorized: SandboxAnswer = { status: 401, json: { code: 401, message: "Unauthorized" } };

const containers: readonly RegExp[] = [/:jira|servicedesk/, /confluence/];

/** One entry per site and product container, both with the same id, as the real list has it. */
function accessibleResources(
  sites: readonly CloudSite[],
  { scopes = [], sites: granted = [] }: Principal,
): SandboxAnswer {
  const entries = sites
    .filter(({ id }) => granted.includes(id))
    .flatMap(({ id, url, name }) =>
      containers.map((pattern) => ({
        id,
        url,
        name,
        scopes: scopes.filter((scope) => pattern.test(scope)),
        avatarUrl: `${url}/avatar.png`,
      })),
    );
  return { status: 200, json: entries.filter((entry) => entry.scopes.length > 0) };
}

function whoAmI(principal: Principal): SandboxAnswer {
  if (!hasScopes(principal, [["read:me"]])) return scopeMismatch;
  const { accountId, email, displayName } = principal.user;
  return {
    status: 200,
    json: {
      account_type: "atlassian",
      account_id: accountId,
      email,
      name: displayName,
      account_status: "active",
    },
  };
}

import type { OAuthApp } from "./types.ts";

/** Where an issuer's endpoints are. Atlassian publishes no discovery document, so they are written down here. */
export interface Endpoints {
  readonly authorize: URL;
  readonly token: URL;
  /** Absent on Cloud, which cannot revoke. */
  readonly revoke?: URL | undefined;
}

export function endpointsOf({ issuer }: Pick<OAuthApp, "issuer">): Endpoints {
  if (issuer.kind === "cloud") {
    return {
      authorize: below(issuer.authUrl, "authorize"),
      token: below(issuer.authUrl, "oauth/token"),
    };
  }
  return {
    authorize: below(issuer.baseUrl, "rest/oauth2/latest/authorize"),
    token: below(issuer.baseUrl, "rest/oauth2/latest/token"),
    revoke: below(issuer.baseUrl, "rest/oauth2/latest/revoke"),
  };
}

/** What protects one sign-in. */
export interface AuthorizationChecks {
  readonly state: string;
  /** S256 of the code verifier. */
  readonly codeChallenge: string;
}

/** The address at which a person signs in. */
export function authorizationUrl(app: OAuthApp, checks: AuthorizationChecks): URL {
  const url = new URL(endpointsOf(app).authorize);
  const parameters: Record<string, string> = {
    response_type: "code",
    client_id: app.clientId,
    scope: scopesOf(app).join(" "),
    state: checks.state,
    // Not documented for Cloud, where it does no harm.
    code_challenge: checks.codeChallenge,
    code_challenge_method: "S256",
    ...(app.redirectUri !== undefined && { redirect_uri: app.redirectUri }),
    // Both are documented as required; without consent Cloud does not always give a refresh token.
    ...(app.issuer.kind === "cloud" && { audience: "api.atlassian.com", prompt: "consent" }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url;
}

/** The scopes to ask for. `offline_access` is added on Cloud: without it nobody stays signed in. */
export function scopesOf({ issuer, scopes }: Pick<OAuthApp, "issuer" | "scopes">): string[] {
  if (issuer.kind === "datacenter") return scopes.length > 0 ? [...scopes] : ["WRITE"];
  const wanted = scopes.length > 0 ? scopes : defaultCloudScopes;
  return [...new Set([...wanted, "offline_access"])];
}

/** The host a person or an operator knows the issuer by. */
export function issuerHost({ issuer }: Pick<OAuthApp, "issuer">): string {
  return (issuer.kind === "cloud" ? issuer.authUrl : issuer.baseUrl).host;
}

/** Plain http, for development servers on this machine only. */
export function isLoopbackHttp(url: URL): boolean {
  return (
    url.protocol === "http:" &&
    /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname.toLowerCase())
  );
}

/** What the tools of the default set need. Cloud refuses requests with much more than 50. */
const defaultCloudScopes: readonly string[] = [
  "read:me",
  "read:jira-work",
  "write:jira-work",
  "read:jira-user",
  "read:servicedesk-request",
  "write:servicedesk-request",
  "read:board-scope:jira-software",
  "write:board-scope:jira-software",
  "read:sprint:jira-software",
  "write:sprint:jira-software",
  "read:epic:jira-software",
  "read:issue-details:jira",
  "read:jql:jira",
  "read:project:jira",
  "search:confluence",
  "read:page:confluence",
  "write:page:confluence",
  "read:space:confluence",
  "read:comment:confluence",
  "write:comment:confluence",
  "read:attachment:confluence",
  "readonly:content.attachment:confluence",
  "read:hierarchical-content:confluence",
];

function below(base: URL, path: string): URL {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/${path}`;
  url.search = "";
  url.hash = "";
  return url;
}

import type { SandboxAnswer, SiteName } from "../types.ts";
import type { AppList, OAuthApp } from "./apps.ts";
import { type CounterRequest, formOf, formType, mediaTypeOf, wrongMethod } from "./counter.ts";
import type { IssuedTokens, Issuer } from "./issuer.ts";

/** A request to a token endpoint, without its secrets. */
export interface TokenRequest {
  readonly site: SiteName;
  /** As sent, `""` where it was missing. */
  readonly grantType: string;
  readonly clientId: string;
  readonly status: number;
  readonly at: Date;
}

export type TokenRefusal =
  | "malformed"
  | "unknown client"
  | "unsupported grant"
  | "grant not for this client"
  | "bad code"
  | "bad refresh token"
  | "bad scope";

/** What differs between the token endpoints of Cloud and Data Center. */
export interface TokenDialect {
  readonly takesJson: boolean;
  /** Whether a code brings a refresh token; `undefined`: with the scope `offline_access`. */
  readonly withRefresh: true | undefined;
  /** What a service account gets for the scopes it asks for. */
  serve(issuer: Issuer, app: OAuthApp, scope: string | undefined): IssuedTokens | TokenRefusal;
  show(tokens: IssuedTokens, at: Date): unknown;
  refuse(refusal: TokenRefusal): SandboxAnswer;
}

export interface TokenDesk {
  readonly site: SiteName;
  readonly apps: AppList;
  readonly issuer: Issuer;
  readonly dialect: TokenDialect;
  readonly seen: TokenRequest[];
  readonly now: () => Date;
}

/** The token endpoint: who asks is checked first, then what for. */
export function createTokenEndpoint(desk: TokenDesk): (request: CounterRequest) => SandboxAnswer {
  return (request) => {
    if (request.method !== "POST") return wrongMethod("POST");
    const fields = fieldsOf(desk.dialect, request) ?? new URLSearchParams();
    const client = credentialsOf(request, fields);
    const answer = exchange(desk, fields, client);
    desk.seen.push({
      site: desk.site,
      grantType: fields.get("grant_type") ?? "",
      clientId: client.id,
      status: answer.status,
      at: desk.now(),
    });
    return answer;
  };
}

/** Client id and secret, from Basic or else from the body; `app` where they are right. */
export function clientOf(
  apps: AppList,
  request: CounterRequest,
  fields: URLSearchParams,
): OAuthApp | undefined {
  const { id, secret } = credentialsOf(request, fields);
  const app = apps.find(id);
  return app?.clientSecret === secret ? app : undefined;
}

function exchange(
  desk: TokenDesk,
  fields: URLSearchParams,
  client: { readonly id: string; readonly secret: string },
): SandboxAnswer {
  const { apps, dialect, now } = desk;
  if (!fields.has("grant_type")) return dialect.refuse("malformed");
  const app = apps.find(client.id);
  if (app?.clientSecret !== client.secret) return dialect.refuse("unknown client");
  const tokens = tokensFor(desk, app, fields);
  if (typeof tokens === "string") return dialect.refuse(tokens);
  return {
    status: 200,
    headers: { "cache-control": "no-store", pragma: "no-cache" },
    json: dialect.show(tokens, now()),
  };
}

function tokensFor(
  { issuer, dialect }: TokenDesk,
  app: OAuthApp,
  fields: URLSearchParams,
): IssuedTokens | TokenRefusal {
  const grantType = fields.get("grant_type");
  if (grantType === "client_credentials") {
    if (app.kind !== "service") return "grant not for this client";
    return dialect.serve(issuer, app, fields.get("scope") ?? undefined);
  }
  if (grantType !== "authorization_code" && grantType !== "refresh_token") {
    return "unsupported grant";
  }
  if (app.kind !== "people") return "grant not for this client";
  const { clientId } = app;
  if (grantType === "refresh_token") {
    const token = fields.get("refresh_token");
    if (token === null) return "malformed";
    return issuer.refresh(token, clientId) ?? "bad refresh token";
  }
  const code = fields.get("code");
  if (code === null) return "malformed";
  const redirectUri = fields.get("redirect_uri") ?? undefined;
  const verifier = fields.get("code_verifier") ?? undefined;
  return (
    issuer.redeem(code, { clientId, redirectUri, verifier }, dialect.withRefresh) ?? "bad code"
  );
}

/** The body as form fields; `undefined` for a body of another kind. */
function fieldsOf(dialect: TokenDialect, request: CounterRequest): URLSearchParams | undefined {
  const type = mediaTypeOf(request);
  if (type === formType) return formOf(request);
  if (type !== "application/json" || !dialect.takesJson) return undefined;
  try {
    const json: unknown = JSON.parse(request.body.toString("utf8"));
    if (typeof json !== "object" || json === null) return undefined;
    const strings = Object.entries(json).filter(([, value]) => typeof value === "string");
    return new URLSearchParams(strings);
  } catch {
    return undefined;
  }
}

function credentialsOf(
  { headers }: CounterRequest,
  fields: URLSearchParams,
): { readonly id: string; readonly secret: string } {
  const [, encoded] = /^basic +(\S+)$/i.exec(headers["authorization"] ?? "") ?? [];
  if (encoded === undefined) {
    return { id: fields.get("client_id") ?? "", secret: fields.get("client_secret") ?? "" };
  }
  const decoded = Buffer.from(encoded, "base64").toString("utf8");
  const colon = decoded.indexOf(":");
  // RFC 6749 §2.3.1: both halves are form-encoded before they are joined.
  const parts = new URLSearchParams(
    `id=${decoded.slice(0, Math.max(colon, 0))}&secret=${decoded.slice(colon + 1)}`,
  );
  return { id: parts.get("id") ?? "", secret: parts.get("secret") ?? "" };
}

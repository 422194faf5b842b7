import {
  type AuthorizationServer,
  allowInsecureRequests,
  authorizationCodeGrantRequest,
  ClientSecretPost,
  clientCredentialsGrantRequest,
  customFetch,
  processAuthorizationCodeResponse,
  processClientCredentialsResponse,
  processRefreshTokenResponse,
  processRevocationResponse,
  refreshTokenGrantRequest,
  revocationRequest,
  type TokenEndpointResponse,
  validateAuthResponse,
} from "oauth4webapi";
import { AtlassianMcpError } from "../../errors.ts";
import { endpointsOf, isLoopbackHttp, scopesOf } from "./endpoints.ts";
import { asRecorded, type Recorder, recordingFetch } from "./token-answer.ts";
import { explainTokenFailure, type TokenPurpose } from "./token-errors.ts";
import type { Fetch, OAuthApp } from "./types.ts";

/** What the token endpoint gave. */
export interface IssuedTokens {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  /** Seconds; one hour where the issuer does not say. */
  readonly expiresInS: number;
  /** Empty where the issuer does not say. */
  readonly scopes: readonly string[];
}

/** How requests to an issuer are made. */
export interface TokenRequestOptions {
  readonly fetch: Fetch;
  /** For the whole request; default 20 s. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly clock?: (() => number) | undefined;
}

/** What a sign-in came back with and what it began with. */
export interface CodeExchange {
  /** Parameters of the redirect, `code` and `state` among them. */
  readonly parameters: URLSearchParams;
  readonly expectedState: string;
  readonly codeVerifier: string;
}

const defaultExpiresInS = 3600;
const defaultTimeoutMs = 20_000;

/**
 * Turns the code of a redirect into tokens.
 *
 * @throws AtlassianMcpError `auth` for a state that is not ours, a refusal by the person, a code that is used up or
 *   late; otherwise as {@link refresh}.
 */
export function exchangeCode(
  app: OAuthApp,
  { parameters, expectedState, codeVerifier }: CodeExchange,
  options: TokenRequestOptions,
): Promise<IssuedTokens> {
  return ask(app, options, "code", parameters.get("code") ?? "", async (server, how) => {
    const client = { client_id: app.clientId };
    const checked = validateAuthResponse(server, client, parameters, expectedState);
    const auth = ClientSecretPost(app.clientSecret);
    const redirectUri = required(app.redirectUri, "ATLASSIAN_OAUTH_REDIRECT_URI");
    const response = await authorizationCodeGrantRequest(
      server,
      client,
      auth,
      checked,
      redirectUri,
      codeVerifier,
      how,
    );
    return issued(await processAuthorizationCodeResponse(server, client, response));
  });
}

/**
 * Turns a refresh token into new tokens. The answer usually holds another refresh token, which replaces the old one.
 *
 * @throws AtlassianMcpError `auth` when the refresh token is dead; `config` when the issuer does not accept the app;
 *   `rate_limited`, `upstream`, `network`, `timeout`, `shape` when it could not be asked.
 */
export function refresh(
  app: OAuthApp,
  refreshToken: string,
  options: TokenRequestOptions,
): Promise<IssuedTokens> {
  return ask(app, options, "refresh", refreshToken, async (server, how) => {
    const client = { client_id: app.clientId };
    const auth = ClientSecretPost(app.clientSecret);
    const response = await refreshTokenGrantRequest(server, client, auth, refreshToken, how);
    return issued(await processRefreshTokenResponse(server, client, response));
  });
}

/** A token for a service account. Data Center requires a scope; Cloud knows it from the account. Errors as {@link refresh}. */
export function clientCredentials(
  app: OAuthApp,
  options: TokenRequestOptions,
): Promise<IssuedTokens> {
  return ask(app, options, "client", "", async (server, how) => {
    const client = { client_id: app.clientId };
    const auth = ClientSecretPost(app.clientSecret);
    const scope = app.issuer.kind === "cloud" ? app.scopes : scopesOf(app);
    const parameters = new URLSearchParams(
      scope.length > 0 ? { scope: scope.join(" ") } : undefined,
    );
    const response = await clientCredentialsGrantRequest(server, client, auth, parameters, how);
    return issued(await processClientCredentialsResponse(server, client, response));
  });
}

/** Makes a token invalid at the issuer. False on Cloud, which has no way to do that. Errors as {@link refresh}. */
export async function revoke(
  app: OAuthApp,
  token: string,
  options: TokenRequestOptions,
): Promise<boolean> {
  if (endpointsOf(app).revoke === undefined) return false;
  await ask(app, options, "revoke", token, async (server, how) => {
    const client = { client_id: app.clientId };
    const auth = ClientSecretPost(app.clientSecret);
    await processRevocationResponse(await revocationRequest(server, client, auth, token, how));
  });
  return true;
}

interface LibraryOptions {
  readonly [customFetch]: Recorder["fetch"];
  readonly [allowInsecureRequests]: boolean;
  readonly signal: AbortSignal;
}

async function ask<T>(
  app: OAuthApp,
  { fetch, signal, timeoutMs = defaultTimeoutMs, clock = Date.now }: TokenRequestOptions,
  purpose: TokenPurpose,
  secret: string,
  request: (server: AuthorizationServer, how: LibraryOptions) => Promise<T>,
): Promise<T> {
  required(app.clientId, "ATLASSIAN_OAUTH_CLIENT_ID");
  required(app.clientSecret, "ATLASSIAN_OAUTH_CLIENT_SECRET");
  const recorder = recordingFetch(fetch, clock);
  const limit = AbortSignal.timeout(timeoutMs);
  const how = {
    [customFetch]: recorder.fetch,
    [allowInsecureRequests]: isLoopbackHttp(endpointsOf(app).token),
    signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
  };
  try {
    return await request(serverOf(app), how);
  } catch (cause) {
    // The caller gave up; that is no failure of the issuer.
    if (signal?.aborted === true) throw signal.reason;
    const secrets = [app.clientSecret, secret];
    const facts = { app, purpose, timeoutMs, isLate: limit.aborted, secrets };
    throw explainTokenFailure(cause, asRecorded(recorder), facts);
  }
}

function required(value: string | undefined, setting: string): string {
  if (value !== undefined && value !== "") return value;
  throw new AtlassianMcpError("config", `${setting} is not set; tokens cannot be had without it`, {
    setting,
    next: `Set ${setting} as it is registered with the OAuth app.`,
  });
}

function serverOf(app: OAuthApp): AuthorizationServer {
  const { authorize, token, revoke: revocation } = endpointsOf(app);
  return {
    issuer: authorize.origin,
    authorization_endpoint: authorize.href,
    token_endpoint: token.href,
    ...(revocation !== undefined && { revocation_endpoint: revocation.href }),
  };
}

function issued(answer: TokenEndpointResponse): IssuedTokens {
  return {
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token,
    expiresInS: answer.expires_in ?? defaultExpiresInS,
    scopes: answer.scope?.split(/[\s,]+/).filter((scope) => scope !== "") ?? [],
  };
}

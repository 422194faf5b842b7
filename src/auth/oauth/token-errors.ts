import {
  AuthorizationResponseError,
  HTTP_REQUEST_FORBIDDEN,
  OperationProcessingError,
  ResponseBodyError,
  UnsupportedOperationError,
} from "oauth4webapi";
import { AtlassianMcpError, type ErrorCode, type ErrorDetails } from "../../errors.ts";
import { errorFromFailure } from "../../http/network-errors.ts";
import { settingPrefix } from "../../http/product.ts";
import { quotable } from "../../http/redact.ts";
import { issuerHost } from "./endpoints.ts";
import type { TokenAnswer } from "./token-answer.ts";
import type { OAuthApp } from "./types.ts";

/** What a request to the token endpoint was for. */
export type TokenPurpose = "code" | "refresh" | "client" | "revoke";

export interface TokenFacts {
  readonly app: OAuthApp;
  readonly purpose: TokenPurpose;
  readonly timeoutMs: number;
  /** The time limit of the request has passed. */
  readonly isLate: boolean;
  /** Values that the issuer may echo and nobody may read. */
  readonly secrets: readonly string[];
}

/**
 * What a failed request to the token endpoint means. Errors of the OAuth library are never kept as a cause: they hold
 * whole bodies, tokens included.
 */
export function explainTokenFailure(
  cause: unknown,
  answer: TokenAnswer | undefined,
  facts: TokenFacts,
): AtlassianMcpError {
  if (cause instanceof AtlassianMcpError) return cause;
  if (answer !== undefined) return explainAnswer(answer, facts);
  if (cause instanceof AuthorizationResponseError) return refusedSignIn(cause, facts);
  if (cause instanceof OperationProcessingError && cause.code === HTTP_REQUEST_FORBIDDEN)
    return needsHttps(facts);
  if (isOfLibrary(cause)) return foreignRedirect();
  return unreachable(cause, facts);
}

/** `auth`: nobody signed in, or not any more. It names the command that helps. */
export function signInNeeded(message: string, command: string, cause?: unknown): AtlassianMcpError {
  return new AtlassianMcpError("auth", message, { next: `Run ${command} and try again.` }, cause);
}

function explainAnswer(answer: TokenAnswer, facts: TokenFacts): AtlassianMcpError {
  const { status, error = "" } = answer;
  if (status === 429) return rateLimited(answer, facts);
  if (status >= 500) return failedIssuer(answer, facts);
  if (isDeadGrant(answer, facts)) return deadGrant(answer, facts);
  if (error === "invalid_scope") return problem("config", scopeRefused, answer, facts);
  if (isRefusedApp(answer)) return problem("config", appRefused, answer, facts);
  if (error !== "") return problem("config", requestRefused, answer, facts);
  if (status >= 200 && status < 300) return problem("shape", unknownAnswer, answer, facts);
  if (status === 404 || status === 410) return problem("config", noEndpoint, answer, facts);
  return problem("upstream", strangeAnswer, answer, facts);
}

/** Atlassian answers a dead refresh token with 400, 401 or 403, and not always with the word the standard has for it. */
function isDeadGrant({ error, description = "" }: TokenAnswer, { purpose }: TokenFacts): boolean {
  if (error === "invalid_grant") return true;
  const isRefusal = error === "unauthorized_client" || error === "access_denied";
  return purpose === "refresh" && isRefusal && /refresh[ _]?token/i.test(description);
}

function isRefusedApp({ status, error }: TokenAnswer): boolean {
  return (
    error === "invalid_client" ||
    error === "unauthorized_client" ||
    error === "access_denied" ||
    (status === 401 && error === undefined)
  );
}

interface Explanation {
  readonly message: (host: string, facts: TokenFacts) => string;
  readonly setting?: (facts: TokenFacts) => string;
  readonly next: (facts: TokenFacts) => string;
}

const appRefused: Explanation = {
  message: (host) => `${host} does not accept the OAuth app's id and secret`,
  setting: () => "ATLASSIAN_OAUTH_CLIENT_SECRET",
  next: ({ app }) =>
    `Copy client id and secret again from ${appPage(app)} into ATLASSIAN_OAUTH_CLIENT_ID and ATLASSIAN_OAUTH_CLIENT_SECRET.`,
};

const scopeRefused: Explanation = {
  message: (host) => `${host} refuses the scopes that were asked for`,
  setting: () => "ATLASSIAN_OAUTH_SCOPE",
  next: ({ app }) => `Ask in ATLASSIAN_OAUTH_SCOPE only for what is allowed in ${appPage(app)}.`,
};

const requestRefused: Explanation = {
  message: (host) => `${host} refuses the request for a token`,
  setting: ({ purpose }) =>
    purpose === "code" ? "ATLASSIAN_OAUTH_REDIRECT_URI" : "ATLASSIAN_OAUTH_CLIENT_ID",
  next: ({ app, purpose }) =>
    purpose === "code"
      ? `Make ATLASSIAN_OAUTH_REDIRECT_URI the same, to the letter, as the callback address in ${appPage(app)}.`
      : `Check in ${appPage(app)} that the app still exists and may do this.`,
};

const noEndpoint: Explanation = {
  message: (host) => `${host} has no OAuth token endpoint at the expected address`,
  setting: ({ app }) => addressSetting(app),
  next: ({ app }) =>
    app.issuer.kind === "cloud"
      ? `Check ${addressSetting(app)}.`
      : `Check ${addressSetting(app)} with its context path; OAuth needs Jira 8.22 or Confluence 7.17, or later.`,
};

const strangeAnswer: Explanation = {
  message: (host) => `${host} did not answer like an OAuth server`,
  next: () =>
    "A proxy or sign-in page in between is the usual cause; ask whoever runs the network.",
};

const unknownAnswer: Explanation = {
  message: (host) => `${host} answered a request for a token in an unknown form`,
  next: strangeAnswer.next,
};

function problem(
  code: ErrorCode,
  { message, setting, next }: Explanation,
  answer: TokenAnswer,
  facts: TokenFacts,
): AtlassianMcpError {
  const text = `${message(issuerHost(facts.app), facts)}${inTheirWords(answer, facts)}`;
  return new AtlassianMcpError(code, text, {
    ...common(answer, facts),
    setting: setting?.(facts),
    next: next(facts),
  });
}

function deadGrant(answer: TokenAnswer, facts: TokenFacts): AtlassianMcpError {
  const host = issuerHost(facts.app);
  const what =
    facts.purpose === "code"
      ? `${host} no longer accepts the code of this sign-in: it was used before, took too long, or belongs to another callback address`
      : `${host} no longer accepts the stored login: it was withdrawn, was not used for a long time, or the password was changed`;
  return new AtlassianMcpError("auth", `${what}${inTheirWords(answer, facts)}`, {
    ...common(answer, facts),
    next: "Sign in again.",
  });
}

function rateLimited(answer: TokenAnswer, facts: TokenFacts): AtlassianMcpError {
  const host = issuerHost(facts.app);
  return new AtlassianMcpError("rate_limited", `${host} gets too many requests for tokens`, {
    ...common(answer, facts),
    retryAfterMs: answer.retryAfterMs,
    next: "Try again later.",
  });
}

function failedIssuer(answer: TokenAnswer, facts: TokenFacts): AtlassianMcpError {
  const host = issuerHost(facts.app);
  const text = `${host} failed to issue a token (status ${answer.status})`;
  return new AtlassianMcpError("upstream", `${text}${inTheirWords(answer, facts)}`, {
    ...common(answer, facts),
    retryAfterMs: answer.retryAfterMs,
    next: "Try again in a minute; if it persists, look at the status page of the site.",
  });
}

function refusedSignIn(
  { error, error_description }: AuthorizationResponseError,
  facts: TokenFacts,
): AtlassianMcpError {
  const words = inTheirWords({ status: 0, error, description: error_description }, facts);
  if (error === "access_denied") {
    return new AtlassianMcpError("auth", `The sign-in was refused or cancelled${words}`, {
      next: "Sign in again and accept the request; an administrator may have to allow the app first.",
    });
  }
  const setting = error === "invalid_scope" ? "ATLASSIAN_OAUTH_SCOPE" : "ATLASSIAN_OAUTH_CLIENT_ID";
  return new AtlassianMcpError("auth", `${issuerHost(facts.app)} ended the sign-in${words}`, {
    setting,
    next: `Check callback address, scopes and sharing in ${appPage(facts.app)}, then sign in again.`,
  });
}

function foreignRedirect(): AtlassianMcpError {
  return new AtlassianMcpError("auth", "The answer does not belong to the sign-in that was begun", {
    next: "Close other sign-in pages and sign in again.",
  });
}

function needsHttps({ app }: TokenFacts): AtlassianMcpError {
  return new AtlassianMcpError(
    "config",
    `${issuerHost(app)} is addressed without encryption; secrets are not sent that way`,
    { setting: addressSetting(app), next: `Begin ${addressSetting(app)} with https://.` },
  );
}

function unreachable(cause: unknown, facts: TokenFacts): AtlassianMcpError {
  const { app, isLate, timeoutMs } = facts;
  const host = issuerHost(app);
  if (isLate) {
    const text = `${host} did not answer a request for a token within ${timeoutMs / 1000} s`;
    return new AtlassianMcpError("timeout", text, {
      operation,
      next: "Try again; if it persists, check the network and whether a proxy is needed.",
    });
  }
  const product = app.issuer.kind === "cloud" ? "jira" : app.issuer.product;
  const error = errorFromFailure(cause, { product, operation, host });
  if (app.issuer.kind === "datacenter") return error;
  // Its advice names the product's own settings, and the login host is not one of them.
  const next = `Check the network and whether a proxy is needed to reach ${host} (${addressSetting(app)}).`;
  return new AtlassianMcpError(error.code, error.message, { operation, next }, cause);
}

const operation = "POST token endpoint";

function common({ status }: TokenAnswer, { app }: TokenFacts): ErrorDetails {
  const product = app.issuer.kind === "cloud" ? undefined : app.issuer.product;
  return { status, operation, product };
}

function inTheirWords({ error, description }: TokenAnswer, { secrets }: TokenFacts): string {
  const words = [error, description].filter((part) => part !== undefined).join(": ");
  return words === "" ? "" : ` ("${quotable(words, secrets)}")`;
}

function addressSetting({ issuer }: OAuthApp): string {
  return issuer.kind === "cloud" ? "ATLASSIAN_AUTH_URL" : `${settingPrefix(issuer.product)}_URL`;
}

function appPage({ issuer }: OAuthApp): string {
  return issuer.kind === "cloud"
    ? "the developer console (developer.atlassian.com/console/myapps)"
    : "the site's application links (administration, incoming link)";
}

function isOfLibrary(cause: unknown): boolean {
  return (
    cause instanceof OperationProcessingError ||
    cause instanceof UnsupportedOperationError ||
    cause instanceof ResponseBodyError
  );
}

import { AtlassianMcpError } from "../errors.ts";
import { parsedUrl } from "../parsed-url.ts";
import { type FailedAnswer, loginRedirectError } from "./errors.ts";
import { productName, settingPrefix } from "./product.ts";
import { quotable } from "./redact.ts";
import type { Method } from "./types.ts";

/** Redirects in a row that are followed. */
export const maxRedirects = 5;

export function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}

/**
 * Where a redirected request goes next: only a GET, and only within the origin, so that neither credentials nor
 * custom headers ever reach a host the operator did not name.
 *
 * @throws AtlassianMcpError `auth` when the target is a login page, `upstream` naming the target for anything else.
 */
export function redirectTarget(
  answer: FailedAnswer,
  from: URL,
  method: Method,
  followed: number,
): URL {
  const location = answer.headers.location;
  const target = location === undefined ? undefined : parsedUrl(location, from.href);
  if (target === undefined) {
    throw redirectError(
      answer,
      "nowhere",
      "Try again; ask the site's administrators if it persists.",
    );
  }
  // Without query and user information: both may carry secrets.
  const shown = quotable(`${target.origin}${target.pathname}`);
  if (isLoginUrl(target, from)) throw loginRedirectError(answer, shown);
  if (target.origin !== from.origin) {
    throw redirectError(answer, shown, moveNext(answer, from, target));
  }
  if (method !== "GET") {
    throw redirectError(
      answer,
      shown,
      "Only reads follow redirects; nothing was sent to the new place.",
    );
  }
  if (followed >= maxRedirects) {
    throw redirectError(
      answer,
      shown,
      "The site redirects in circles; its administrators have to look.",
    );
  }
  // User information in a location would replace the credentials.
  target.username = "";
  target.password = "";
  return target;
}

function moveNext(answer: FailedAnswer, from: URL, target: URL): string {
  const setting = `${settingPrefix(answer.product)}_URL`;
  return target.hostname === from.hostname || target.protocol === "https:"
    ? `If ${target.host} is the site's real address, set ${setting} to it with ${target.protocol}//; requests are not sent on to other hosts.`
    : `Check ${setting}; requests are not sent on to other hosts.`;
}

function redirectError(answer: FailedAnswer, target: string, next: string): AtlassianMcpError {
  const { status, product, operation } = answer;
  const message = `${productName(product)} redirected ${operation} to ${target}`;
  return new AtlassianMcpError("upstream", message, { status, product, operation, next });
}

const loginWords =
  /(^|[/._-])(log-?in|sign-?in|sso|saml2?|adfs|authn?|oauth2?|idp|openid-connect)([/._-]|$)/i;
const loginParameters = [
  "SAMLRequest",
  "os_destination",
  "RelayState",
  "response_type",
  "permissionViolation",
];

function isLoginUrl(url: URL, from: URL): boolean {
  if (loginParameters.some((name) => url.searchParams.has(name))) return true;
  // A site may well be called sso.example.com itself; only a move to such a host tells.
  return loginWords.test(url.host === from.host ? url.pathname : `${url.hostname}${url.pathname}`);
}

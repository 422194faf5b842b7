import { AtlassianMcpError, type ErrorCode, wholeSeconds } from "../errors.ts";
import { type ErrorBody, readErrorBody } from "./error-body.ts";
import { productName, settingPrefix } from "./product.ts";
import { quotable } from "./redact.ts";
import { type AnswerHeaders, serverWaitMs } from "./retry-after.ts";
import { apiTokenAdvice, patAdvice, type SignIn, signInAdvice } from "./sign-in.ts";

/** An answer that is not what was asked for. */
export interface FailedAnswer extends SignIn {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: AnswerHeaders;
  readonly bodyText: string;
  /** Method and path template. */
  readonly operation: string;
  /** Host that answered; tells the gateway from a site. */
  readonly host?: string | undefined;
  /** The gateway's host. Default `api.atlassian.com`. */
  readonly gatewayHost?: string | undefined;
  /** Values that must not be quoted. */
  readonly secrets?: Iterable<string> | undefined;
  /** Milliseconds since the epoch; default now. */
  readonly nowMs?: number | undefined;
}

interface Verdict {
  readonly code: ErrorCode;
  /** Said before upstream's words, when those alone would mislead. */
  readonly lead?: string | undefined;
  readonly next: string;
  readonly fields?: Readonly<Record<string, string>> | undefined;
}

/**
 * One error for an answer with a status of 400 or more, whatever its body: code by status and symptom, upstream's own
 * words quoted, and the next step. `details.retryAfterMs` is set when the server said how long to wait.
 */
export function errorFromAnswer(answer: FailedAnswer): AtlassianMcpError {
  const body = readErrorBody(answer.bodyText, answer.secrets);
  const verdict = judge(answer, body);
  const fields = { ...body.fields, ...verdict.fields };
  return new AtlassianMcpError(verdict.code, describe(answer, body, verdict), {
    status: answer.status,
    product: answer.product,
    operation: answer.operation,
    traceId: traceIdOf(answer.headers),
    fields: Object.keys(fields).length === 0 ? undefined : fields,
    retryAfterMs: serverWaitMs(answer.headers, answer.nowMs ?? Date.now()),
    next: verdict.next,
  });
}

/** The error for a 2xx answer whose body is not JSON: `auth` for a login page, `shape` for anything else. */
export function errorFromUnreadable(answer: FailedAnswer): AtlassianMcpError {
  const details = {
    status: answer.status,
    product: answer.product,
    operation: answer.operation,
    traceId: traceIdOf(answer.headers),
  };
  if (isLoginPage(answer.bodyText)) {
    const message = `${productName(answer.product)} showed a login page instead of answering ${answer.operation}`;
    return new AtlassianMcpError("auth", message, { ...details, next: ssoNext(answer) });
  }
  const { format, sentences } = readErrorBody(answer.bodyText, answer.secrets);
  const what = format === "markup" ? "a web page" : "text that is not JSON";
  const quote = sentences[0] === undefined ? "" : `: "${quotable(sentences[0].slice(0, 200))}"`;
  return new AtlassianMcpError(
    "shape",
    `${productName(answer.product)} answered ${answer.operation} with ${what}${quote}`,
    {
      ...details,
      next: `Check that ${settingPrefix(answer.product)}_URL is the address of the product itself (with its context path) and that no login proxy stands in front of its REST API.`,
    },
  );
}

/** The error for a redirect to a page where people log in. */
export function loginRedirectError(answer: FailedAnswer, target: string): AtlassianMcpError {
  return new AtlassianMcpError(
    "auth",
    `${productName(answer.product)} sent ${answer.operation} to the login page at ${target}`,
    {
      status: answer.status,
      product: answer.product,
      operation: answer.operation,
      next: ssoNext(answer),
    },
  );
}

/** True for a page that asks a person to log in. */
export function isLoginPage(body: string): boolean {
  if (!body.trimStart().startsWith("<")) return false;
  return /os_username|j_username|os_destination|login\.jsp|SAMLRequest|type=["']?password|id\.atlassian\.com\/login|<title[^<>]*>[^<]*\b(log ?in|sign ?in|single sign)/i.test(
    body,
  );
}

/** True for the 401 that a new access token cannot cure, because consent is missing. */
export function isScopeFailure(status: number, headers: AnswerHeaders, bodyText: string): boolean {
  if (status !== 401 && status !== 403) return false;
  if (/insufficient_scope/i.test(headers["www-authenticate"] ?? "")) return true;
  return /scope does not match/i.test(bodyText);
}

function judge(answer: FailedAnswer, body: ErrorBody): Verdict {
  const { status, headers, bodyText } = answer;
  if (isScopeFailure(status, headers, bodyText)) return outOfScope(answer);
  if (/(?:required|The) SSL certificate (?:was sent|error)/i.test(bodyText)) {
    return certificateVerdict(answer);
  }
  if (status === 401 || status === 403) {
    const known = passwordVerdict(answer);
    if (known !== undefined) return known;
  }
  switch (status) {
    case 401:
      return unauthorized(answer);
    case 402:
    case 403:
      return refused(answer, body);
    case 404:
      return missing(answer, body);
    case 405:
    case 501:
      return {
        code: "unsupported",
        next: "This version of the site does not offer the operation.",
      };
    case 407:
      return { code: "network", next: "Put user name and password into the proxy URL." };
    case 408:
      return { code: "timeout", next: "Ask for less, or try again." };
    case 409:
    case 412:
      return conflict(bodyText);
    case 410:
      return goneVerdict;
    case 413:
      return {
        code: "invalid",
        lead: "The request is larger than the site accepts.",
        next: "Send less at once, or a smaller file; the site's administrators set the limit.",
      };
    case 429:
      return limited(answer);
    default:
      return status >= 500
        ? failed(body)
        : { code: "invalid", next: "Correct what the message names and try again." };
  }
}

function outOfScope(answer: FailedAnswer): Verdict {
  return {
    code: "scope",
    lead: "The access that was granted does not include a scope this operation needs.",
    next:
      signInAdvice(answer, "scope") ??
      "Add the scope and consent again (or make a token that has it); refreshing the token does not help.",
  };
}

/** User names with passwords are refused in principle: by Data Center where switched off (403), by Cloud always. */
function passwordVerdict(answer: FailedAnswer): Verdict | undefined {
  const { bodyText } = answer;
  if (/Basic Authentication has been disabled/i.test(bodyText)) {
    return {
      code: "auth",
      lead: "The site has switched off user names with passwords for its API.",
      next: patAdvice(answer),
    };
  }
  if (!/Basic auth(?:entication)? with passwords? is/i.test(bodyText)) return undefined;
  return {
    code: "auth",
    lead: "Cloud does not take passwords for its API.",
    next: apiTokenAdvice(answer),
  };
}

const goneVerdict: Verdict = {
  code: "unsupported",
  lead: "Atlassian has removed this API.",
  next: "Update mcp-atlassian; if it is the newest version, report this as a bug.",
};

/** A proxy in front of the site ends TLS itself and says in words what others say by an alert. */
function certificateVerdict(answer: FailedAnswer): Verdict {
  return {
    code: "auth",
    lead: "The site lets nobody in without a client certificate that it knows.",
    next: `Set ${settingPrefix(answer.product)}_CLIENT_CERT, or check the one that is set with whoever issued it.`,
  };
}

function unauthorized(answer: FailedAnswer): Verdict {
  if (needsCaptcha(answer)) return captcha(answer);
  if (isLoginPage(answer.bodyText)) return { code: "auth", next: ssoNext(answer) };
  const prefix = settingPrefix(answer.product);
  const host = answer.host ?? "";
  const gateway = answer.gatewayHost ?? "api.atlassian.com";
  const scoped = host.endsWith(".atlassian.net")
    ? ` An API token with scopes works through ${gateway} only.`
    : "";
  const advice = signInAdvice(answer, "refused");
  if (advice !== undefined) {
    const basic = answer.method === "basic" || answer.method === undefined;
    return { code: "auth", next: `${advice}${basic ? scoped : ""}` };
  }
  if (host === gateway) {
    return {
      code: "auth",
      next: "The token has expired, was revoked, belongs to another site, or is a classic API token (those work on the site's own address only): sign in again or replace it.",
    };
  }
  return {
    code: "auth",
    next: `Sign in again, or check ${prefix}_USERNAME and ${prefix}_API_TOKEN, or ${prefix}_PERSONAL_TOKEN: they are wrong, expired or revoked.${scoped}`,
  };
}

function captcha({ source }: FailedAnswer): Verdict {
  const then =
    source === "caller" ? "the credentials your client sends" : "the configured password or token";
  return {
    code: "auth",
    lead: "After failed logins the site wants a CAPTCHA.",
    next: `Log in once with a browser as this user, then check ${then}.`,
  };
}

function refused(answer: FailedAnswer, body: ErrorBody): Verdict {
  if (needsCaptcha(answer)) return captcha(answer);
  if (isLoginPage(answer.bodyText)) return { code: "auth", next: ssoNext(answer) };
  if (/Failed to parse Connect Session Auth Token/i.test(answer.bodyText)) {
    return {
      code: "auth",
      lead: "Cloud got a bearer token that is not an OAuth access token.",
      next:
        answer.source === "caller"
          ? "Personal access tokens exist on Data Center only; on Cloud send an OAuth access token, or e-mail address and API token."
          : `Personal access tokens exist on Data Center only; on Cloud set ${settingPrefix(answer.product)}_USERNAME and ${settingPrefix(answer.product)}_API_TOKEN.`,
    };
  }
  if (body.format === "markup") {
    return {
      code: "forbidden",
      lead: "A web page came back, probably from a firewall or proxy in front of the site.",
      next: "Ask the site's administrators whether API access from this machine is allowed.",
    };
  }
  return {
    code: "forbidden",
    next: "The user lacks a permission in the product, or a policy of the organisation (IP allow list, app access) forbids it; more scopes do not help.",
  };
}

function needsCaptcha({ headers, bodyText }: FailedAnswer): boolean {
  // Data Center sends `X-Seraph-LoginReason: OK` with every good answer, so the name alone says nothing.
  if (/AUTHENTICATION_DENIED|CAPTCHA/i.test(headers["x-seraph-loginreason"] ?? "")) return true;
  if (/CAPTCHA/i.test(headers["x-authentication-denied-reason"] ?? "")) return true;
  return bodyText.includes("CAPTCHA_CHALLENGE");
}

function missing(answer: FailedAnswer, body: ErrorBody): Verdict {
  if (body.format === "markup") {
    return {
      code: "not_found",
      lead: "A web page came back.",
      next: `If this happens with every call, ${settingPrefix(answer.product)}_URL lacks the context path or names another product.`,
    };
  }
  return {
    code: "not_found",
    next: "It does not exist, or this user may not see it: Atlassian does not say which. Check the key or id and the permissions.",
  };
}

function conflict(bodyText: string): Verdict {
  const version = /current version(?: is)?:? *\[?(\d+)/i.exec(bodyText)?.[1];
  return {
    code: "conflict",
    next: "Somebody changed it meanwhile: read it again, then repeat the change on the current version.",
    fields: version === undefined ? undefined : { current_version: version },
  };
}

function limited(answer: FailedAnswer): Verdict {
  const waitMs = serverWaitMs(answer.headers, answer.nowMs ?? Date.now());
  const when =
    waitMs === undefined ? "Try again in a minute." : `Try again in ${wholeSeconds(waitMs)} s.`;
  const reason = quotable(answer.headers["ratelimit-reason"] ?? "");
  const quota = reason.includes("-quota-")
    ? " The hourly quota of this app is used up; asking for fewer rows and fields costs less."
    : "";
  return {
    code: "rate_limited",
    lead: reason === "" ? undefined : `The site limits requests (${reason}).`,
    next: `${when}${quota}`,
  };
}

function failed(body: ErrorBody): Verdict {
  const lead =
    body.format === "markup" ? "A web page came back, probably from a proxy." : undefined;
  return { code: "upstream", lead, next: "The site failed, not the request: try again later." };
}

function describe(answer: FailedAnswer, body: ErrorBody, verdict: Verdict): string {
  const said = quotable(
    [...body.sentences, ...Object.entries(body.fields).map((each) => each.join(": "))].join(" · "),
  );
  const head = `${productName(answer.product)} answered ${answer.status} to ${answer.operation}`;
  const lead = verdict.lead === undefined ? "" : `. ${verdict.lead}`;
  return said === "" ? `${head}${lead}` : `${head}${lead === "" ? ":" : lead} "${said}"`;
}

function ssoNext(answer: FailedAnswer): string {
  if (answer.source === "caller") {
    return "Not signed in: the credentials your client sends were not accepted, or a single sign-on proxy in front of the site does not let API requests through. Check the credentials; ask the site's administrators to exempt the REST API.";
  }
  return `Not signed in: the credentials were not accepted, or a single sign-on proxy in front of the site does not let API requests through. Check the credentials; ask the administrators to exempt the REST API; headers the proxy wants go into ${settingPrefix(answer.product)}_CUSTOM_HEADERS.`;
}

function traceIdOf(headers: AnswerHeaders): string | undefined {
  const id = headers["atl-traceid"] ?? headers["x-arequestid"] ?? headers["x-request-id"];
  return id === undefined ? undefined : quotable(id).slice(0, 100);
}

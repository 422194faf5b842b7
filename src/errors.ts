/** Stable, public names of everything that can go wrong. Tests and callers switch on them. */
export type ErrorCode =
  | "input"
  | "config"
  | "auth"
  | "scope"
  | "forbidden"
  | "not_found"
  | "conflict"
  | "invalid"
  | "rate_limited"
  | "upstream"
  | "network"
  | "timeout"
  | "shape"
  | "unsupported";

/** Facts that travel with an error. None of them may hold a secret: messages are shown to models. */
export interface ErrorDetails {
  /** HTTP status of the upstream answer. */
  readonly status?: number | undefined;
  /** `jira` or `confluence`. */
  readonly product?: string | undefined;
  /** Method and path template of the request, e.g. `GET /rest/api/3/issue/{key}`. */
  readonly operation?: string | undefined;
  /** Upstream's request id, for the site's administrators. */
  readonly traceId?: string | undefined;
  /** Upstream's own words by field, or our own by argument. */
  readonly fields?: Readonly<Record<string, string>> | undefined;
  /** When the same call may be repeated, milliseconds from now. */
  readonly retryAfterMs?: number | undefined;
  /** Setting or argument that is at fault. */
  readonly setting?: string | undefined;
  /** What the reader should do next, one sentence. */
  readonly next?: string | undefined;
}

/** The one error class of this project. `message` says what happened; `details.next` what to do. */
export class AtlassianMcpError extends Error {
  override readonly name = "AtlassianMcpError";
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.details = details;
  }

  /** The same error with facts added by a layer that knows more (issue key, argument name, …). */
  with(details: ErrorDetails, message = this.message): AtlassianMcpError {
    return new AtlassianMcpError(this.code, message, { ...this.details, ...details }, this.cause);
  }
}

/** True for our own errors, optionally of one of the given codes. */
export function isOurs(error: unknown, ...codes: ErrorCode[]): error is AtlassianMcpError {
  return error instanceof AtlassianMcpError && (codes.length === 0 || codes.includes(error.code));
}

/**
 * Text on one line and without control characters: what a site or a setting says must not look like a line of ours, nor
 * steer a terminal.
 */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ");
}

/** A wait as it is told to clients and people, in `Retry-After` too: whole seconds, never 0. */
export function wholeSeconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}

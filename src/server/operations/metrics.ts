/** Kinds of addresses of the HTTP server. Bounded, unlike the addresses. */
export type Route =
  | "mcp"
  | "sse"
  | "messages"
  | "oauth"
  | "healthz"
  | "readyz"
  | "metrics"
  | "other";

export interface AnsweredRequest {
  readonly route: Route;
  readonly method: string;
  /** `undefined`: the client went away before the answer was complete. */
  readonly status: number | undefined;
  readonly ms: number;
}

export interface FinishedCall {
  /** Name of a tool that exists, else `unknown`. */
  readonly tool: string;
  /** `ok`, `cancelled`, `internal`, `protocol` or an error code. */
  readonly outcome: string;
  /** Of the site, else `none`. */
  readonly deployment: string;
  readonly ms: number;
}

export interface UpstreamTry {
  readonly product: string;
  readonly method: string;
  /** `none`: there was no answer; `cancelled`: nobody waited for it any more. */
  readonly status: number | "none" | "cancelled";
  /** Whose credentials it carried. */
  readonly source: string;
  /** With the wait for a free slot. */
  readonly ms: number;
}

/**
 * What is counted. Every label is one of a few fixed words: no ids, no users, no hosts, nothing that a caller chooses.
 */
export interface Metrics {
  requestStarted(route: Route): void;
  requestEnded(request: AnsweredRequest): void;
  /** An event stream that stays open. */
  streamOpened(): void;
  streamClosed(): void;
  callStarted(): void;
  callEnded(call: FinishedCall): void;
  upstreamTried(request: UpstreamTry): void;
  /** A request that is sent again; `status` is what made it so, `none` without an answer. */
  retried(product: string, status: string): void;
  tokenRefreshed(issuer: string, outcome: string): void;
  storeUsed(operation: string, outcome: string, ms: number): void;
  /** `method`: way of signing in, or the scheme that a refused request used. */
  authenticated(method: string, outcome: string): void;
}

const nothing = () => {};

/** Counts nothing. */
export const noMetrics: Metrics = {
  requestStarted: nothing,
  requestEnded: nothing,
  streamOpened: nothing,
  streamClosed: nothing,
  callStarted: nothing,
  callEnded: nothing,
  upstreamTried: nothing,
  retried: nothing,
  tokenRefreshed: nothing,
  storeUsed: nothing,
  authenticated: nothing,
};

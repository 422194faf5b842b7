import { randomUUID } from "node:crypto";

/** What is known of an HTTP request wherever its work is done. */
export interface RequestContext {
  readonly requestId: string;
  /** W3C trace context of the request's headers, unchecked. */
  readonly traceparent?: string | undefined;
  readonly tracestate?: string | undefined;
}

/** What clients and proxies usually send: UUIDs, ULIDs, hex, with a few separators. */
const wellFormed = /^[\w.:-]{8,128}$/;

/** The id that the client or a proxy in front has given the request, if it is fit for log lines, else a new one. */
export function requestIdOf(
  header: string | readonly string[] | undefined,
  newId: () => string = randomUUID,
): string {
  return typeof header === "string" && wellFormed.test(header) ? header : newId();
}

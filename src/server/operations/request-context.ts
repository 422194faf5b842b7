import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";
import type { LogFields } from "../../log.ts";

/** What is known of an HTTP request wherever its work is done. */
export interface RequestContext {
  readonly requestId: string;
  /** W3C trace context of the request's headers, unchecked. */
  readonly traceparent?: string | undefined;
  readonly tracestate?: string | undefined;
}

// API clients and their loggers are shared between requests, so that no logger of one request could reach them.
const storage = new AsyncLocalStorage<RequestContext>();

/** Runs `job` as part of a request: {@link currentRequest} answers in it, and in everything it starts. */
export function withRequest<T>(request: RequestContext, job: () => T): T {
  return storage.run(request, job);
}

/** The request that the running code serves; `undefined` on stdio and outside of requests. */
export function currentRequest(): RequestContext | undefined {
  return storage.getStore();
}

/** Goes onto every log line. */
export function requestFields(): LogFields | undefined {
  const request = storage.getStore();
  return request && { requestId: request.requestId };
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

import type { IncomingMessage, ServerResponse } from "node:http";
import type { LogFields, Logger } from "../../log.ts";
import type { Metrics, Route } from "./metrics.ts";
import type { Operations } from "./operations.ts";
import { requestIdOf, withRequest } from "./request-context.ts";

interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: Pick<
    ServerResponse,
    "setHeader" | "getHeader" | "once" | "statusCode" | "writableFinished"
  >;
}

export interface HttpObserverOptions {
  readonly operations: Operations;
  readonly log: Logger;
  /** The endpoint. */
  readonly path: string;
  readonly ssePath?: string | undefined;
}

/** Runs the answer to a request as part of it: with an id, a line in the log and its place in the metrics. */
export type HttpObserver = (
  exchange: Exchange,
  answer: () => Promise<Response>,
) => Promise<Response>;

export function createHttpObserver(options: HttpObserverOptions): HttpObserver {
  const { operations, log } = options;
  const { metrics, prometheus, drain } = operations;
  return ({ incoming, outgoing }, answer) => {
    const { headers, method = "" } = incoming;
    const started = performance.now();
    const path = withoutQuery(incoming.url);
    const route = routeOf(path, options);
    const requestId = requestIdOf(headers["x-request-id"]);
    outgoing.setHeader("X-Request-Id", requestId);
    // A client that keeps its connection would come back to an instance that is about to end.
    if (drain.isDraining) outgoing.setHeader("Connection", "close");
    metrics.requestStarted(route);
    outgoing.once("close", () => {
      const ms = Math.round(performance.now() - started);
      const status = outgoing.writableFinished ? outgoing.statusCode : undefined;
      metrics.requestEnded({ route, method, status, ms });
      logAccess(log, { requestId, method, route, path: path.slice(0, 200), status, ms });
    });
    const one = (name: string) => (typeof headers[name] === "string" ? headers[name] : undefined);
    const traceparent = one("traceparent");
    const request = { requestId, traceparent, tracestate: traceparent && one("tracestate") };
    if (prometheus === undefined) return withRequest(request, answer);
    return withRequest(request, answer).then((response) => {
      countAnswer(metrics, { incoming, outgoing }, route, response);
      return response;
    });
  };
}

function logAccess(log: Logger, fields: LogFields & { readonly route: Route }): void {
  const isProbe = ["healthz", "readyz", "metrics"].includes(fields.route);
  log[isProbe ? "debug" : "info"]("request.answered", fields);
}

function countAnswer(
  metrics: Metrics,
  { incoming, outgoing }: Exchange,
  route: Route,
  { status, headers }: Response,
): void {
  const type = headers.get("content-type") ?? outgoing.getHeader("content-type");
  if (String(type).startsWith("text/event-stream")) {
    metrics.streamOpened();
    outgoing.once("close", () => metrics.streamClosed());
  }
  const isEndpoint = route === "mcp" || route === "sse" || route === "messages";
  if (isEndpoint && (status === 401 || status === 403)) {
    const outcome = status === 401 ? "refused" : "forbidden";
    metrics.authenticated(schemeOf(incoming.headers.authorization), outcome);
  }
}

function schemeOf(authorization: string | undefined): string {
  if (authorization === undefined) return "none";
  const scheme = /^\s*(basic|bearer|token)\b/i.exec(authorization)?.[1];
  return scheme?.toLowerCase() ?? "other";
}

const signInPath =
  /^\/(?:\.well-known\/|oauth\/|account(?:\/|$)|(?:authorize|token|revoke|register|jwks|callback)$)/;

const probes: readonly Route[] = ["healthz", "readyz", "metrics"];

function routeOf(path: string, { path: endpoint, ssePath }: HttpObserverOptions): Route {
  if (path === endpoint) return "mcp";
  if (path === ssePath) return "sse";
  if (path === "/messages") return "messages";
  if (signInPath.test(path)) return "oauth";
  return probes.find((probe) => path === `/${probe}`) ?? "other";
}

function withoutQuery(url = ""): string {
  const end = url.indexOf("?");
  const path = end === -1 ? url : url.slice(0, end);
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}

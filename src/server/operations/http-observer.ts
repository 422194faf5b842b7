import type { IncomingMessage, ServerResponse } from "node:http";
import type { LogFields, Logger } from "../../log.ts";
import type { Metrics, Route } from "./metrics.ts";
import type { Operations } from "./operations.ts";
import { type RequestContext, requestIdOf } from "./request-context.ts";

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

export interface HttpObserver {
  /** Gives the request an id, a line in the log and its place in the metrics while `answer` works. */
  observe(exchange: Exchange, answer: () => Promise<Response>): Promise<Response>;
  /** What is known of a request that is being observed. */
  contextOf(incoming: IncomingMessage): RequestContext | undefined;
}

export function createHttpObserver(options: HttpObserverOptions): HttpObserver {
  const { metrics, prometheus, drain } = options.operations;
  const contexts = new WeakMap<IncomingMessage, RequestContext>();
  return {
    observe(exchange, answer) {
      const { incoming, outgoing } = exchange;
      const context = contextIn(incoming);
      contexts.set(incoming, context);
      outgoing.setHeader("X-Request-Id", context.requestId);
      // A client that keeps its connection would come back to an instance that is about to end.
      if (drain.isDraining) outgoing.setHeader("Connection", "close");
      const route = watch(exchange, context, options);
      if (prometheus === undefined) return answer();
      return answer().then((response) => {
        countAnswer(metrics, exchange, route, response);
        return response;
      });
    },
    contextOf: (incoming) => contexts.get(incoming),
  };
}

function contextIn({ headers }: IncomingMessage): RequestContext {
  const requestId = requestIdOf(headers["x-request-id"]);
  const { traceparent, tracestate } = headers;
  if (typeof traceparent !== "string") return { requestId };
  return { requestId, traceparent, tracestate: tracestate?.toString() };
}

/** Counts and logs the answer once it is complete or given up. */
function watch(
  { incoming: { method = "", url }, outgoing }: Exchange,
  { requestId }: RequestContext,
  options: HttpObserverOptions,
): Route {
  const { metrics } = options.operations;
  const started = performance.now();
  const path = withoutQuery(url);
  const route = routeOf(path, options);
  metrics.requestStarted(route);
  outgoing.once("close", () => {
    const ms = Math.round(performance.now() - started);
    const status = outgoing.writableFinished ? outgoing.statusCode : undefined;
    metrics.requestEnded({ route, method, status, ms });
    logAccess(options.log, { requestId, method, route, path: path.slice(0, 200), status, ms });
  });
  return route;
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

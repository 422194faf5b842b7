import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Metrics } from "./metrics.ts";

export interface Prometheus {
  readonly metrics: Metrics;
  readonly contentType: string;
  /** Everything counted so far, in Prometheus' text format. */
  text(): Promise<string>;
}

export interface PrometheusOptions {
  /** Memory, processor time, event loop and garbage collection of this process. Default on. */
  readonly hasProcess?: boolean | undefined;
}

const prefix = "mcp_atlassian_";

/** From an answer out of memory to the longest call that a client waits for, in seconds. */
const buckets = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 75];

/** Counts into a registry of its own. Importing this file loads the metrics library. */
export function createPrometheus({ hasProcess = true }: PrometheusOptions = {}): Prometheus {
  const registry = new Registry();
  if (hasProcess) collectDefaultMetrics({ register: registry });
  const metrics = {
    ...httpMetrics(registry),
    ...callMetrics(registry),
    ...upstreamMetrics(registry),
    ...stateMetrics(registry),
  };
  return { metrics, contentType: registry.contentType, text: () => registry.metrics() };
}

function httpMetrics(registry: Registry) {
  const make = makerFor(registry);
  const total = make.counter("http_requests_total", "HTTP requests answered.", [
    "method",
    "route",
    "status",
  ]);
  const seconds = make.histogram("http_request_duration_seconds", "Until the answer was sent.", [
    "route",
  ]);
  const open = make.gauge("http_requests_in_flight", "HTTP requests under way.", ["route"]);
  const streams = make.gauge("event_streams", "Event streams that are open.", []);
  return {
    requestStarted: (route) => open.inc({ route }),
    requestEnded({ route, method, status, ms }) {
      open.dec({ route });
      total.inc({ route, method: methodLabel(method), status: statusClass(status ?? "aborted") });
      seconds.observe({ route }, ms / 1000);
    },
    streamOpened: () => streams.inc(),
    streamClosed: () => streams.dec(),
  } satisfies Partial<Metrics>;
}

function callMetrics(registry: Registry) {
  const make = makerFor(registry);
  const total = make.counter("tool_calls_total", "Tool calls by outcome (ok or an error code).", [
    "tool",
    "outcome",
    "deployment",
  ]);
  const seconds = make.histogram("tool_call_duration_seconds", "Duration of tool calls.", ["tool"]);
  const open = make.gauge("tool_calls_in_flight", "Tool calls under way.", []);
  return {
    callStarted: () => open.inc(),
    callEnded({ tool, outcome, deployment, ms }) {
      open.dec();
      total.inc({ tool, outcome, deployment });
      seconds.observe({ tool }, ms / 1000);
    },
  } satisfies Partial<Metrics>;
}

function upstreamMetrics(registry: Registry) {
  const make = makerFor(registry);
  const total = make.counter("upstream_requests_total", "Requests to Atlassian, each try.", [
    "product",
    "method",
    "status",
    "source",
  ]);
  const seconds = make.histogram(
    "upstream_request_duration_seconds",
    "Tries with their wait for a free slot.",
    ["product", "method"],
  );
  const limits = make.counter("upstream_rate_limits_total", "Answers with status 429.", [
    "product",
  ]);
  const retries = make.counter("upstream_retries_total", "Requests sent again, by reason.", [
    "product",
    "status",
  ]);
  return {
    upstreamTried({ product, method, status, source, ms }) {
      total.inc({ product, method, status: statusClass(status), source });
      seconds.observe({ product, method }, ms / 1000);
      if (status === 429) limits.inc({ product });
    },
    retried: (product, status) => retries.inc({ product, status }),
  } satisfies Partial<Metrics>;
}

function stateMetrics(registry: Registry) {
  const make = makerFor(registry);
  const refreshes = make.counter("token_refreshes_total", "Renewals of OAuth tokens.", [
    "issuer",
    "outcome",
  ]);
  const used = make.counter("store_operations_total", "Operations on the store.", [
    "operation",
    "outcome",
  ]);
  const seconds = make.histogram("store_operation_duration_seconds", "Operations on the store.", [
    "operation",
  ]);
  const signIns = make.counter(
    "authentications_total",
    "Requests by way of signing in; refused ones by the scheme they used.",
    ["method", "outcome"],
  );
  return {
    tokenRefreshed: (issuer, outcome) => refreshes.inc({ issuer, outcome }),
    storeUsed(operation, outcome, ms) {
      used.inc({ operation, outcome });
      seconds.observe({ operation }, ms / 1000);
    },
    authenticated: (method, outcome) => signIns.inc({ method, outcome }),
  } satisfies Partial<Metrics>;
}

function makerFor(registry: Registry) {
  const facts = <L extends string>(name: string, help: string, labelNames: readonly L[]) => ({
    name: `${prefix}${name}`,
    help,
    labelNames,
    registers: [registry],
  });
  return {
    counter: <L extends string>(name: string, help: string, labels: readonly L[]) =>
      new Counter(facts(name, help, labels)),
    gauge: <L extends string>(name: string, help: string, labels: readonly L[]) =>
      new Gauge(facts(name, help, labels)),
    histogram: <L extends string>(name: string, help: string, labels: readonly L[]) =>
      new Histogram({ ...facts(name, help, labels), buckets }),
  };
}

function statusClass(status: number | string): string {
  return typeof status === "string" ? status : `${Math.floor(status / 100)}xx`;
}

/** Node accepts some 40 methods; each would become a series of its own. */
function methodLabel(method: string): string {
  return ["GET", "POST", "DELETE", "OPTIONS", "HEAD"].includes(method) ? method : "other";
}

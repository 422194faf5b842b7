import type { Context, Span } from "@opentelemetry/api";

type Api = typeof import("@opentelemetry/api");

/** Names as OpenTelemetry's library has them. */
export interface ParentTrace {
  readonly traceparent?: unknown;
  readonly tracestate?: unknown;
}

export interface TracedCall {
  /** Name of a tool that exists, else `unknown`. */
  readonly tool: string;
  /** Where the caller's own trace context may stand; the first one that is well-formed counts. */
  readonly parents: readonly (ParentTrace | undefined)[];
  readonly requestId: string | undefined;
}

export interface TracedRequest {
  readonly method: string;
  readonly url: URL;
  /** The path without the values in it. */
  readonly template: string;
}

/** Spans for whatever the operator has registered with OpenTelemetry's API. */
export interface Tracing {
  /** A span around a tool call. `failed` of what the job is given takes an error code. */
  call<T>(call: TracedCall, job: (failed: (code: string) => void) => Promise<T>): Promise<T>;
  /** A span around one try of a request to Atlassian, below the span of the running call. */
  request<T extends { readonly status: number }>(
    request: TracedRequest,
    job: () => Promise<T>,
  ): Promise<T>;
}

/**
 * Tracing through OpenTelemetry's API, or `undefined` where that is not installed. Spans go nowhere until the process
 * that runs this also runs an OpenTelemetry SDK.
 */
export async function openTracing(
  load: () => Promise<Api> = () => import("@opentelemetry/api"),
): Promise<Tracing | undefined> {
  let api: Api;
  try {
    api = await load();
  } catch {
    return undefined;
  }
  return tracingWith(api);
}

function tracingWith(api: Api): Tracing {
  const tracer = api.trace.getTracer("mcp-atlassian");
  return {
    call({ tool, parents, requestId }, job) {
      const attributes = {
        "mcp.method.name": "tools/call",
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": tool,
        ...(requestId !== undefined && { "mcp_atlassian.request.id": requestId }),
      };
      const parent = parentOf(api, parents);
      const options = { kind: api.SpanKind.SERVER, attributes };
      const span = tracer.startSpan(`tools/call ${tool}`, options, parent);
      return within(api, span, parent, () => job((code) => fail(api, span, code)));
    },
    request({ method, url, template }, job) {
      const attributes = {
        "http.request.method": method,
        "url.template": template,
        "server.address": url.hostname,
        "server.port": Number(url.port || (url.protocol === "https:" ? 443 : 80)),
      };
      const options = { kind: api.SpanKind.CLIENT, attributes };
      const parent = api.context.active();
      const span = tracer.startSpan(`${method} ${template}`, options, parent);
      return within(api, span, parent, async () => {
        const answer = await job();
        span.setAttribute("http.response.status_code", answer.status);
        if (answer.status >= 400) fail(api, span, String(answer.status));
        return answer;
      });
    },
  };
}

/** Messages of errors are left out: they quote what users wrote. */
async function within<T>(api: Api, span: Span, parent: Context, job: () => Promise<T>): Promise<T> {
  try {
    return await api.context.with(api.trace.setSpan(parent, span), job);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "error";
    fail(api, span, code);
    throw error;
  } finally {
    span.end();
  }
}

function fail({ SpanStatusCode }: Api, span: Span, code: string): void {
  span.setAttribute("error.type", code);
  span.setStatus({ code: SpanStatusCode.ERROR });
}

function parentOf(api: Api, parents: TracedCall["parents"]): Context {
  const active = api.context.active();
  for (const each of parents) {
    const found = parseTraceparent(each?.traceparent);
    if (found === undefined) continue;
    const state = typeof each?.tracestate === "string" ? each.tracestate.slice(0, 512) : undefined;
    const traceState = state === undefined ? undefined : api.createTraceState(state);
    return api.trace.setSpanContext(active, {
      ...found,
      isRemote: true,
      ...(traceState && { traceState }),
    });
  }
  return active;
}

interface ParentIds {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
}

/** W3C Trace Context, `traceparent`; `undefined` for anything else, and for the ids that mean "none". */
export function parseTraceparent(text: unknown): ParentIds | undefined {
  if (typeof text !== "string") return undefined;
  const match =
    /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(?:$|-)/.exec(
      text,
    );
  if (match === null) return undefined;
  const [, traceId = "", spanId = "", flags = ""] = match;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1 };
}

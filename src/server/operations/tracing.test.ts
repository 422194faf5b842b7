import * as api from "@opentelemetry/api";
import { describe, expect, it } from "vitest";
import { AtlassianMcpError } from "../../errors.ts";
import { openTracing, parseTraceparent } from "./tracing.ts";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const good = `00-${traceId}-00f067aa0ba902b7-01`;

interface Recorded {
  readonly name: string;
  readonly parent: api.SpanContext | undefined;
  readonly attributes: Record<string, unknown>;
  status?: api.SpanStatus;
  ended: boolean;
}

/** The library with a tracer of its own in place of the global one. */
function recordingApi() {
  const spans: Recorded[] = [];
  const startSpan: api.Tracer["startSpan"] = (name, options, context = api.ROOT_CONTEXT) => {
    const attributes = { ...options?.attributes };
    const parent = api.trace.getSpanContext(context);
    const recorded: Recorded = { name, parent, attributes, ended: false };
    spans.push(recorded);
    const span = api.trace.wrapSpanContext(parent ?? api.INVALID_SPAN_CONTEXT);
    return Object.assign(span, {
      setAttribute: (key: string, value: unknown) => {
        attributes[key] = value;
        return span;
      },
      setStatus: (status: api.SpanStatus) => {
        recorded.status = status;
        return span;
      },
      end: () => {
        recorded.ended = true;
      },
    });
  };
  const trace = Object.assign(Object.create(api.trace), { getTracer: () => ({ startSpan }) });
  return { spans, load: async () => ({ ...api, trace }) };
}

describe("openTracing", () => {
  it("is absent where the library is", async () => {
    expect(await openTracing(() => Promise.reject(new Error("not installed")))).toBeUndefined();
  });

  it("continues the first well-formed trace of the caller, and says how the call ended", async () => {
    const { spans, load } = recordingApi();
    const tracing = await openTracing(load);
    const parents = [
      { traceparent: "nonsense" },
      undefined,
      { traceparent: good, tracestate: "a=1" },
    ];
    const call = { tool: "jira_search", parents, requestId: "request-1" };
    await tracing?.call(call, async (failed) => failed("not_found"));
    expect(spans).toMatchObject([
      {
        name: "tools/call jira_search",
        parent: { traceId, spanId: "00f067aa0ba902b7", traceFlags: 1, isRemote: true },
        attributes: { "gen_ai.tool.name": "jira_search", "error.type": "not_found" },
        status: { code: api.SpanStatusCode.ERROR },
        ended: true,
      },
    ]);
    expect(spans[0]?.parent?.traceState?.serialize()).toBe("a=1");
  });

  it("tells requests by their template, and keeps the words of errors out", async () => {
    const { spans, load } = recordingApi();
    const tracing = await openTracing(load);
    const request = {
      method: "GET",
      url: new URL("https://acme.atlassian.net/rest/api/3/issue/SECRET-1?jql=secret"),
      template: "/rest/api/3/issue/{}",
    };
    await tracing?.request(request, async () => ({ status: 404 }));
    const failure = new AtlassianMcpError("network", "a secret host");
    await expect(tracing?.request(request, () => Promise.reject(failure))).rejects.toBe(failure);
    expect(spans).toMatchInlineSnapshot(`
      [
        {
          "attributes": {
            "error.type": "404",
            "http.request.method": "GET",
            "http.response.status_code": 404,
            "server.address": "acme.atlassian.net",
            "server.port": 443,
            "url.template": "/rest/api/3/issue/{}",
          },
          "ended": true,
          "name": "GET /rest/api/3/issue/{}",
          "parent": undefined,
          "status": {
            "code": 2,
          },
        },
        {
          "attributes": {
            "error.type": "network",
            "http.request.method": "GET",
            "server.address": "acme.atlassian.net",
            "server.port": 443,
            "url.template": "/rest/api/3/issue/{}",
          },
          "ended": true,
          "name": "GET /rest/api/3/issue/{}",
          "parent": undefined,
          "status": {
            "code": 2,
          },
        },
      ]
    `);
    expect(JSON.stringify(spans)).not.toMatch(/secret/i);
  });
});

describe("parseTraceparent", () => {
  it("reads ids and the sampled flag, also of later versions", () => {
    const ids = { traceId, spanId: "00f067aa0ba902b7", traceFlags: 1 };
    expect(parseTraceparent(good)).toEqual(ids);
    expect(parseTraceparent(`01${good.slice(2)}-more`)).toEqual(ids);
  });

  it.each([
    undefined,
    7,
    "",
    good.toUpperCase(),
    `ff${good.slice(2)}`,
    good.replace(traceId, "0".repeat(32)),
    good.replace("00f067aa0ba902b7", "0".repeat(16)),
    `${good}x`,
  ])("takes %j for none", (text) => {
    expect(parseTraceparent(text)).toBeUndefined();
  });
});

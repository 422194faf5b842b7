import { expect, it } from "vitest";
import { createPrometheus } from "./prometheus.ts";

it("writes what it was told in Prometheus' text format", async () => {
  const { metrics, text } = createPrometheus({ hasProcess: false });
  metrics.requestStarted("mcp");
  metrics.requestEnded({ route: "mcp", method: "PROPFIND", status: undefined, ms: 20 });
  metrics.streamOpened();
  metrics.callStarted();
  metrics.callStarted();
  metrics.callEnded({ tool: "jira_search", outcome: "ok", deployment: "none", ms: 2000 });
  const tried = { product: "jira", method: "GET", source: "caller", ms: 1 };
  metrics.upstreamTried({ ...tried, status: 429 });
  metrics.upstreamTried({ ...tried, status: "none" });
  metrics.retried("jira", "429");
  metrics.tokenRefreshed("cloud", "ok");
  metrics.storeUsed("get", "ok", 3);
  metrics.authenticated("pat", "ok");
  const lines = (await text())
    .replaceAll("mcp_atlassian_", "")
    .split("\n")
    .filter((line) => line !== "" && !/^#|_bucket|_sum/.test(line));
  expect(lines).toMatchInlineSnapshot(`
    [
      "http_requests_total{route="mcp",method="other",status="aborted"} 1",
      "http_request_duration_seconds_count{route="mcp"} 1",
      "http_requests_in_flight{route="mcp"} 0",
      "event_streams 1",
      "tool_calls_total{tool="jira_search",outcome="ok",deployment="none"} 1",
      "tool_call_duration_seconds_count{tool="jira_search"} 1",
      "tool_calls_in_flight 1",
      "upstream_requests_total{product="jira",method="GET",status="4xx",source="caller"} 1",
      "upstream_requests_total{product="jira",method="GET",status="none",source="caller"} 1",
      "upstream_request_duration_seconds_count{product="jira",method="GET"} 2",
      "upstream_rate_limits_total{product="jira"} 1",
      "upstream_retries_total{product="jira",status="429"} 1",
      "token_refreshes_total{issuer="cloud",outcome="ok"} 1",
      "store_operations_total{operation="get",outcome="ok"} 1",
      "store_operation_duration_seconds_count{operation="get"} 1",
      "authentications_total{method="pat",outcome="ok"} 1",
    ]
  `);
});

it("counts for each server by itself", async () => {
  const [one, other] = [createPrometheus(), createPrometheus()];
  one.metrics.retried("jira", "503");
  expect(await one.text()).toContain('retries_total{product="jira",status="503"}');
  expect(await other.text()).not.toContain("retries_total{");
});

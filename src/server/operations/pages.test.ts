import { expect, it, onTestFinished } from "vitest";
import { listenForMetrics, readyAnswer } from "./pages.ts";
import { createPrometheus } from "./prometheus.ts";

const prometheus = createPrometheus({ hasProcess: false });

async function listen(allowedHosts: readonly string[] = [], port = 0) {
  const listener = await listenForMetrics(prometheus, { host: "127.0.0.1", port, allowedHosts });
  onTestFinished(listener.close);
  return listener;
}

it("shows metrics and nothing else, to GET and HEAD", async () => {
  const { url } = await listen();
  const answer = await fetch(url);
  expect(answer.headers.get("content-type")).toContain("version=0.0.4");
  expect(await answer.text()).toContain("# TYPE mcp_atlassian_tool_calls_total counter");
  expect((await fetch(url, { method: "POST" })).status).toBe(405);
  expect((await fetch(new URL("/mcp", url))).status).toBe(404);
});

it("says which setting is wrong when the port is taken", async () => {
  const { url } = await listen();
  await expect(listen([], Number(url.port))).rejects.toMatchObject({
    code: "config",
    details: { setting: "MCP_METRICS_PORT" },
  });
});

it("tells who asks whether it is ready when to ask again", async () => {
  const ready = await readyAnswer({ failing: async () => [] });
  expect(ready.status).toBe(200);
  const failing = [{ check: "store", reason: "timeout" }];
  const answer = await readyAnswer({ failing: async () => failing });
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "5"]);
  expect(await answer.json()).toEqual({ status: "unavailable", failing });
});

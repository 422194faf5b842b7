import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { type LogFields, silentLogger } from "../../log.ts";
import { createDrain } from "./drain.ts";
import { createHttpObserver } from "./http-observer.ts";
import { noMetrics } from "./metrics.ts";
import { createPrometheus } from "./prometheus.ts";
import type { RequestContext } from "./request-context.ts";

type Answer = (outgoing: ServerResponse, context: RequestContext | undefined) => void;

/** A server whose answers are observed, and what the observer told. */
async function observed(answer: Answer = (outgoing) => outgoing.end(), response = new Response()) {
  const lines: LogFields[] = [];
  const prometheus = createPrometheus({ hasProcess: false });
  const drain = createDrain(0);
  const log = {
    ...silentLogger,
    info: (_: string, fields: LogFields = {}) => void lines.push({ level: "info", ...fields }),
    debug: (_: string, fields: LogFields = {}) => void lines.push({ level: "debug", ...fields }),
  };
  const observer = createHttpObserver({
    operations: { metrics: prometheus.metrics, prometheus, drain },
    log,
    path: "/mcp",
    ssePath: "/sse",
  });
  const server = createServer((incoming, outgoing) => {
    void observer.observe({ incoming, outgoing }, async () => {
      answer(outgoing, observer.contextOf(incoming));
      return response;
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return { url, lines, drain, prometheus };
}

it.each([
  ["/mcp", "mcp", "info"],
  ["/mcp/?toolsets=all", "mcp", "info"],
  ["/sse", "sse", "info"],
  ["/messages?sessionId=1", "messages", "info"],
  ["/.well-known/oauth-protected-resource", "oauth", "info"],
  ["/token", "oauth", "info"],
  ["/account/sign-in", "oauth", "info"],
  ["/healthz", "healthz", "debug"],
  ["/readyz", "readyz", "debug"],
  ["/metrics", "metrics", "debug"],
  ["/wp-login.php", "other", "info"],
  ["/tokens", "other", "info"],
])("files %s under %s", async (path, route, level) => {
  const { url, lines } = await observed();
  await fetch(url + path);
  await expect.poll(() => lines).toMatchObject([{ route, level, status: 200 }]);
  expect(JSON.stringify(lines)).not.toContain("?");
});

it("gives the work of a request its id and the trace it came with", async () => {
  const { url } = await observed((outgoing, context) => outgoing.end(JSON.stringify(context)));
  const headers = { "x-request-id": "request-1", traceparent: "00-a-b-01", tracestate: "k=v" };
  const answer = await fetch(url, { headers });
  expect(await answer.json()).toEqual({
    requestId: "request-1",
    traceparent: "00-a-b-01",
    tracestate: "k=v",
  });
});

it("tells clients to leave while the server drains", async () => {
  const { url, drain } = await observed();
  expect((await fetch(url)).headers.get("connection")).toBe("keep-alive");
  await drain.begin();
  expect((await fetch(url)).headers.get("connection")).toBe("close");
});

it("counts a client that went away as no answer", async () => {
  const { url, lines, prometheus } = await observed((outgoing) => outgoing.write("half"));
  const gone = new AbortController();
  await fetch(`${url}/mcp`, { signal: gone.signal });
  gone.abort();
  await expect.poll(() => lines.length).toBe(1);
  expect(await prometheus.text()).toContain('route="mcp",method="GET",status="aborted"} 1');
  expect(lines[0]?.["status"]).toBeUndefined();
});

it("counts event streams while they are open, and refused requests by their scheme", async () => {
  const type = { "content-type": "text/event-stream" };
  let finish = () => {};
  const stream: Answer = (outgoing) => {
    outgoing.writeHead(200, type).write(":\n\n");
    finish = () => void outgoing.end();
  };
  const { url, prometheus } = await observed(stream, new Response(null, { headers: type }));
  const answer = await fetch(`${url}/sse`);
  expect(await prometheus.text()).toContain("event_streams 1");
  finish();
  await answer.text();
  await expect.poll(() => prometheus.text()).toContain("event_streams 0");
  const refusing = await observed(undefined, new Response(null, { status: 401 }));
  await fetch(`${refusing.url}/mcp`, { headers: { authorization: "Digest name=ann" } });
  await fetch(`${refusing.url}/other`);
  const page = await refusing.prometheus.text();
  expect(page).toContain('authentications_total{method="other",outcome="refused"} 1');
  expect(page).not.toContain('method="none"');
});

it("makes ids also where nothing is counted", async () => {
  const observer = createHttpObserver({
    operations: { metrics: noMetrics, drain: createDrain(0) },
    log: silentLogger,
    path: "/mcp",
  });
  const server = createServer((incoming, outgoing) => {
    void observer.observe({ incoming, outgoing }, async () => {
      outgoing.end();
      return new Response();
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}/mcp`);
  expect(answer.headers.get("x-request-id")).toMatch(/^[\da-f-]{36}$/);
});

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { AtlassianMcpError } from "../../errors.ts";
import { checkHost } from "../../http/guard.ts";
import type { Prometheus } from "./prometheus.ts";
import type { Readiness } from "./readiness.ts";

/** When to ask again; longer than most interruptions, shorter than most patience. */
const retryAfterS = 5;

/** The answer to `/readyz`: 200, or 503 with the names of what is missing. */
export async function readyAnswer(readiness: Readiness): Promise<Response> {
  const failing = await readiness.failing();
  if (failing.length === 0) return Response.json({ status: "ok" });
  return Response.json(
    { status: "unavailable", failing },
    { status: 503, headers: { "Retry-After": String(retryAfterS) } },
  );
}

export interface MetricsDoor {
  /** `MCP_METRICS_ALLOW_REMOTE`. */
  readonly allowRemote: boolean;
  /** Names that a Host header may hold beside loopback ones. */
  readonly allowedHosts: readonly string[];
}

/** The answer to `/metrics` on the port that callers use; `undefined`: for this request there is no such page. */
export async function metricsAnswer(
  prometheus: Prometheus | undefined,
  incoming: IncomingMessage,
  { allowRemote, allowedHosts }: MetricsDoor,
): Promise<Response | undefined> {
  if (prometheus === undefined) return undefined;
  if (!(allowRemote ? checkHost(incoming.headers.host, allowedHosts) : isLocal(incoming))) {
    return undefined;
  }
  return new Response(await prometheus.text(), {
    headers: { "Content-Type": prometheus.contentType, "Cache-Control": "no-store" },
  });
}

/** What proxies add: with one of these a request comes from farther away than its connection. */
const forwarded = ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip"];

/** From this machine, by a loopback name, and not through a proxy that runs on it. */
function isLocal({ socket, headers }: IncomingMessage): boolean {
  const peer = (socket.remoteAddress ?? "").replace(/^::ffff:/, "");
  const isLoopback = peer === "::1" || peer.startsWith("127.");
  return isLoopback && checkHost(headers.host) && forwarded.every((name) => !(name in headers));
}

export interface MetricsListener {
  readonly url: URL;
  close(): Promise<void>;
}

export interface MetricsListenerOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Values of the Host header beside loopback ones; `*`: any. */
  readonly allowedHosts: readonly string[];
}

/**
 * Serves `/metrics` and nothing else on a port of its own.
 *
 * @throws AtlassianMcpError `config` when it cannot listen there.
 */
export async function listenForMetrics(
  prometheus: Prometheus,
  { host, port, allowedHosts }: MetricsListenerOptions,
): Promise<MetricsListener> {
  const server = createServer((incoming, outgoing) => {
    void serveMetrics(prometheus, allowedHosts, incoming, outgoing);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(cannotListen(error, host, port)));
    server.listen(port, host, resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  const name = host.includes(":") ? `[${host}]` : host;
  return {
    url: new URL(`http://${name}:${bound}/metrics`),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serveMetrics(
  prometheus: Prometheus,
  allowedHosts: readonly string[],
  { method, url, headers }: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  if (!checkHost(headers.host, allowedHosts)) return void outgoing.writeHead(403).end();
  if (url?.split("?")[0] !== "/metrics") return void outgoing.writeHead(404).end();
  if (method !== "GET" && method !== "HEAD") return void outgoing.writeHead(405).end();
  try {
    const text = await prometheus.text();
    outgoing.writeHead(200, { "Content-Type": prometheus.contentType }).end(text);
  } catch {
    outgoing.writeHead(500).end();
  }
}

function cannotListen(error: Error, host: string, port: number): AtlassianMcpError {
  const code = "code" in error ? String(error.code) : error.message;
  return new AtlassianMcpError("config", `Cannot serve metrics on ${host}:${port} (${code})`, {
    setting: code === "EADDRNOTAVAIL" ? "MCP_METRICS_HOST" : "MCP_METRICS_PORT",
    next: "Choose another port or address for metrics; port 0 takes any free one.",
  });
}

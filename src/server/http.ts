import type { IncomingMessage, Server as NodeServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer, type HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { createMcpHandler, type McpRequestContext } from "@modelcontextprotocol/server";
import { Hono } from "hono";
import { AtlassianMcpError, isOurs, wholeSeconds } from "../errors.ts";
import type { Logger } from "../log.ts";
import type { AuthorizationServer } from "../oauth-server/types.ts";
import type { ServerSource } from "./build.ts";
import { corsHeaders, type DoorOptions, refuseHost } from "./door.ts";
import { createHttpObserver, type HttpObserver } from "./operations/http-observer.ts";
import type { Operations } from "./operations/operations.ts";
import { metricsAnswer, readyAnswer } from "./operations/pages.ts";
import { createReadiness, type ReadinessCheck } from "./operations/readiness.ts";
import type { RequestScope } from "./runtime.ts";
import { type Admission, admission, stepUp } from "./signed-in.ts";
import { type RunningServer, settle } from "./stdio.ts";

export interface HttpOptions extends DoorOptions {
  readonly builder: ServerSource;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Endpoint, e.g. `/mcp`. */
  readonly path: string;
  /** Endpoint of the transport of 2024, e.g. `/sse`; absent: not served. */
  readonly ssePath?: string | undefined;
  readonly log: Logger;
  /** Signs people in for clients that come without a credential. */
  readonly authorization?: AuthorizationServer | undefined;
  readonly operations: Operations;
  /** What `/readyz` asks. */
  readonly checks: readonly ReadinessCheck[];
  /** Shows `/metrics`, where there is one on this port, to more than this machine. */
  readonly metricsForAll: boolean;
  readonly graceMs?: number | undefined;
}

export interface RunningHttpServer extends RunningServer {
  /** Address of the endpoint, for people and clients. */
  readonly url: URL;
}

type Env = { Bindings: HttpBindings };

/** Serves any number of callers over Streamable HTTP, each with their own credentials. */
export async function startHttp(options: HttpOptions): Promise<RunningHttpServer> {
  const { builder, log } = options;
  const handler = createMcpHandler(
    (context: McpRequestContext) => builder.build(scopeOf(context)),
    { onerror: (error) => log.debug("protocol.failed", { error: error.message }) },
  );
  const observer = createHttpObserver(options);
  const { contextOf } = observer;
  const door = { ...options, allowedHosts: [...options.allowedHosts, options.host], contextOf };
  const { authorization } = options;
  const admit = observed(admission(door, authorization), contextOf);
  const endpoint = async (request: Request, { incoming, outgoing }: HttpBindings) => {
    for (const [name, value] of Object.entries(corsHeaders(incoming, door))) {
      outgoing.setHeader(name, value);
    }
    const scope = await admit(incoming);
    if (scope instanceof Response) return scope;
    const authInfo = { token: "", clientId: "", scopes: [], extra: { scope } };
    const body = await readBody(incoming);
    if (body.kind === "parsed") {
      const refusal = stepUp(incoming, scope, body.value, options);
      if (refusal !== undefined) return refusal;
      return handler.fetch(request, { authInfo, parsedBody: body.value });
    }
    // Too large or no JSON: the SDK has the answers to that.
    if (body.kind === "text") return handler.fetch(withBody(request, body.text), { authInfo });
    const response = await handler.fetch(request, { authInfo });
    if (incoming.method === "POST") {
      // What is left of it in the socket must not be taken for the next request.
      outgoing.setHeader("Connection", "close");
      await drain(incoming);
    }
    return response;
  };
  const admitSse = observed(admission(door, authorization, "sse"), contextOf);
  const pages = await otherPages(door, admitSse);
  const fetch = async (request: Request, env: HttpBindings) => {
    const path = pathOf(env.incoming);
    if (path === options.path) return endpoint(request, env);
    if (authorization?.owns(path) !== true) return pages.fetch(request, env);
    const refusal = refuseHost(env.incoming, door);
    if (refusal !== undefined) return refusal;
    await authorization.handle(env.incoming, env.outgoing);
    return RESPONSE_ALREADY_SENT;
  };
  const server = createAdaptorServer({
    // The one type that the adapter knows covers HTTP/2 as well, which is not served.
    fetch: (request, env) =>
      observer.observe(env as HttpBindings, () =>
        answer(fetch, request, env as HttpBindings, door),
      ),
    overrideGlobalObjects: false,
  });
  return listen(server as NodeServer, options, () => handler.close());
}

type Door = HttpOptions & Pick<HttpObserver, "contextOf">;

/** Whoever is let in brings along what is known of their request. */
function observed(admit: Admission, contextOf: HttpObserver["contextOf"]): Admission {
  return async (incoming) => {
    const scope = await admit(incoming);
    return scope instanceof Response ? scope : { ...scope, request: contextOf(incoming) };
  };
}

type Fetch = (request: Request, env: HttpBindings) => Response | Promise<Response>;

/** Nothing that goes wrong inside may show outside. */
async function answer(
  fetch: Fetch,
  request: Request,
  env: HttpBindings,
  { log, contextOf }: Door,
): Promise<Response> {
  try {
    return await fetch(request, env);
  } catch (error) {
    const facts = error instanceof Error ? error : new Error(String(error));
    const isGone = env.incoming.destroyed || env.outgoing.destroyed;
    const requestId = contextOf(env.incoming)?.requestId;
    if (isOurs(error, "upstream")) {
      log.warn("request.postponed", { requestId, error: error.message });
      return postponed(error, requestId);
    }
    const { message, stack } = facts;
    log[isGone ? "debug" : "error"]("request.failed", { requestId, error: message, stack });
    return Response.json({ error: "internal_error", request_id: requestId }, { status: 500 });
  }
}

/** What was needed to look at the request, such as the store of sign-ins, is away. */
function postponed({ message, details }: AtlassianMcpError, requestId?: string): Response {
  const waitS = wholeSeconds(details.retryAfterMs ?? 2000);
  return Response.json(
    { error: "temporarily_unavailable", error_description: message, request_id: requestId },
    { status: 503, headers: { "Retry-After": String(waitS) } },
  );
}

/** Everything but the endpoint: probes, the transport of 2024 where it is wanted, and a hint for the rest. */
async function otherPages(options: HttpOptions, admitSse: Admission): Promise<Hono<Env>> {
  const { builder, path, ssePath, operations } = options;
  const app = new Hono<Env>();
  app.get("/healthz", (c) => c.json({ status: "ok" }));
  const readiness = createReadiness({ checks: options.checks, drain: operations.drain });
  app.get("/readyz", () => readyAnswer(readiness));
  const metricsDoor = { allowRemote: options.metricsForAll, allowedHosts: options.allowedHosts };
  app.get("/metrics", async (c) => {
    const page = await metricsAnswer(operations.prometheus, c.env.incoming, metricsDoor);
    return page ?? c.notFound();
  });
  if (ssePath !== undefined) {
    const { mountSse } = await import("./sse.ts");
    mountSse(app, ssePath, builder, admitSse);
  }
  app.notFound((c) => c.json({ error: "not_found", next: `The endpoint is ${path}.` }, 404));
  app.onError((error) => {
    throw error;
  });
  return app;
}

/** Without the query, and without a trailing slash. */
function pathOf({ url = "" }: IncomingMessage): string {
  const end = url.indexOf("?");
  const path = end === -1 ? url : url.slice(0, end);
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}

/** As much as the SDK takes. */
const maxBodyBytes = 4 * 1024 * 1024;

type Body =
  | { readonly kind: "unread" }
  | { readonly kind: "parsed"; readonly value: unknown }
  | { readonly kind: "text"; readonly text: string };

/**
 * The JSON body of a POST, read straight from the socket: the SDK would clone the request to look at it first, which
 * costs more than everything else about a request.
 */
async function readBody(incoming: IncomingMessage): Promise<Body> {
  const { method, headers } = incoming;
  const isJson = /^application\/json\s*(;|$)/i.test(headers["content-type"] ?? "");
  const length = Number(headers["content-length"] ?? Number.NaN);
  // Without a length, or with too much of it, it is the SDK that counts and refuses.
  if (method !== "POST" || !isJson || !(length <= maxBodyBytes)) return { kind: "unread" };
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  try {
    return { kind: "parsed", value: JSON.parse(text) };
  } catch {
    return { kind: "text", text };
  }
}

const longestDrainMs = 2000;
const mostDrainedBytes = 64 * 1024 * 1024;

/**
 * Reads the rest of a body away, within bounds: a client that is still sending when the connection closes sees a broken
 * pipe instead of the answer.
 */
async function drain(incoming: IncomingMessage): Promise<void> {
  if (incoming.complete || incoming.destroyed) return;
  await new Promise<void>((resolve) => {
    let size = 0;
    const timer = setTimeout(resolve, longestDrainMs);
    incoming.once("close", resolve).once("end", resolve);
    incoming.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > mostDrainedBytes) resolve();
    });
    incoming.once("close", () => clearTimeout(timer)).once("end", () => clearTimeout(timer));
  });
}

function withBody(request: Request, body: string): Request {
  return new Request(request.url, { method: request.method, headers: request.headers, body });
}

function scopeOf({ authInfo }: McpRequestContext): RequestScope {
  // `admit` put it there; no request reaches the handler by another way.
  return authInfo?.extra?.["scope"] as RequestScope;
}

async function listen(
  server: NodeServer,
  { host, port, path, builder, operations, graceMs = 700 }: HttpOptions,
  close: () => Promise<void>,
): Promise<RunningHttpServer> {
  server.requestTimeout = 120_000;
  server.headersTimeout = 30_000;
  server.keepAliveTimeout = 75_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(listenError(error, host, port)));
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  const done = new Promise<void>((resolve) => server.once("close", resolve));
  let stopping: Promise<void> | undefined;
  const stop = async () => {
    await operations.drain.begin();
    server.close();
    await settle(builder, graceMs);
    await close();
    server.closeAllConnections();
    await done;
  };
  return {
    url: new URL(`http://${host.includes(":") ? `[${host}]` : host}:${address.port}${path}`),
    done,
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}

function listenError(error: Error, host: string, port: number): AtlassianMcpError {
  const code = (error as NodeJS.ErrnoException).code;
  const isPort = code === "EADDRINUSE" || code === "EACCES";
  return new AtlassianMcpError(
    "config",
    code === "EADDRINUSE"
      ? `Port ${port} on ${host} is already in use`
      : `Cannot listen on ${host}:${port} (${code ?? error.message})`,
    {
      setting: isPort ? "PORT" : "HOST",
      next: isPort
        ? "Choose another port with --port (0 takes any free one)."
        : "Choose an address of this machine with --host.",
    },
    error,
  );
}

import type { IncomingMessage, Server as NodeServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer, type HttpBindings } from "@hono/node-server";
import { createMcpHandler, type McpRequestContext } from "@modelcontextprotocol/server";
import { type Context, Hono } from "hono";
import { type Caller, hasCredential, readCaller } from "../auth/caller.ts";
import type { CallerRules } from "../auth/resolve.ts";
import { AtlassianMcpError } from "../errors.ts";
import { checkHost, checkOrigin } from "../http/guard.ts";
import type { Logger } from "../log.ts";
import type { ServerBuilder } from "./build.ts";
import type { RequestScope, ToolPolicy } from "./runtime.ts";
import { narrow } from "./scope.ts";
import { type RunningServer, settle } from "./stdio.ts";

export interface HttpOptions {
  readonly builder: ServerBuilder;
  readonly policy: ToolPolicy;
  readonly callerRules: CallerRules;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Endpoint, e.g. `/mcp`. */
  readonly path: string;
  /** Endpoint of the transport of 2024, e.g. `/sse`; absent: not served. */
  readonly ssePath?: string | undefined;
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins: readonly string[];
  readonly log: Logger;
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
  const app = new Hono<Env>();
  app.get("/healthz", (c) => c.json({ status: "ok" }));
  app.use(options.path, (c) =>
    admit(c, options, async (scope) => {
      const authInfo = { token: "", clientId: "", scopes: [], extra: { scope } };
      const body = await readBody(c.env.incoming);
      // What is left of it in the socket must not be taken for the next request.
      if (body.kind === "unread" && c.req.method === "POST") {
        c.env.outgoing.setHeader("Connection", "close");
      }
      if (body.kind === "parsed") {
        return handler.fetch(c.req.raw, { authInfo, parsedBody: body.value });
      }
      // Too large or no JSON: the SDK has the answers to that.
      return handler.fetch(body.kind === "unread" ? c.req.raw : withBody(c.req.raw, body.text), {
        authInfo,
      });
    }),
  );
  if (options.ssePath !== undefined) {
    const { mountSse } = await import("./sse.ts");
    mountSse(app, options.ssePath, builder, (c, serve) => admit(c, options, serve));
  }
  app.notFound((c) =>
    c.json({ error: "not_found", next: `The endpoint is ${options.path}.` }, 404),
  );
  app.onError((error, c) => {
    log.error("request.failed", { error: error.message, stack: error.stack });
    return c.json({ error: "internal_error" }, 500);
  });
  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false });
  return listen(server as NodeServer, options, () => handler.close());
}

/**
 * Lets a request through when its Host and Origin are ours and its credentials usable; answers it otherwise. Applies to
 * every method of an endpoint.
 */
export async function admit(
  c: Context<Env>,
  { policy, callerRules, allowedHosts, allowedOrigins, host }: HttpOptions,
  serve: (scope: RequestScope) => Response | Promise<Response>,
): Promise<Response> {
  // Node's own headers: making web headers of them for each request would cost more than all of this.
  const { headers, url = "" } = c.env.incoming;
  if (!checkHost(headers.host, [...allowedHosts, host])) {
    return refuse(c, 403, "forbidden_host", "The Host header names no host of this server.", {
      next: "Whoever runs the server adds the name to MCP_ALLOWED_HOSTS.",
    });
  }
  if (!checkOrigin(headers.origin, allowedOrigins)) {
    return refuse(c, 403, "forbidden_origin", "Web pages of this origin may not use this server.", {
      next: "Whoever runs the server adds the origin to MCP_ALLOWED_ORIGINS.",
    });
  }
  try {
    const caller = readCaller((name) => one(headers[name.toLowerCase()]));
    if (!isIdentified(caller, callerRules)) return challenge(c);
    return await serve({ caller, policy: narrow(policy, queryOf(url)) });
  } catch (error) {
    if (!(error instanceof AtlassianMcpError)) throw error;
    if (error.code === "auth") return challenge(c, error);
    return refuse(c, 400, "invalid_request", error.message, { next: error.details.next });
  }
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(", ") : header;
}

function queryOf(url: string): URLSearchParams {
  const start = url.indexOf("?");
  return new URLSearchParams(start === -1 ? "" : url.slice(start));
}

function isIdentified(caller: Caller, { fallback, ignoreHeaders }: CallerRules): boolean {
  return fallback || ignoreHeaders || hasCredential(caller);
}

function challenge(c: Context<Env>, error?: AtlassianMcpError): Response {
  c.header("WWW-Authenticate", 'Basic realm="Atlassian", charset="UTF-8"');
  const detail = error ? ', error="invalid_token"' : "";
  c.header("WWW-Authenticate", `Bearer realm="Atlassian"${detail}`, { append: true });
  return refuse(
    c,
    401,
    error ? "invalid_token" : "unauthorized",
    error?.message ?? "This server needs your Atlassian credentials.",
    {
      next:
        error?.details.next ??
        "Send Authorization: Basic base64(EMAIL:API_TOKEN) for Cloud, or Bearer PERSONAL_ACCESS_TOKEN for Data " +
          "Center; or whoever runs the server sets ALLOW_GLOBAL_CRED_FALLBACK=true.",
    },
  );
}

function refuse(
  c: Context<Env>,
  status: 400 | 401 | 403,
  error: string,
  description: string,
  more: { next?: string | undefined },
): Response {
  return c.json({ error, error_description: description, ...more }, status);
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

function withBody(request: Request, body: string): Request {
  return new Request(request.url, { method: request.method, headers: request.headers, body });
}

function scopeOf({ authInfo }: McpRequestContext): RequestScope {
  // `admit` put it there; no request reaches the handler by another way.
  return authInfo?.extra?.["scope"] as RequestScope;
}

async function listen(
  server: NodeServer,
  { host, port, path, builder, graceMs = 700 }: HttpOptions,
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

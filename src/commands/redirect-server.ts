import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { AtlassianMcpError } from "../errors.ts";
import { missingPage, type Page, pageHeaders, strangerPage } from "./page.ts";
import { readRedirect } from "./redirect.ts";

/** Listens at the callback address for the end of one sign-in. */
export interface RedirectServer {
  /** The query of the first redirect with the right state. */
  readonly answered: Promise<URLSearchParams>;
  /** Shows how the sign-in ended to the browser that brought the answer, and to whoever comes after it. */
  finish(page: Page): void;
  /** Frees the port, after pages under way have left. */
  close(): Promise<void>;
}

interface Waiting {
  readonly path: string;
  readonly state: string;
  readonly onStranger: () => void;
  resolve(parameters: URLSearchParams): void;
  readonly open: Set<ServerResponse>;
  outcome: Page | undefined;
}

/**
 * Binds the loopback interface alone. For `localhost` that is both of its addresses: a browser may take either, and
 * must not end at another program.
 *
 * @throws AtlassianMcpError `config` when the port is not to be had.
 */
export async function openRedirectServer(
  redirectUri: URL,
  state: string,
  onStranger: () => void,
): Promise<RedirectServer> {
  const { promise, resolve } = withResolvers<URLSearchParams>();
  const path = redirectUri.pathname;
  const waiting: Waiting = {
    path,
    state,
    onStranger,
    resolve,
    open: new Set(),
    outcome: undefined,
  };
  const servers: Server[] = [];
  try {
    for (const host of addressesOf(redirectUri.hostname)) {
      const server = await listenAt(host, portOf(redirectUri), waiting);
      if (server !== undefined) servers.push(server);
    }
  } catch (cause) {
    await closeAll(servers, waiting);
    throw portProblem(redirectUri, cause);
  }
  if (servers.length === 0) throw portProblem(redirectUri, undefined);
  return {
    answered: promise,
    finish(page) {
      waiting.outcome ??= page;
      for (const response of waiting.open) send(response, waiting.outcome);
    },
    close: () => closeAll(servers, waiting),
  };
}

function serve(request: IncomingMessage, response: ServerResponse, waiting: Waiting): void {
  const page = pageFor(request, waiting);
  if (page !== undefined) {
    send(response, page);
    return;
  }
  waiting.open.add(response);
  response.once("close", () => waiting.open.delete(response));
}

/** `undefined` for a browser that has to wait until the sign-in has succeeded or failed. */
function pageFor({ url = "", method }: IncomingMessage, waiting: Waiting): Page | undefined {
  const [path, ...query] = url.split("?");
  if (path !== waiting.path) return missingPage(404);
  if (method !== "GET") return missingPage(405);
  const reading = readRedirect(new URLSearchParams(query.join("?")), waiting.state);
  if (reading.kind === "nothing") return missingPage(404);
  if (reading.kind === "stranger") {
    waiting.onStranger();
    return strangerPage();
  }
  // Browsers fetch a page twice now and then: the first one counts, all of them see how it ended.
  waiting.resolve(reading.parameters);
  return waiting.outcome;
}

function send(response: ServerResponse, { status, html }: Page): void {
  if (response.headersSent) return;
  const allow = status === 405 ? { allow: "GET" } : {};
  response.writeHead(status, { ...pageHeaders, ...allow, connection: "close" });
  response.end(html);
}

/** `undefined` for an address family that this machine does not have. */
async function listenAt(host: string, port: number, waiting: Waiting): Promise<Server | undefined> {
  const server = createServer((request, response) => serve(request, response, waiting));
  const failure = await new Promise<Error | undefined>((resolve) => {
    server.once("error", resolve);
    server.listen({ host, port, ipv6Only: host === "::1" }, () => resolve(undefined));
  });
  if (failure === undefined) return server;
  if (isWithoutFamily(failure) && host === "::1") return undefined;
  throw failure;
}

function isWithoutFamily(failure: Error): boolean {
  const code = codeOf(failure);
  return code === "EADDRNOTAVAIL" || code === "EAFNOSUPPORT";
}

function addressesOf(hostname: string): string[] {
  if (hostname === "localhost") return ["127.0.0.1", "::1"];
  return [hostname.replace(/^\[|\]$/g, "")];
}

function portOf({ port }: URL): number {
  return port === "" ? 80 : Number(port);
}

/** Long enough for a page to leave, short enough for a browser that keeps a connection open. */
const partingMs = 500;

async function closeAll(servers: readonly Server[], { open }: Waiting): Promise<void> {
  const closed = servers.map(
    (server) => new Promise<void>((resolve) => void server.close(() => resolve())),
  );
  for (const response of open) if (!response.headersSent) response.destroy();
  for (const server of servers) server.closeIdleConnections();
  const timer = setTimeout(() => {
    for (const server of servers) server.closeAllConnections();
  }, partingMs);
  await Promise.all(closed);
  clearTimeout(timer);
}

function portProblem(redirectUri: URL, cause: unknown): AtlassianMcpError {
  const code = codeOf(cause);
  const port = portOf(redirectUri);
  const what =
    code === "EADDRINUSE"
      ? `Port ${port}, at which the sign-in ends (${redirectUri.href}), is in use: by another sign-in that still waits, or by another program such as a development server`
      : `Port ${port}, at which the sign-in ends (${redirectUri.href}), cannot be opened (${code ?? "no loopback address"})`;
  return new AtlassianMcpError(
    "config",
    what,
    {
      setting: "ATLASSIAN_OAUTH_REDIRECT_URI",
      next: "End that program; or register a callback address with another port and set ATLASSIAN_OAUTH_REDIRECT_URI to it; or use --paste.",
    },
    cause,
  );
}

function codeOf(cause: unknown): string | undefined {
  return cause instanceof Error && "code" in cause ? String(cause.code) : undefined;
}

/** As `Promise.withResolvers`, which Node 20 does not have. */
function withResolvers<T>() {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

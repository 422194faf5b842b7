import { readFileSync } from "node:fs";
import {
  createServer,
  type IncomingHttpHeaders,
  type RequestListener,
  type ServerResponse,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Server, Socket } from "node:net";
import type { TlsOptions } from "node:tls";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

export interface SeenRequest {
  readonly method: string;
  /** Path and query as they arrived. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly socket: Socket;
}

export interface LoopbackServer {
  readonly url: URL;
  readonly port: number;
  readonly seen: readonly SeenRequest[];
  /** Connections accepted so far. */
  readonly connections: number;
}

export type Answerer = (request: SeenRequest, response: ServerResponse, index: number) => void;

/** A real HTTP(S) server on 127.0.0.1 that lives as long as the test that starts it. */
export async function startServer(answer: Answerer, tls?: TlsOptions): Promise<LoopbackServer> {
  const seen: SeenRequest[] = [];
  const listener: RequestListener = (request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => {
      body += chunk;
    });
    request.on("end", () => {
      const { method = "", url = "", headers, socket } = request;
      const index = seen.push({ method, url, headers, body, socket }) - 1;
      const [entry] = seen.slice(index);
      if (entry !== undefined) answer(entry, response, index);
    });
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  let connections = 0;
  server.on("connection", () => {
    connections += 1;
  });
  const port = await listenUntilTestEnds(server);
  return {
    url: new URL(`${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`),
    port,
    seen,
    get connections() {
      return connections;
    },
  };
}

/** Sends one JSON answer. */
export function sendJson(
  response: ServerResponse,
  value: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(value));
}

/** A file of `test/fixtures/tls`. */
export function tlsFile(name: string): string {
  return fileURLToPath(new URL(`../fixtures/tls/${name}`, import.meta.url));
}

/** Server options for a fixture that holds key and certificate. */
export function tlsServer(name: string): TlsOptions {
  const pem = readFileSync(tlsFile(name));
  return { key: pem, cert: pem };
}

/** Starts listening on a free port; stops, with all connections, when the test ends. */
export async function listenUntilTestEnds(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  // A server that listens on a port has this kind of address.
  return (server.address() as AddressInfo).port;
}

/** Below what Linux, macOS and Windows give out by themselves, to listeners and to connections. */
const [firstPort, portCount] = [20_000, 12_000];
const worker = Number(process.env["VITEST_POOL_ID"] ?? 0);
let lastPort = process.pid * 131 + worker * 1009;

/** A port that nothing listens at, on either loopback address; nobody gets it by chance while its server is restarted. */
export async function freePort(): Promise<number> {
  for (;;) {
    lastPort += 1;
    const port = firstPort + (lastPort % portCount);
    if ((await canListen(port, "127.0.0.1")) && (await canListen(port, "localhost"))) return port;
  }
}

async function canListen(port: number, host: string): Promise<boolean> {
  const server = createServer();
  const isListening = await new Promise<boolean>((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, host, () => resolve(true));
  });
  if (isListening) await new Promise((resolve) => server.close(resolve));
  return isListening;
}

import { createServer, type IncomingMessage } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { connect, createServer as createTcpServer, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { TLSSocket, type TlsOptions } from "node:tls";
import { listenUntilTestEnds } from "./loopback.ts";

export interface FakeProxy {
  readonly port: number;
  /** `host:port` of each tunnel that was asked for. */
  readonly tunnels: readonly string[];
  /** User information as it arrived, decoded, one entry per tunnel. */
  readonly logins: readonly string[];
}

export interface ConnectProxyOptions {
  /** Refuses all tunnels with this status. */
  readonly refuseWith?: number;
  /** Speaks TLS itself and asks for a client certificate, without insisting. */
  readonly tls?: TlsOptions;
}

export interface FakeConnectProxy extends FakeProxy {
  /** Common names of the client certificates shown to the proxy itself. */
  readonly clients: readonly unknown[];
}

/** A proxy that opens tunnels for CONNECT. */
export async function startConnectProxy(
  options: ConnectProxyOptions = {},
): Promise<FakeConnectProxy> {
  const { refuseWith, tls } = options;
  const tunnels: string[] = [];
  const logins: string[] = [];
  const clients: unknown[] = [];
  const server =
    tls === undefined
      ? createServer()
      : createTlsServer({ ...tls, requestCert: true, rejectUnauthorized: false });
  server.on("connect", (request: IncomingMessage, client: Duplex) => {
    const target = request.url ?? "";
    tunnels.push(target);
    const basic = request.headers["proxy-authorization"]?.replace(/^Basic /, "") ?? "";
    logins.push(Buffer.from(basic, "base64").toString());
    client.on("error", () => {});
    if (client instanceof TLSSocket) clients.push(client.getPeerCertificate().subject?.CN);
    if (refuseWith !== undefined) {
      client.end(`HTTP/1.1 ${refuseWith} Refused\r\n\r\n`);
      return;
    }
    joinTo(target, client, () => client.write("HTTP/1.1 200 Connected\r\n\r\n"));
  });
  return { port: await listenUntilTestEnds(server), tunnels, logins, clients };
}

/** A SOCKS5 proxy with optional user and password (RFC 1928, 1929), or one that refuses with a reply code. */
export async function startSocksProxy(
  options: { login?: string; refuseWith?: number } = {},
): Promise<FakeProxy> {
  const tunnels: string[] = [];
  const logins: string[] = [];
  const serve = async (client: Socket): Promise<void> => {
    const method = options.login === undefined ? 0 : 2;
    await nextChunk(client);
    client.write(Buffer.from([5, method]));
    if (options.login !== undefined) {
      const login = readLogin(await nextChunk(client));
      logins.push(login);
      client.write(Buffer.from([1, login === options.login ? 0 : 1]));
      if (login !== options.login) return;
    }
    const target = readTarget(await nextChunk(client));
    tunnels.push(target);
    const reply = (code: number) => client.write(Buffer.from([5, code, 0, 1, 0, 0, 0, 0, 0, 0]));
    if (options.refuseWith !== undefined) reply(options.refuseWith);
    else joinTo(target, client, () => reply(0));
  };
  const server = createTcpServer((client) => void serve(client));
  return { port: await listenUntilTestEnds(server), tunnels, logins };
}

/** Names are all "resolved" to this machine, as only a proxy could. */
function joinTo(target: string, client: Duplex, onOpen: () => void): void {
  const upstream: Socket = connect(Number(target.split(":").at(-1)), "127.0.0.1", () => {
    onOpen();
    upstream.pipe(client).pipe(upstream);
  });
  upstream.on("error", () => client.destroy());
  client.on("close", () => upstream.destroy());
}

function nextChunk(socket: Socket): Promise<Buffer> {
  return new Promise((resolve) => socket.once("data", resolve));
}

function readLogin(chunk: Buffer): string {
  const userLength = chunk[1] ?? 0;
  const user = chunk.subarray(2, 2 + userLength).toString();
  return `${user}:${chunk.subarray(3 + userLength).toString()}`;
}

function readTarget(chunk: Buffer): string {
  const port = chunk.readUInt16BE(chunk.length - 2);
  const address = chunk.subarray(4, chunk.length - 2);
  const host = chunk[3] === 1 ? [...address].join(".") : address.subarray(1).toString();
  return `${host}:${port}`;
}

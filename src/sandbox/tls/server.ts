import type { IncomingMessage, RequestListener } from "node:http";
import { createServer, type Server } from "node:https";
import { TLSSocket } from "node:tls";
import type { SandboxUser } from "../types.ts";
import { authority, serverCertificate, serverKey } from "./server-certificates.ts";

/** An https server that ends the handshake of whoever has no client certificate of the test authority. */
export function createMutualTlsServer(): Server {
  return createServer({
    ca: authority,
    cert: serverCertificate,
    key: serverKey,
    requestCert: true,
    rejectUnauthorized: true,
    keepAliveTimeout: 30_000,
  });
}

/** `/confluence` goes to the second listener, everything else to the first. */
export function byContext(jira: RequestListener, confluence: RequestListener): RequestListener {
  return (message, response) => {
    const isConfluence = message.url?.startsWith("/confluence") === true;
    (isConfluence ? confluence : jira)(message, response);
  };
}

/** Finds the active user whose login name is the CN of the client's certificate. */
export function certifiedUser(
  users: readonly SandboxUser[],
): (message: IncomingMessage) => SandboxUser | undefined {
  return ({ socket }) => {
    if (!(socket instanceof TLSSocket)) return undefined;
    const name = socket.getPeerCertificate().subject.CN;
    return users.find((user) => user.active && user.name === name);
  };
}

import { lookup } from "node:dns/promises";
import { isIP, type Socket } from "node:net";
import type { buildConnector } from "undici";
import { AtlassianMcpError } from "../errors.ts";
import type { AddressRules } from "./allowed-hosts.ts";

/** All addresses of a name, in the order in which they are to be tried. */
export type Resolver = (name: string) => Promise<readonly string[]>;

/** The machine's own resolver. */
export const systemResolver: Resolver = async (name) =>
  (await lookup(name, { all: true, verbatim: true })).map(({ address }) => address);

/** More addresses than this are not tried. */
const maxAddresses = 4;

/**
 * A connector that resolves a name once, refuses it when any of its addresses is not allowed, and connects to exactly
 * what it resolved; server name and certificate check stay those of the name. Literal addresses are checked, too: the
 * resolver of a socket is never asked about those.
 *
 * The connection fails with AtlassianMcpError `forbidden` when an address is refused.
 */
export function pinnedConnector(
  connect: buildConnector.connector,
  rules: AddressRules,
  resolve: Resolver,
): buildConnector.connector {
  return (options, callback) => {
    const name = options.hostname.replace(/^\[|\]$/g, "");
    connectPinned(name, options, { connect, rules, resolve }).then(
      (socket) => callback(null, socket),
      (cause: unknown) =>
        callback(cause instanceof Error ? cause : new Error("connection failed"), null),
    );
  };
}

interface Pinning {
  readonly connect: buildConnector.connector;
  readonly rules: AddressRules;
  readonly resolve: Resolver;
}

async function connectPinned(
  name: string,
  options: buildConnector.Options,
  { connect, rules, resolve }: Pinning,
): Promise<Socket> {
  const literal = isIP(name) !== 0;
  const addresses = literal ? [name] : await resolve(name);
  // All of them: a name that mixes public and inner addresses is an attempt to get in.
  if (addresses.length === 0 || !addresses.every((ip) => rules.allows(ip))) throw refused(name);
  const server = literal ? {} : { servername: name };
  let failure: unknown;
  for (const ip of addresses.slice(0, maxAddresses)) {
    try {
      const socket = await once(connect, { ...options, ...server, hostname: ip });
      if (rules.allows(socket.remoteAddress ?? "")) return socket;
      socket.destroy();
      failure = refused(name);
    } catch (cause) {
      failure = cause;
    }
  }
  throw failure;
}

function once(connect: buildConnector.connector, options: buildConnector.Options): Promise<Socket> {
  return new Promise((resolve, reject) => {
    connect(options, (...[cause, socket]) => {
      if (cause === null) resolve(socket);
      else reject(cause);
    });
  });
}

function refused(name: string): AtlassianMcpError {
  return new AtlassianMcpError(
    "forbidden",
    `${name} leads to an address that this server may not connect to`,
    {
      setting: "MCP_ALLOWED_URL_DOMAINS",
      next: "Use a public address, or ask the operator to list the network in MCP_ALLOWED_URL_DOMAINS.",
    },
  );
}

import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { TLSSocket } from "node:tls";
import type { AddressRules } from "./allowed-hosts.ts";
import { acceptedEncodings } from "./body.ts";
import { startDeadline } from "./deadline.ts";
import { wayTo } from "./dispatchers.ts";
import { deadlineError, errorFromFailure } from "./network-errors.ts";
import type { HttpPool } from "./pool.ts";
import { type Product, settingPrefix } from "./product.ts";
import { type ProxySettings, proxyOfFailure } from "./proxy.ts";
import { basePart } from "./request-parts.ts";
import type { AnswerHeaders } from "./retry-after.ts";
import type { TlsSettings } from "./trust.ts";
import type { Credentials } from "./types.ts";

export interface ProbeOptions {
  readonly product: Product;
  readonly apiBase: URL;
  /** Default: none. */
  readonly credentials?: Credentials | undefined;
  readonly pool: HttpPool;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly tls?: TlsSettings | undefined;
  readonly proxy?: ProxySettings | undefined;
  readonly guard?: AddressRules | undefined;
  readonly timeoutMs: number;
  readonly userAgent: string;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds since the epoch. */
  readonly clock?: (() => number) | undefined;
}

/** What one bare request met. */
export interface Probe {
  /** Whatever it is: redirects are not followed, refusals are no errors. */
  readonly status: number;
  /** Names in lower case. */
  readonly headers: AnswerHeaders;
  readonly text: string;
  readonly elapsedMs: number;
  /** `host:port` of the proxy in between. */
  readonly proxy?: string | undefined;
  /** Present when the probe opened the connection, which the first one to an origin does. */
  readonly tls?: ProbedTls | undefined;
}

export interface ProbedTls {
  /** E.g. `TLSv1.3`. */
  readonly protocol: string;
  /** Common names on the site's certificate. */
  readonly subject: string;
  readonly issuer: string;
  /** Milliseconds since the epoch. */
  readonly validTo: number;
  /** False when verification is off and the certificate would not have passed. */
  readonly trusted: boolean;
}

const maxBytes = 1024 * 1024;

/**
 * Sends one GET below the API base, without repeating or following anything, and tells what came back.
 *
 * @param path begins with a slash; may have a query.
 * @throws AtlassianMcpError `network`, `timeout`, `auth` for a refused client certificate, `config`, `forbidden`.
 */
export async function probe(options: ProbeOptions, path: string): Promise<Probe> {
  const { product, apiBase, pool, timeoutMs, clock = Date.now } = options;
  const url = new URL(`${basePart(apiBase)}${path}`);
  const tls = options.tls ?? { prefix: settingPrefix(product), verify: true, caFiles: [] };
  const proxy = options.proxy ?? { product: {}, environment: {} };
  const way = wayTo(url, { tls, proxy, guard: options.guard });
  const deadline = startDeadline(timeoutMs, options.signal, clock);
  const { signal } = deadline;
  const watch = watchConnections(url);
  try {
    const headers = await headersOf(options);
    const outgoing = { method: "GET", url, headers, signal, maxBytes } as const;
    const startedAt = clock();
    const answer = await pool.send(outgoing, way, {
      credential: "",
      method: "GET",
      template: path,
    });
    const elapsedMs = clock() - startedAt;
    return { ...answer, elapsedMs, proxy: way.proxy?.label, tls: watch.seen() };
  } catch (cause) {
    const context = { product, operation: `GET ${path.split("?")[0]}`, host: url.host };
    const failed = { ...context, proxy: way.proxy?.label ?? proxyOfFailure(cause) };
    if (deadline.expired) throw deadlineError(timeoutMs, failed);
    if (options.signal?.aborted === true) throw options.signal.reason;
    throw errorFromFailure(cause, failed);
  } finally {
    watch.end();
    deadline.end();
  }
}

async function headersOf(options: ProbeOptions): Promise<Record<string, string>> {
  return {
    accept: "application/json",
    ...options.headers,
    "user-agent": options.userAgent,
    "accept-encoding": acceptedEncodings,
    ...(await options.credentials?.headers()),
  };
}

const channel = "undici:client:connected";

/** Listens for the connection that is made meanwhile; undici hands sockets out in no other way. */
function watchConnections(url: URL) {
  let found: ProbedTls | undefined;
  const listen = (message: unknown): void => {
    if (!isConnected(message) || message.connectParams.host !== url.host) return;
    if (message.socket instanceof TLSSocket) found = describe(message.socket);
  };
  subscribe(channel, listen);
  return { seen: () => found, end: () => unsubscribe(channel, listen) };
}

interface Connected {
  readonly socket: unknown;
  readonly connectParams: { readonly host: unknown };
}

function isConnected(message: unknown): message is Connected {
  return (
    typeof message === "object" &&
    message !== null &&
    "socket" in message &&
    "connectParams" in message &&
    typeof message.connectParams === "object" &&
    message.connectParams !== null &&
    "host" in message.connectParams
  );
}

function describe(socket: TLSSocket): ProbedTls {
  const { subject, issuer, valid_to: validTo } = socket.getPeerCertificate();
  return {
    protocol: socket.getProtocol() ?? "",
    subject: String(subject?.CN ?? ""),
    issuer: String(issuer?.CN ?? issuer?.O ?? ""),
    validTo: Date.parse(validTo),
    trusted: socket.authorized,
  };
}

import { setTimeout as delay } from "node:timers/promises";
import { AtlassianMcpError } from "../errors.ts";
import type { AddressRules } from "./allowed-hosts.ts";
import { acceptedEncodings } from "./body.ts";
import { type Deadline, startDeadline } from "./deadline.ts";
import { type Way, wayTo } from "./dispatchers.ts";
import type { Answer, Outgoing } from "./exchange.ts";
import {
  deadlineError,
  errorFromFailure,
  type FailureContext,
  repeatableAfter,
} from "./network-errors.ts";
import type { HttpPool } from "./pool.ts";
import { type ProxySettings, proxyOfFailure } from "./proxy.ts";
import type { TlsSettings } from "./trust.ts";
import type { Method } from "./types.ts";

/** The part of `fetch` that libraries for signing in need. Bodies are texts or `URLSearchParams`. */
export type SimpleFetch = (url: string, init?: RequestInit) => Promise<Response>;

export interface FetchOptions {
  /** Shared; outlives the function. */
  readonly pool: HttpPool;
  /** The setting that errors name for a wrong address, e.g. `ATLASSIAN_AUTH_URL`. */
  readonly address: string;
  /** Default: the system's roots, no client certificate. */
  readonly tls?: TlsSettings | undefined;
  /** Default: no proxy. */
  readonly proxy?: ProxySettings | undefined;
  /** For addresses that a caller chose. */
  readonly guard?: AddressRules | undefined;
  /** One deadline for a request with all its tries. */
  readonly timeoutMs: number;
  readonly userAgent: string;
  /** Limit of an answer after decoding. Default 1 MiB. */
  readonly maxBytes?: number | undefined;
  /** Tries after a connection that could not be made. Default 2. */
  readonly retries?: number | undefined;
  /** Milliseconds since the epoch. */
  readonly clock?: (() => number) | undefined;
  readonly sleep?: ((ms: number, signal: AbortSignal) => Promise<void>) | undefined;
}

interface Setup extends FetchOptions {
  readonly tls: TlsSettings;
  readonly proxy: ProxySettings;
  readonly clock: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

const defaultMaxBytes = 1024 * 1024;
const backoffMs = 500;

/**
 * A `fetch` on the pool's connections, with its proxies, trust and limits. It answers with whatever status came,
 * redirects included, follows none of them, and repeats nothing that may have reached the other side.
 *
 * Its requests fail with AtlassianMcpError: `network`, `timeout`, `auth` for a refused client certificate, `config`,
 * `upstream` for an answer that is too large, `forbidden` by the guard.
 */
export function createFetch(options: FetchOptions): SimpleFetch {
  const setup: Setup = {
    ...options,
    tls: options.tls ?? { prefix: "", verify: true, caFiles: [] },
    proxy: options.proxy ?? { product: {}, environment: {} },
    clock: options.clock ?? Date.now,
    sleep: options.sleep ?? ((ms, signal) => delay(ms, undefined, { signal })),
  };
  return async (address, init = {}) => {
    const url = new URL(address);
    const way = wayTo(url, setup);
    const request = requestOf(url, init, setup);
    const signal = init.signal ?? undefined;
    const deadline = startDeadline(setup.timeoutMs, signal, setup.clock);
    try {
      const outgoing = { ...request, signal: deadline.signal };
      return responseOf(await sendPatiently(outgoing, way, setup, deadline));
    } catch (cause) {
      const context = contextOf(request, way, setup, cause);
      if (cause instanceof AtlassianMcpError) {
        throw cause.with({ operation: context.operation, ...cause.details });
      }
      if (deadline.expired) throw deadlineError(setup.timeoutMs, context);
      // The caller's own cancellation goes back as it came.
      if (signal?.aborted === true) throw signal.reason;
      throw errorFromFailure(cause, context);
    } finally {
      deadline.end();
    }
  };
}

function requestOf(url: URL, init: RequestInit, setup: Setup): Omit<Outgoing, "signal"> {
  const headers = Object.fromEntries(new Headers(init.headers));
  const body = init.body ?? undefined;
  if (body !== undefined && typeof body !== "string" && !(body instanceof URLSearchParams)) {
    throw new TypeError("Only texts and forms can be sent");
  }
  if (body instanceof URLSearchParams) {
    headers["content-type"] ??= "application/x-www-form-urlencoded;charset=UTF-8";
  }
  return {
    method: methodOf(init),
    url,
    headers: { ...headers, "user-agent": setup.userAgent, "accept-encoding": acceptedEncodings },
    body: body?.toString(),
    maxBytes: setup.maxBytes ?? defaultMaxBytes,
  };
}

const methods: readonly Method[] = ["GET", "POST", "PUT", "DELETE"];

function methodOf({ method = "GET" }: RequestInit): Method {
  const found = methods.find((each) => each === method.toUpperCase());
  if (found === undefined) throw new TypeError(`${method} requests are not made`);
  return found;
}

async function sendPatiently(
  outgoing: Outgoing,
  way: Way,
  { pool, retries = 2, sleep }: Setup,
  deadline: Deadline,
): Promise<Answer> {
  const keys = { credential: "", method: outgoing.method, template: outgoing.url.pathname };
  for (let tried = 1; ; tried++) {
    try {
      return await pool.send(outgoing, way, keys);
    } catch (cause) {
      const waitMs = backoffMs * 2 ** (tried - 1);
      const mayRepeat = tried <= retries && repeatableAfter(cause) === "unsent";
      if (!mayRepeat || deadline.signal.aborted || waitMs >= deadline.remainingMs) throw cause;
      await sleep(waitMs, deadline.signal);
    }
  }
}

/** Statuses that a `Response` lets have no body. */
const bodiless = new Set([204, 205, 304]);

function responseOf({ status, headers, text }: Answer): Response {
  // The text is decoded already.
  const {
    "content-encoding": _,
    "content-length": __,
    "transfer-encoding": ___,
    ...rest
  } = headers;
  return new Response(bodiless.has(status) ? null : text, { status, headers: rest });
}

function contextOf(
  { url, method }: Omit<Outgoing, "signal">,
  way: Way,
  { tls, address }: Setup,
  cause: unknown,
): FailureContext {
  return {
    prefix: tls.prefix === "" ? undefined : tls.prefix,
    address,
    operation: `${method} ${url.pathname}`,
    host: url.host,
    proxy: way.proxy?.label ?? proxyOfFailure(cause),
  };
}

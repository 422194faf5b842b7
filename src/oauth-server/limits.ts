import type { IncomingMessage } from "node:http";
import { isIPv6 } from "node:net";

/** Counts what each caller does in a span of time. */
export interface Limiter {
  /** Counts one. Milliseconds until the next is welcome, `undefined` where this one is. */
  hit(key: string): number | undefined;
}

export interface LimiterOptions {
  readonly max: number;
  readonly windowMs: number;
  readonly clock: () => number;
  /** Callers that are remembered; beyond it, those seen first are forgotten. Default 10,000. */
  readonly maxKeys?: number | undefined;
}

/**
 * In this process alone: it keeps a flood from the store and from other hosts, and each replica has its own share of
 * the flood.
 */
export function createLimiter({ max, windowMs, clock, maxKeys = 10_000 }: LimiterOptions): Limiter {
  const windows = new Map<string, { count: number; endsAt: number }>();
  return {
    hit(key) {
      const now = clock();
      let window = windows.get(key);
      if (window === undefined || window.endsAt <= now) {
        windows.delete(key);
        window = { count: 0, endsAt: now + windowMs };
        windows.set(key, window);
        const [oldest] = windows.keys();
        if (windows.size > maxKeys && oldest !== undefined) windows.delete(oldest);
      }
      window.count += 1;
      return window.count > max ? window.endsAt - now : undefined;
    },
  };
}

/**
 * Who is calling, as far as addresses tell. Only what the operator's own proxies appended to `X-Forwarded-For` counts:
 * anybody can write what stands before it.
 */
export function addressOf(request: IncomingMessage, trustedProxies: number): string {
  const socket = request.socket.remoteAddress ?? "";
  if (trustedProxies < 1) return networkOf(socket);
  const header = request.headers["x-forwarded-for"] ?? "";
  const hops = String(header)
    .split(",")
    .map((hop) => hop.trim())
    .filter((hop) => hop !== "");
  return networkOf(hops.at(-trustedProxies) ?? hops.at(0) ?? socket);
}

/** Some proxies append the port, and each connection has another one. */
function withoutPort(address: string): string {
  const [, bracketed, plain] = /^(?:\[([^\]]*)\]|([\d.]+))(?::\d*)?$/.exec(address) ?? [];
  return bracketed ?? plain ?? address;
}

/** One household has a whole IPv6 network, so the addresses in it count as one. */
function networkOf(address: string): string {
  const bare = withoutPort(address).replace(/^::ffff:(?=\d+\.)/i, "");
  if (!isIPv6(bare)) return bare;
  const [head = "", tail] = bare.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros =
    tail === undefined ? [] : Array(Math.max(0, 8 - left.length - right.length)).fill("0");
  return [...left, ...zeros, ...right].slice(0, 4).join(":");
}

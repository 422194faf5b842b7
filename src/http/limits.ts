import { type AnswerHeaders, serverWaitMs } from "./retry-after.ts";

/** What a rate limit may be counted against. */
export interface LimitKeys {
  /** Fingerprint of the credentials, never the credentials. */
  readonly credential: string;
  readonly method: string;
  /** Path template. */
  readonly template: string;
  /** Order key of a write: the item it changes. */
  readonly order?: string | undefined;
}

/** Remembers, for one origin, which calls a 429 has ruled out and until when. */
export interface Limits {
  /** Takes note of a 429. Without a wait told by the server there is nothing to remember. */
  learn(headers: AnswerHeaders, keys: LimitKeys): void;
  /** Milliseconds during which a call like this one would be refused again; 0 for none. */
  blockedMs(keys: LimitKeys): number;
}

/** Quotas reset every hour; a longer wait is somebody's mistake. */
const longestBlockMs = 60 * 60 * 1000;

/** Bounds the memory: each entry is one kind of call that is being limited. */
const maxEntries = 1000;

export function createLimits(now: () => number): Limits {
  const until = new Map<string, number>();
  return {
    learn(headers, keys) {
      const waitMs = serverWaitMs(headers, now());
      if (waitMs === undefined) return;
      const key = scopeOf(headers["ratelimit-reason"] ?? "", keys);
      const end = now() + Math.min(waitMs, longestBlockMs);
      const known = until.get(key) ?? 0;
      until.delete(key);
      until.set(key, Math.max(known, end));
      if (until.size > maxEntries) prune(until, now());
    },
    blockedMs(keys) {
      if (until.size === 0) return 0;
      const ends = scopesOf(keys).map((key) => until.get(key) ?? 0);
      return Math.max(0, Math.max(...ends) - now());
    },
  };
}

function prune(until: Map<string, number>, nowMs: number): void {
  for (const [key, end] of until) if (end <= nowMs) until.delete(key);
  for (const key of until.keys()) {
    if (until.size <= maxEntries) return;
    until.delete(key);
  }
}

/**
 * Which calls a refusal speaks for, by `RateLimit-Reason`: a quota for everything under the credential, a burst for
 * the endpoint and method whoever calls, a per-issue limit for that issue. The set of reasons is open: an unknown
 * one, or none, stops the least.
 */
function scopeOf(reason: string, keys: LimitKeys): string {
  if (reason.includes("-quota-")) return quotaScope(keys);
  if (reason.includes("-burst-")) return burstScope(keys);
  if (reason.includes("-per-issue-") && keys.order !== undefined) return itemScope(keys);
  return callScope(keys);
}

function scopesOf(keys: LimitKeys): string[] {
  return [quotaScope(keys), burstScope(keys), itemScope(keys), callScope(keys)];
}

function quotaScope({ credential }: LimitKeys): string {
  return `quota ${credential}`;
}

function burstScope({ method, template }: LimitKeys): string {
  return `burst ${method} ${template}`;
}

function itemScope({ order }: LimitKeys): string {
  return order === undefined ? "" : `item ${order}`;
}

function callScope({ credential, method, template }: LimitKeys): string {
  return `call ${credential} ${method} ${template}`;
}

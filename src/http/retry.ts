import { type Repeatable, repeatableAfter } from "./network-errors.ts";
import { type AnswerHeaders, serverWaitMs } from "./retry-after.ts";

/** How failed tries are repeated. */
export interface RetrySettings {
  /** Tries after the first one; 0 turns repeating off. */
  readonly retries: number;
  /** The first wait when the server names none; it doubles with each try. */
  readonly backoffMs: number;
  /** Repeats writes after failures that may have carried them out. Off unless the operator accepts duplicates. */
  readonly includeWrites: boolean;
  /** Uses our own waits even when the server names one. */
  readonly ignoreRetryAfter: boolean;
}

export const defaultRetry: RetrySettings = {
  retries: 3,
  backoffMs: 2000,
  includeWrites: false,
  ignoreRetryAfter: false,
};

/** Longest wait of our own choosing. */
const backoffCapMs = 30_000;

/** Longest wait a server may impose inside a call; with a longer one the caller is told when to come back. */
export const longestServerWaitMs = 120_000;

/** Facts about the call that decide whether it may be repeated. */
export interface RepeatPolicy {
  readonly settings: RetrySettings;
  readonly idempotent: boolean;
  readonly remainingMs: () => number;
  readonly now: () => number;
  readonly random: () => number;
}

interface Answered {
  readonly status: number;
  readonly headers: AnswerHeaders;
}

/**
 * Milliseconds to wait before the request is sent again after this answer, or `undefined` if it must not be: the
 * status does not call for it, the tries are used up, or the wait would not fit into the call.
 */
export function waitAfterAnswer(
  answer: Answered,
  tried: number,
  policy: RepeatPolicy,
): number | undefined {
  const { settings, now, random } = policy;
  if (tried > settings.retries || !mayRepeat(repeatableStatus(answer.status), policy))
    return undefined;
  const told = settings.ignoreRetryAfter ? undefined : serverWaitMs(answer.headers, now());
  if (told !== undefined && told > longestServerWaitMs) return undefined;
  // Never shorter than told, and spread out, because others were told the same.
  const wait = told === undefined ? backoffMs(tried, policy) : told * (1 + 0.3 * random());
  return wait < policy.remainingMs() ? wait : undefined;
}

/** The same after a try that ended without an answer. */
export function waitAfterFailure(
  cause: unknown,
  tried: number,
  policy: RepeatPolicy,
): number | undefined {
  if (tried > policy.settings.retries || !mayRepeat(repeatableAfter(cause), policy))
    return undefined;
  const wait = backoffMs(tried, policy);
  return wait < policy.remainingMs() ? wait : undefined;
}

/** A 429 was not carried out. A gateway's error says nothing about what happened behind it. */
function repeatableStatus(status: number): Repeatable {
  if (status === 429) return "unsent";
  return status === 502 || status === 503 || status === 504 ? "unknown" : "final";
}

function mayRepeat(repeatable: Repeatable, { idempotent, settings }: RepeatPolicy): boolean {
  if (repeatable === "unknown") return idempotent || settings.includeWrites;
  return repeatable === "unsent";
}

/** `tried` counts the tries made so far, from 1. */
function backoffMs(tried: number, { settings, random }: RepeatPolicy): number {
  const base = Math.min(settings.backoffMs * 2 ** (tried - 1), backoffCapMs);
  return Math.min(base * (0.7 + 0.6 * random()), backoffCapMs);
}

export interface RetryLoop {
  readonly policy: RepeatPolicy;
  readonly signal: AbortSignal;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Told before each wait. */
  readonly onRepeat: (facts: {
    tried: number;
    waitMs: number;
    status?: number | undefined;
  }) => void;
}

/** Runs `attempt` until its outcome stands. Returns the last answer or throws the last failure as it came. */
export async function withRetries<A extends Answered>(
  attempt: () => Promise<A>,
  loop: RetryLoop,
): Promise<A> {
  for (let tried = 1; ; tried++) {
    let status: number | undefined;
    let waitMs: number | undefined;
    try {
      const answer = await attempt();
      status = answer.status;
      waitMs = waitAfterAnswer(answer, tried, loop.policy);
      if (waitMs === undefined) return answer;
    } catch (cause) {
      if (loop.signal.aborted) throw cause;
      waitMs = waitAfterFailure(cause, tried, loop.policy);
      if (waitMs === undefined) throw cause;
    }
    loop.onRepeat({ tried, waitMs, status });
    await loop.sleep(waitMs, loop.signal);
  }
}

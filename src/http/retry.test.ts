import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AtlassianMcpError } from "../errors.ts";
import {
  defaultRetry,
  type RepeatPolicy,
  waitAfterAnswer,
  waitAfterFailure,
  withRetries,
} from "./retry.ts";
import { serverWaitMs } from "./retry-after.ts";

const now = Date.parse("2026-11-23T10:00:00Z");

function policy(more: Partial<RepeatPolicy> = {}): RepeatPolicy {
  return {
    settings: defaultRetry,
    idempotent: true,
    remainingMs: () => 600_000,
    now: () => now,
    random: () => 0.5,
    ...more,
  };
}

describe("serverWaitMs", () => {
  it.each([
    [{ "retry-after": "5" }, 5000],
    [{ "retry-after": " 1.5 " }, 1500],
    [{ "retry-after": "Mon, 23 Nov 2026 10:00:30 GMT" }, 30_000],
    [
      { "retry-after": "Mon, 23 Nov 2026 12:00:30 GMT", date: "Mon, 23 Nov 2026 12:00:20 GMT" },
      10_000,
    ],
    [{ "retry-after": "Mon, 23 Nov 2026 09:00:00 GMT" }, undefined],
    [{ "retry-after": "0" }, undefined],
    [{ "retry-after": "-3" }, undefined],
    [{ "retry-after": "soon" }, undefined],
    [{ "retry-after": "0", "x-ratelimit-reset": "2026-11-23T10:01Z" }, 60_000],
    [{ "x-ratelimit-reset": "2026-11-23T10:00:10.500Z" }, 10_500],
    [{ "x-ratelimit-reset": String(now / 1000 + 7) }, 7000],
    [{ "x-ratelimit-reset": "60" }, undefined],
    [{}, undefined],
  ])("%j", (headers, expected) => {
    expect(serverWaitMs(headers, now)).toBe(expected);
  });
});

describe("waitAfterAnswer", () => {
  const answer = (status: number, headers = {}) => ({ status, headers });

  it.each([429, 502, 503, 504])("repeats an idempotent request after %i", (status) => {
    expect(waitAfterAnswer(answer(status), 1, policy())).toBe(2000);
  });

  it.each([200, 400, 401, 404, 409, 500, 501])("does not repeat after %i", (status) => {
    expect(waitAfterAnswer(answer(status), 1, policy())).toBeUndefined();
  });

  it("repeats other requests after a 429 only, unless the operator accepts duplicates", () => {
    const once = policy({ idempotent: false });
    expect(waitAfterAnswer(answer(429), 1, once)).toBe(2000);
    expect(waitAfterAnswer(answer(503), 1, once)).toBeUndefined();
    const settings = { ...defaultRetry, includeWrites: true };
    expect(waitAfterAnswer(answer(503), 1, policy({ idempotent: false, settings }))).toBe(2000);
  });

  it("ends after the configured number of tries", () => {
    expect(waitAfterAnswer(answer(503), 3, policy())).toBe(8000);
    expect(waitAfterAnswer(answer(503), 4, policy())).toBeUndefined();
    expect(
      waitAfterAnswer(answer(429), 1, policy({ settings: { ...defaultRetry, retries: 0 } })),
    ).toBeUndefined();
  });

  it("does not wait where the wait would not fit", () => {
    const told = answer(429, { "retry-after": "60" });
    expect(waitAfterAnswer(told, 1, policy({ remainingMs: () => 60_000 }))).toBeUndefined();
    expect(waitAfterAnswer(answer(429, { "retry-after": "121" }), 1, policy())).toBeUndefined();
  });

  it("can be told to ignore the server's wish", () => {
    const settings = { ...defaultRetry, ignoreRetryAfter: true };
    expect(waitAfterAnswer(answer(503, { "retry-after": "500" }), 1, policy({ settings }))).toBe(
      2000,
    );
  });

  it("never comes back earlier than told and never waits longer than 30 s of its own", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.integer({ min: 1, max: 12 }),
        (seconds, jitter, tried) => {
          const each = policy({ random: () => jitter, settings: { ...defaultRetry, retries: 20 } });
          const told = waitAfterAnswer(
            answer(429, { "retry-after": String(seconds) }),
            tried,
            each,
          );
          expect(told).toBeGreaterThanOrEqual(seconds * 1000);
          expect(waitAfterAnswer(answer(429), tried, each)).toBeLessThanOrEqual(30_000);
        },
      ),
    );
  });
});

describe("waitAfterFailure", () => {
  const failure = (code: string) => Object.assign(new Error(code), { code });

  it.each([
    ["ECONNREFUSED", 2000, 2000],
    ["UND_ERR_CONNECT_TIMEOUT", 2000, 2000],
    ["EAI_AGAIN", 2000, 2000],
    ["ECONNRESET", 2000, undefined],
    ["UND_ERR_SOCKET", 2000, undefined],
    ["ENOTFOUND", undefined, undefined],
    ["CERT_HAS_EXPIRED", undefined, undefined],
  ])("%s: idempotent %s, other %s", (code, idempotent, other) => {
    expect(waitAfterFailure(failure(code), 1, policy())).toBe(idempotent);
    expect(waitAfterFailure(failure(code), 1, policy({ idempotent: false }))).toBe(other);
  });

  it("does not repeat what failed for reasons of our own", () => {
    expect(waitAfterFailure(new AtlassianMcpError("config", "x"), 1, policy())).toBeUndefined();
  });
});

describe("withRetries", () => {
  it("returns the first answer that stands and reports each wait", async () => {
    const statuses = [503, 429, 200];
    const waits: unknown[] = [];
    const answer = await withRetries(async () => ({ status: statuses.shift() ?? 0, headers: {} }), {
      policy: policy(),
      signal: new AbortController().signal,
      sleep: async () => {},
      onRepeat: (facts) => waits.push(facts),
    });
    expect(answer.status).toBe(200);
    expect(waits).toEqual([
      { tried: 1, waitMs: 2000, status: 503 },
      { tried: 2, waitMs: 4000, status: 429 },
    ]);
  });

  it("stops at once when the call was cancelled during a try", async () => {
    const cancelled = AbortSignal.abort();
    const loop = { policy: policy(), signal: cancelled, sleep: async () => {}, onRepeat: () => {} };
    let tries = 0;
    const attempt = async () => {
      tries += 1;
      throw Object.assign(new Error(), { code: "ECONNREFUSED" });
    };
    await expect(withRetries(attempt, loop)).rejects.toThrow();
    expect(tries).toBe(1);
  });
});

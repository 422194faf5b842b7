/** Header names in lower case. */
export type AnswerHeaders = Readonly<Record<string, string>>;

/**
 * How long the server asks us to stay away, in milliseconds from now: `Retry-After` (seconds or a date), else
 * `X-RateLimit-Reset` (ISO 8601, seconds optional, or Unix seconds). `undefined` when it does not say, or says
 * something that is not in the future: proxies in front of Data Center send `Retry-After: 0`.
 */
export function serverWaitMs(headers: AnswerHeaders, nowMs: number): number | undefined {
  const waits = [
    retryAfter(headers["retry-after"], headers.date, nowMs),
    untilReset(headers["x-ratelimit-reset"], nowMs),
  ];
  return waits.find((wait) => wait !== undefined && wait > 0);
}

function retryAfter(
  value: string | undefined,
  serverDate: string | undefined,
  nowMs: number,
): number | undefined {
  const text = value?.trim() ?? "";
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const until = Date.parse(text);
  if (Number.isNaN(until)) return undefined;
  // Measured on the server's own clock, which may differ from ours.
  const serverNow = Date.parse(serverDate ?? "");
  return until - (Number.isNaN(serverNow) ? nowMs : serverNow);
}

function untilReset(value: string | undefined, nowMs: number): number | undefined {
  const text = value?.trim() ?? "";
  if (/^\d{9,11}$/.test(text)) return Number(text) * 1000 - nowMs;
  if (!/^\d{4}-\d\d-\d\dT/.test(text)) return undefined;
  const until = Date.parse(text);
  return Number.isNaN(until) ? undefined : until - nowMs;
}

import { serverWaitMs } from "../../http/retry-after.ts";
import type { Fetch } from "./types.ts";

/** What is known of an issuer's answer, whatever the library made of it. */
export interface TokenAnswer {
  readonly status: number;
  /** OAuth's error word, e.g. `invalid_grant`. */
  readonly error?: string | undefined;
  readonly description?: string | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** A fetch for the library, and what came back through it. */
export interface Recorder {
  readonly fetch: (url: string, init: RecorderInit) => Promise<Response>;
  answer: TokenAnswer | undefined;
}

type RecorderInit = Pick<RequestInit, "method" | "body" | "headers" | "redirect" | "signal">;

/**
 * Makes answers fit for the library and keeps what our errors need. The library wants a `token_type`, which Atlassian's
 * documentation leaves out; it stops at a `www-authenticate` header before it has read what went wrong; and it would
 * check an id token that nobody here asks for.
 */
export function recordingFetch(fetch: Fetch, clock: () => number): Recorder {
  const recorder: Recorder = {
    answer: undefined,
    async fetch(url, init) {
      const response = await fetch(url, init);
      const { status } = response;
      const text = await response.text();
      const body = parseObject(text);
      recorder.answer = {
        status,
        error: textOf(body?.["error"]),
        description: textOf(body?.["error_description"]) ?? textOf(body?.["message"]),
        retryAfterMs: serverWaitMs(Object.fromEntries(response.headers), clock()),
      };
      if (body === undefined) return new Response(isBodiless(status) ? null : text, { status });
      const { id_token: _unused, ...rest } = body;
      return Response.json({ token_type: "bearer", ...rest }, { status });
    },
  };
  return recorder;
}

/** The answer so far; hides from the compiler nothing but that a callback has set it. */
export function asRecorded({ answer }: Recorder): TokenAnswer | undefined {
  return answer;
}

function isBodiless(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)
      ? { ...parsed }
      : undefined;
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

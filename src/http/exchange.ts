import type { Dispatcher, FormData } from "undici";
import { readText } from "./body.ts";
import { fileFailure } from "./form.ts";
import type { AnswerHeaders } from "./retry-after.ts";
import type { Method } from "./types.ts";

/** One request as it goes over the wire. */
export interface Outgoing {
  readonly method: Method;
  readonly url: URL;
  /** Complete; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | FormData | undefined;
  readonly signal: AbortSignal;
  /** Limit of the decoded answer. */
  readonly maxBytes: number;
}

/** One answer, read to its end. */
export interface Answer {
  readonly status: number;
  /** Names in lower case, repeated headers joined with a comma. */
  readonly headers: AnswerHeaders;
  readonly text: string;
}

/** Sends one request and reads the answer. Throws undici's errors, or ours for what a file or a body holds. */
export async function exchange(dispatcher: Dispatcher, outgoing: Outgoing): Promise<Answer> {
  const { method, url, headers, signal, maxBytes } = outgoing;
  const { origin } = url;
  const path = `${url.pathname}${url.search}`;
  const body = outgoing.body ?? null;
  const sent = dispatcher.request({ origin, path, method, headers, body, signal });
  const response = await sent.catch((cause: unknown) => {
    throw fileFailure(cause) ?? cause;
  });
  const answered = joinHeaders(response.headers);
  const text = isShortAndPlain(answered, maxBytes)
    ? await response.body.text()
    : await readText(response.body, answered["content-encoding"], maxBytes);
  return { status: response.statusCode, headers: answered, text };
}

/** True for a body that needs no watching while it is read; most are, and reading those at once costs half. */
function isShortAndPlain(headers: AnswerHeaders, maxBytes: number): boolean {
  if ("content-encoding" in headers || "transfer-encoding" in headers) return false;
  // Not a number for an answer that does not tell.
  return Number(headers["content-length"]) <= maxBytes;
}

function joinHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): AnswerHeaders {
  const joined: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) joined[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return joined;
}

import { Readable } from "node:stream";
import type { Dispatcher, FormData } from "undici";
import { readText, textOf, tooLarge } from "./body.ts";
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
  const { method, url, headers, body = null, signal, maxBytes } = outgoing;
  signal.throwIfAborted();
  const { origin } = url;
  const path = `${url.pathname}${url.search}`;
  const received = await new Promise<Received>((resolve, reject) => {
    const receiver = new Receiver(outgoing, resolve, reject);
    dispatcher.dispatch({ origin, path, method, headers, body }, receiver);
  });
  const { status, chunks } = received;
  const answered = joinHeaders(received.headers);
  const encoding = answered["content-encoding"];
  const text =
    encoding === undefined
      ? textOf(chunks)
      : await readText(Readable.from(chunks), encoding, maxBytes);
  return { status, headers: answered, text };
}

type RawHeaders = Readonly<Record<string, string | string[] | undefined>>;

interface Received {
  readonly status: number;
  readonly headers: RawHeaders;
  /** The body as it came. */
  readonly chunks: readonly Buffer[];
}

/** Collects one answer. The library's `request` makes a stream of it, a quarter of the work of a short exchange. */
class Receiver implements Dispatcher.DispatchHandler {
  readonly #outgoing: Outgoing;
  readonly #resolve: (received: Received) => void;
  readonly #reject: (cause: unknown) => void;
  readonly #chunks: Buffer[] = [];
  #size = 0;
  #status = 0;
  #headers: RawHeaders = {};
  #controller: Dispatcher.DispatchController | undefined;

  constructor(
    outgoing: Outgoing,
    resolve: (received: Received) => void,
    reject: (cause: unknown) => void,
  ) {
    this.#outgoing = outgoing;
    this.#resolve = resolve;
    this.#reject = reject;
    outgoing.signal.addEventListener("abort", this.#stop, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#outgoing.signal.aborted) this.#stop();
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: RawHeaders): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const { maxBytes } = this.#outgoing;
    this.#size += chunk.length;
    if (this.#size > maxBytes) controller.abort(tooLarge(maxBytes));
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#end();
    this.#resolve({ status: this.#status, headers: this.#headers, chunks: this.#chunks });
  }

  onResponseError(_: unknown, cause: Error): void {
    this.#end();
    this.#reject(fileFailure(cause) ?? cause);
  }

  readonly #stop = (): void => {
    const { reason } = this.#outgoing.signal;
    this.#controller?.abort(reason);
    // Also while the connection is still being made, when nothing can be stopped yet.
    this.#reject(reason);
  };

  #end(): void {
    this.#outgoing.signal.removeEventListener("abort", this.#stop);
  }
}

function joinHeaders(headers: RawHeaders): AnswerHeaders {
  const joined: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) joined[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return joined;
}

import { Readable, type Writable } from "node:stream";
import { StdioServerTransport, serveStdio } from "@modelcontextprotocol/server/stdio";
import type { Logger } from "../log.ts";
import type { ServerSource } from "./build.ts";
import type { ToolPolicy } from "./runtime.ts";

export interface StdioOptions {
  readonly builder: ServerSource;
  readonly policy: ToolPolicy;
  readonly log: Logger;
  readonly stdin: Readable;
  readonly stdout: Writable;
  /** How long running calls may still answer after the input ended, default 700 ms. */
  readonly graceMs?: number | undefined;
}

export interface RunningServer {
  /** Resolves when nothing is served any more. */
  readonly done: Promise<void>;
  /** Ends serving: running calls get the grace period, then they are aborted. */
  stop(): Promise<void>;
}

/** Serves one client over stdin and stdout, as the operator. Nothing but protocol is written to stdout. */
export function startStdio(options: StdioOptions): RunningServer {
  const { builder, policy, log, stdin, stdout, graceMs = 700 } = options;
  // The SDK drops unanswered calls the moment the input ends; behind a stream of ours it ends when we say so.
  const input = new Readable({ read: () => stdin.resume() });
  const transport = new StdioServerTransport(input, stdout);
  const handle = serveStdio(() => builder.build({ caller: { kind: "operator" }, policy }), {
    transport,
    onerror: (error) => log.warn("protocol.failed", { error: error.message }),
  });
  let stopping: Promise<void> | undefined;
  const { promise: done, resolve } = withResolvers();
  const stop = () => {
    stopping ??= settle(builder, graceMs)
      .then(() => handle.close())
      .catch((error: unknown) => log.warn("server.stopped", { error: String(error) }))
      .finally(resolve);
    return stopping;
  };
  stdin.on("data", (chunk) => {
    if (!input.push(chunk)) stdin.pause();
  });
  stdin.once("end", () => void stop());
  stdin.once("close", () => void stop());
  stdin.once("error", () => void stop());
  // The client is gone: there is nobody to answer and nowhere to write.
  stdout.once("error", () => void stop());
  return { done, stop };
}

/** Waits until no call is running, `graceMs` at most. */
export async function settle(builder: ServerSource, graceMs: number): Promise<void> {
  const deadline = Date.now() + graceMs;
  // What arrived with the end of the input is dispatched before anything is counted.
  await pause(10);
  while (builder.running > 0 && Date.now() < deadline) await pause(10);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((fulfil) => {
    resolve = fulfil;
  });
  return { promise, resolve };
}

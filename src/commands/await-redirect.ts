import { setTimeout as delay } from "node:timers/promises";
import { AtlassianMcpError } from "../errors.ts";
import type { Page } from "./page.ts";
import { canListen, readPasted } from "./redirect.ts";
import { openRedirectServer, type RedirectServer } from "./redirect-server.ts";
import { Interrupted, type Terminal } from "./terminal.ts";

/** Ready for the end of a sign-in that is about to begin. */
export interface RedirectWait {
  /**
   * The query of the redirect.
   *
   * @throws AtlassianMcpError `timeout`; Interrupted.
   */
  parameters(): Promise<URLSearchParams>;
  /** Shows the end in the browser, where it waits for one. */
  finish(page: Page): void;
  close(): Promise<void>;
}

export interface RedirectWaitOptions {
  readonly redirectUri: URL;
  readonly state: string;
  /** The person brings the address along, whatever it is. */
  readonly paste: boolean;
  readonly timeoutMs: number;
  readonly terminal: Terminal;
  readonly sleep?: ((ms: number, signal: AbortSignal) => Promise<void>) | undefined;
}

/** Opens the callback address, or prepares to be told. Errors as {@link openRedirectServer}. */
export async function openRedirectWait(options: RedirectWaitOptions): Promise<RedirectWait> {
  const { redirectUri, state, paste, terminal } = options;
  const isListening = !paste && canListen(redirectUri);
  const server = isListening
    ? await openRedirectServer(redirectUri, state, () => terminal.tell(stranger))
    : undefined;
  return {
    async parameters() {
      const ends: (() => void)[] = [];
      try {
        return await firstAnswer(options, server, ends);
      } finally {
        // Questions that follow are typed at the same terminal.
        for (const end of ends) end();
      }
    },
    finish: (page) => server?.finish(page),
    close: async () => server?.close(),
  };
}

const stranger =
  "Something came back from another sign-in than this one and was ignored. Still waiting.";

function firstAnswer(
  options: RedirectWaitOptions,
  server: RedirectServer | undefined,
  ends: (() => void)[],
): Promise<URLSearchParams> {
  const { terminal, timeoutMs } = options;
  const stop = new AbortController();
  ends.push(() => stop.abort());
  const { interrupted } = terminal;
  const ways: Promise<URLSearchParams>[] = [late(options, stop.signal)];
  if (server !== undefined) ways.push(server.answered);
  if (server === undefined || terminal.isInteractive) {
    terminal.tell(howToPaste(server !== undefined));
    ways.push(pasted(options, server === undefined, ends));
  }
  terminal.tell(
    `Waiting for at most ${spoken(timeoutMs)}${terminal.isInteractive ? "; Ctrl-C ends it" : ""}.`,
  );
  ways.push(
    new Promise((_, reject) => {
      const giveUp = () => reject(new Interrupted());
      if (interrupted.aborted) giveUp();
      interrupted.addEventListener("abort", giveUp, { once: true });
      ends.push(() => interrupted.removeEventListener("abort", giveUp));
    }),
  );
  return Promise.race(ways);
}

function howToPaste(isListening: boolean): string {
  return isListening
    ? "If the browser runs on another machine, paste the address at which it ended here."
    : "When the browser has ended at the callback address (the page itself may fail to load), copy the whole address and paste it here.";
}

function pasted(
  { terminal, state }: RedirectWaitOptions,
  isOnlyWay: boolean,
  ends: (() => void)[],
): Promise<URLSearchParams> {
  return new Promise((resolve, reject) => {
    const onLine = (line: string) => {
      const reading = readPasted(line, state);
      if (reading.kind === "answer") resolve(reading.parameters);
      else if (reading.kind === "stranger") terminal.tell(stranger);
      else if (line.trim() !== "") terminal.tell("That is no address with a code in it.");
    };
    const onEnd = () => {
      if (isOnlyWay) reject(withoutAnswer());
    };
    ends.push(terminal.readLines(onLine, onEnd));
  });
}

function withoutAnswer(): AtlassianMcpError {
  return new AtlassianMcpError("auth", "The input ended before the sign-in did", {
    next: "Run it at a terminal, or pipe in the address at which the browser ended.",
  });
}

/** Rejects when the time is over; says now and then how much is left. */
async function late(
  { timeoutMs, terminal, sleep = defaultSleep }: RedirectWaitOptions,
  signal: AbortSignal,
): Promise<never> {
  let leftMs = timeoutMs;
  while (leftMs > 0) {
    const stepMs = leftMs > 30_000 ? Math.min(60_000, leftMs - 30_000) : leftMs;
    await sleep(stepMs, signal);
    leftMs -= stepMs;
    if (leftMs > 0) terminal.tell(`Still waiting; ${spoken(leftMs)} left.`);
  }
  throw new AtlassianMcpError("timeout", `Nobody signed in within ${spoken(timeoutMs)}`, {
    next: "Run it again; --timeout gives more time. If the browser shows an error about the callback address, register exactly that address with the app.",
  });
}

/** Never ends once it is stopped: by then nobody listens. */
async function defaultSleep(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch {
    await new Promise<never>(() => {});
  }
}

function spoken(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return `${minutes} minutes`;
}

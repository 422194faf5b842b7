import type { Outside } from "../../src/commands/outside.ts";
import type { Terminal } from "../../src/commands/terminal.ts";
import type { LoginFlags } from "../../src/config/command-request.ts";
import { loadSettings } from "../../src/config/load.ts";
import type { Settings } from "../../src/config/product.ts";
import { silentLogger } from "../../src/log.ts";
import { createMemoryStore } from "../../src/store/memory-store.ts";
import type { Store } from "../../src/store/types.ts";

/** Settings of an `auth` command, from an environment alone. */
export function settingsOf(env: Readonly<Record<string, string>>): Settings {
  const readFile = (): never => {
    throw Object.assign(new Error("no file"), { code: "ENOENT" });
  };
  const loaded = loadSettings({
    argv: ["auth", "status"],
    env,
    cwd: "/",
    readFile,
    platform: "linux",
    home: "/nonexistent",
  });
  if (loaded.kind !== "settings") throw new Error(JSON.stringify(loaded));
  return loaded.settings;
}

export const plainLogin: LoginFlags = {
  openBrowser: true,
  paste: true,
  granular: false,
  timeoutMs: 300_000,
};

export interface FakeTerminal extends Terminal {
  printed(): string;
  told(): string;
  /** Addresses that a browser was opened with. */
  readonly opened: readonly URL[];
  /** What was asked, in order. */
  readonly questions: readonly string[];
  interrupt(): void;
  type(line: string): void;
}

export interface TerminalOptions {
  readonly isInteractive?: boolean | undefined;
  /** Answers to questions, in order; `undefined` gives up. */
  readonly answers?: readonly (string | undefined)[] | undefined;
  /** Called with the address to open; what it returns is pasted. Throwing stands for a machine without browser. */
  readonly browser?: ((url: URL, terminal: FakeTerminal) => string | undefined) | undefined;
}

export function fakeTerminal({
  isInteractive = false,
  answers = [],
  browser = () => undefined,
}: TerminalOptions = {}): FakeTerminal {
  const out: string[] = [];
  const err: string[] = [];
  const opened: URL[] = [];
  const questions: string[] = [];
  const stop = new AbortController();
  const left = [...answers];
  const typed: string[] = [];
  let listener: ((line: string) => void) | undefined;
  const answer = (message: string) => {
    questions.push(message);
    return Promise.resolve(left.shift());
  };
  const terminal: FakeTerminal = {
    isInteractive,
    print: (text) => void out.push(text),
    tell: (text) => void err.push(text),
    readLines(onLine) {
      listener = onLine;
      for (const line of typed.splice(0)) onLine(line);
      return () => {
        listener = undefined;
      };
    },
    prompts: {
      text: ({ message, initial }) => answer(message).then((text) => text ?? initial),
      secret: answer,
      async choose(message, options) {
        const value = await answer(message);
        return options.find((option) => option.value === value)?.value;
      },
      confirm: async (message) => (await answer(message)) === "yes",
    },
    async openBrowser(url) {
      opened.push(url);
      const pasted = browser(url, terminal);
      if (pasted !== undefined) terminal.type(pasted);
    },
    interrupted: stop.signal,
    printed: () => out.join("\n"),
    told: () => err.join("\n"),
    opened,
    questions,
    interrupt: () => stop.abort(),
    type(line) {
      if (listener === undefined) typed.push(line);
      else listener(line);
    },
  };
  return terminal;
}

/** Accepts at once: the address at which a browser would end. */
export function accepting(url: URL): string {
  const end = new URL(url.searchParams.get("redirect_uri") ?? "");
  end.searchParams.set("code", "the-code");
  end.searchParams.set("state", url.searchParams.get("state") ?? "");
  return end.href;
}

/** Answers by `METHOD url`, without query; an address that is not among them fails the command. */
export type Answers = Readonly<Record<string, () => Response>>;

export interface FakeOutside extends Outside {
  readonly store: Store;
  readonly requests: readonly { readonly what: string; readonly body: string }[];
}

export const now = Date.parse("2026-11-27T12:00:00Z");

export function fakeOutside(answers: Answers, store: Store = createMemoryStore()): FakeOutside {
  const requests: { what: string; body: string }[] = [];
  return {
    store,
    requests,
    fetchFor: () => async (url, init) => {
      const { origin, pathname } = new URL(url);
      const what = `${init?.method ?? "GET"} ${origin}${pathname}`;
      requests.push({ what, body: String(init?.body ?? "") });
      const give = answers[what];
      if (give === undefined) throw new Error(`unexpected ${what}`);
      return give();
    },
    openStore: () => ({ ...store, close: async () => {} }),
    keychain: undefined,
    clock: () => now,
    randomBytes: (size) => Buffer.alloc(size, 7),
    // Time passes at once, but not before everything that is ready has happened.
    sleep: () => new Promise((resolve) => void setTimeout(resolve, 50)),
    log: silentLogger,
    close: async () => {},
  };
}

import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { createPrompts } from "./prompts.ts";
import type { Terminal } from "./terminal.ts";

export interface SystemTerminalOptions {
  readonly stdin: Readable & { readonly isTTY?: boolean | undefined };
  readonly stdout: Writable;
  readonly stderr: Writable & { readonly isTTY?: boolean | undefined };
  /** Aborted here too: in some places Ctrl-C is a key like any other. */
  readonly stop: AbortController;
}

/** The terminal that the program runs at. */
export function systemTerminal({ stdin, stdout, stderr, stop }: SystemTerminalOptions): Terminal {
  const isInteractive = stdin.isTTY === true && stderr.isTTY === true;
  return {
    isInteractive,
    print: (text) => void stdout.write(`${text}\n`),
    tell: (text) => void stderr.write(`${text}\n`),
    readLines(onLine, onEnd) {
      // A terminal that edits lines by itself cuts them, on some systems to 1,024 characters; codes can be longer.
      const lines = createInterface({ input: stdin, output: stderr, terminal: isInteractive });
      let isOpen = true;
      lines.on("SIGINT", () => stop.abort());
      lines.on("line", onLine);
      lines.once("close", () => {
        if (isOpen) onEnd();
      });
      return () => {
        isOpen = false;
        lines.close();
        // An open pipe would keep the program from ending.
        stdin.pause();
      };
    },
    prompts: createPrompts(stdin, stderr, stop.signal),
    async openBrowser(url) {
      const { default: open } = await import("open");
      const child = await open(url.href);
      // The starter may fail after it was started; the address was printed, so that harms nobody.
      child.on("error", () => {});
    },
    interrupted: stop.signal,
  };
}

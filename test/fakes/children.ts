import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { rolldown } from "rolldown";
import { onTestFinished } from "vitest";

/** A process of its own that a test speaks with. */
export interface Child {
  readonly process: ChildProcess;
  /** Resolves with what the child answers; rejects with its error, which keeps `code`. */
  ask(question: string, facts?: object): Promise<unknown>;
  /** Resolves at the next event of this name that the child reports. */
  event(name: string): Promise<void>;
  /** Kills it without giving it a chance to tidy up. */
  kill(): Promise<void>;
}

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "mcp-atlassian-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

const programs = new Map<string, Promise<string>>();

/** Bundles a TypeScript file for Node 20, which cannot run TypeScript; once, then gives the path of the result. */
export function programOf(file: string): Promise<string> {
  const known = programs.get(file);
  if (known !== undefined) return known;
  const made = bundle(file);
  programs.set(file, made);
  return made;
}

async function bundle(file: string): Promise<string> {
  // Each worker of the test run has its own.
  const worker = process.env["VITEST_POOL_ID"] ?? "0";
  const dir = join(import.meta.dirname, "../../build/tests", worker, basename(file, ".ts"));
  const build = await rolldown({ input: { child: file }, platform: "node", logLevel: "silent" });
  await build.write({ dir, format: "esm", entryFileNames: "[name].mjs", cleanDir: true });
  await build.close();
  return join(dir, "child.mjs");
}

/** Starts a program of {@link programOf} that answers questions; it ends with the test. */
export function startChild(file: string): Child {
  const child = startLastingChild(file);
  onTestFinished(child.kill);
  return child;
}

/** The same for several tests: whoever starts it kills it. */
export function startLastingChild(file: string): Child {
  const child = fork(file, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const waiting = new Map<number, (message: Answer) => void>();
  const listeners = new Map<string, () => void>();
  child.on("message", (message: Answer | { event: string }) => {
    if ("event" in message) listeners.get(message.event)?.();
    else waiting.get(message.id)?.(message);
  });
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  };
  let questions = 0;
  return {
    process: child,
    kill,
    ask(question, facts = {}) {
      questions += 1;
      const id = questions;
      child.send({ id, question, facts });
      return new Promise((resolve, reject) => {
        waiting.set(id, ({ value, error }) => {
          if (error === undefined) resolve(value);
          else reject(Object.assign(new Error(error.message), { code: error.code }));
        });
      });
    },
    event: (name) => new Promise((resolve) => listeners.set(name, resolve)),
  };
}

interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: { readonly message: string; readonly code?: string };
}

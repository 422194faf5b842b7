import { PassThrough, Transform, Writable } from "node:stream";
import type { Client } from "@modelcontextprotocol/client";
import { StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import { onTestFinished } from "vitest";
import { loadSettings } from "../../src/config/load.ts";
import { type Ending, runProgram } from "../../src/program.ts";
import { type Env, type Negotiation, newClient, until } from "./harness.ts";

/** A run of the program inside the test's process, from command line and environment to its ending. */
export interface LocalProgram {
  readonly stdin: PassThrough;
  /** Everything printed so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** As SIGTERM does. */
  stop(): Promise<void>;
  readonly ended: Promise<Ending>;
}

/**
 * Runs what the binary runs, with the same command line, sockets and files, but without the start of a process: a
 * third of a second of processor time, which files with dozens of runs cannot afford. Ends with the test.
 */
export function runLocally(args: readonly string[], env: Env, cwd = "/"): LocalProgram {
  const { program } = begin(args, env, cwd);
  return program;
}

/** A client of a program that serves stdio; closing it ends the program. */
export async function connectLocally(env: Env, mode?: Negotiation): Promise<Client> {
  const { program, output } = begin([], env, "/");
  const client = newClient(mode);
  // Both ends speak in lines: what a server reads and writes through serves a client as well.
  const transport = new StdioServerTransport(output, program.stdin);
  await client.connect(transport);
  client.onclose = () => void program.stdin.end();
  return client;
}

/** Serves HTTP on a free port. */
export async function serveLocally(
  env: Env,
  args: readonly string[] = [],
): Promise<LocalProgram & { readonly url: string }> {
  const all = ["--transport", "streamable-http", "--port", "0", ...args];
  const program = runLocally(all, env);
  const [url] = await until(program.stderr, /http:\/\/\S+/);
  return { ...program, url };
}

function begin(args: readonly string[], env: Env, cwd: string) {
  const stdin = new PassThrough();
  let [out, err] = ["", ""];
  // What was printed is known at once, and a client may read it as well.
  const output = new Transform({
    readableHighWaterMark: Number.MAX_SAFE_INTEGER,
    transform(chunk: Buffer, _encoding, pass) {
      out += chunk.toString("utf8");
      pass(null, chunk);
    },
  });
  const stderr = new Writable({
    write(chunk: Buffer, _encoding, next) {
      err += chunk.toString("utf8");
      next();
    },
  });
  let end = () => {};
  const loaded = loadSettings({ argv: [...args], env, cwd, home: env["HOME"] ?? "/nonexistent" });
  const ended = runProgram(loaded, {
    stdin,
    stdout: output,
    stderr,
    writeLog: (line) => void stderr.write(line),
    onFirstSignal: (stop) => {
      end = stop;
    },
  });
  const stop = async () => {
    end();
    await ended;
  };
  onTestFinished(stop);
  return { program: { stdin, stdout: () => out, stderr: () => err, stop, ended }, output };
}

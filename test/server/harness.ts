import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

/** The built program; `npm test` builds it first. */
export const binary = join(import.meta.dirname, "../../dist/cli.js");

export type Env = Readonly<Record<string, string>>;

/** Nothing of the environment of the test run reaches the program but the path. */
export function cleanEnv(env: Env = {}): Record<string, string> {
  return { PATH: process.env["PATH"] ?? "", ...env };
}

export interface Program {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Exit code and signal. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** Runs the binary with pipes at both ends. */
export function startProgram(args: readonly string[], env: Env = {}, cwd?: string): Program {
  const child = spawn(process.execPath, [binary, ...args], { env: cleanEnv(env), cwd });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    out += chunk;
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    err += chunk;
  });
  const ended = once(child, "close").then(([code, signal]) => ({ code, signal }));
  return { child, stdout: () => out, stderr: () => err, ended };
}

/** Waits until `read` gives text that matches. */
export async function until(
  read: () => string,
  pattern: RegExp,
  timeoutMs = 15_000,
): Promise<RegExpExecArray> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const match = pattern.exec(read());
    if (match) return match;
    if (Date.now() > deadline) throw new Error(`no ${pattern} in: ${read().slice(-2000)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export interface HttpProgram extends Program {
  readonly url: string;
}

/** Runs the binary as an HTTP server on a free port. */
export async function startHttpProgram(
  env: Env = {},
  args: readonly string[] = [],
): Promise<HttpProgram> {
  const transport = args.includes("--transport") ? [] : ["--transport", "streamable-http"];
  const program = startProgram([...transport, "--port", "0", ...args], env);
  const [url] = await until(program.stderr, /http:\/\/\S+/);
  return { ...program, url: String(url) };
}

export async function stop(program: Program): Promise<void> {
  if (program.child.exitCode === null && program.child.signalCode === null) {
    program.child.kill("SIGKILL");
    await program.ended;
  }
}

export type Negotiation = "auto" | "legacy" | { pin: "2026-07-28" };

const modern: Negotiation = { pin: "2026-07-28" };

export function newClient(mode: Negotiation = "auto"): Client {
  return new Client({ name: "tests", version: "1.0.0" }, { versionNegotiation: { mode } });
}

/** Runs the binary over stdio. To negotiate (`auto`) a client starts a second process, so that this is not the default. */
export async function connectStdio(
  env: Env,
  { args = [], mode = modern }: { args?: readonly string[]; mode?: Negotiation } = {},
): Promise<Client> {
  const client = newClient(mode);
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [binary, ...args],
      env: cleanEnv(env),
      stderr: "ignore",
    }),
  );
  return client;
}

export async function connectHttp(
  url: string,
  authorization: string | undefined,
  { mode, headers: more = {} }: { mode?: Negotiation; headers?: Env } = {},
): Promise<Client> {
  const client = newClient(mode);
  const headers = {
    ...more,
    ...(authorization === undefined ? {} : { Authorization: authorization }),
  };
  await client.connect(
    new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }),
  );
  return client;
}

export function basic(user: string, secret: string): string {
  return `Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}`;
}

export interface CallAnswer {
  readonly isError: boolean;
  readonly text: string;
}

/** Calls a tool and returns its text. */
export async function call(client: Client, name: string, args: object = {}): Promise<CallAnswer> {
  const result = await client.callTool({ name, arguments: args as Record<string, unknown> });
  const [first] = result.content as { type: string; text?: string }[];
  return { isError: result.isError === true, text: first?.text ?? "" };
}

/** A `tools/call` of 2026-07-28 as it looks on the wire. */
export function modernCall(name: string, args: object = {}): { headers: Env; body: string } {
  return {
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": "tools/call",
      "mcp-name": name,
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: {
        name,
        arguments: args,
        _meta: {
          "io.modelcontextprotocol/protocolVersion": "2026-07-28",
          "io.modelcontextprotocol/clientCapabilities": {},
        },
      },
    }),
  };
}

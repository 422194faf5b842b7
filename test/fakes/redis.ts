import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { connect, createServer as createNetServer, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { Redis } from "ioredis";
import { onTestFinished } from "vitest";
import { temporaryFolder } from "./children.ts";
import { freePort, listenUntilTestEnds, tlsFile } from "./loopback.ts";

/** False where no `redis-server` is installed: tests that need one are skipped. */
export const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;

/** A real Redis server on 127.0.0.1 that keeps its data on disk and lives as long as the test that starts it. */
export interface RedisServer {
  readonly url: URL;
  /** Ends it in good order. */
  stop(): Promise<void>;
  /** Ends it without giving it a chance to tidy up. */
  kill(): Promise<void>;
  /** Starts it again, on the same port and with what it has on disk. */
  start(): Promise<void>;
  /** It stays connected and does not answer. */
  pause(): void;
  resume(): void;
  /** Sends one command as an administrator. */
  command(...words: string[]): Promise<unknown>;
  /** Makes all lifetimes shorter, as if so much time had passed. */
  advance(ms: number): Promise<void>;
}

export interface RedisServerOptions {
  /** Further settings, as on the command line of the server. */
  readonly settings?: readonly string[];
  readonly password?: string;
  /** Speaks TLS only, with this file of `test/fixtures/tls`. */
  readonly certificate?: string;
}

export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const port = await freePort();
  const folder = await temporaryFolder();
  const words = wordsFor(port, folder, options);
  let server: ChildProcess | undefined;
  let admin: Redis | undefined;
  const end = async (signal: "SIGTERM" | "SIGKILL") => {
    admin?.disconnect();
    admin = undefined;
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, "exit");
    server.kill("SIGCONT");
    server.kill(signal);
    await gone;
  };
  onTestFinished(() => end("SIGKILL"));
  const start = async () => {
    server = spawn("redis-server", words, { stdio: ["ignore", "pipe", "inherit"] });
    await isListening(server);
  };
  await start();
  const command = (...[name = "", ...rest]: string[]) => {
    admin ??= connectTo(port, options);
    return admin.call(name, ...rest);
  };
  return {
    url: new URL(`redis${options.certificate === undefined ? "" : "s"}://127.0.0.1:${port}`),
    start,
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
    pause: () => void server?.kill("SIGSTOP"),
    resume: () => void server?.kill("SIGCONT"),
    command,
    async advance(ms) {
      await command("EVAL", shorten, "0", String(ms));
    },
  };
}

const shorten = `for _, key in ipairs(redis.call('KEYS', '*')) do
  local left = redis.call('PTTL', key)
  if left >= 0 then redis.call('PEXPIRE', key, left - ARGV[1]) end
end`;

function wordsFor(port: number, folder: string, options: RedisServerOptions): string[] {
  const { settings = [], password, certificate } = options;
  const file = certificate && tlsFile(certificate);
  return [
    ...["--bind", "127.0.0.1", "--dir", folder, "--save", ""],
    ...["--appendonly", "yes", "--appendfsync", "always"],
    ...(file === undefined
      ? ["--port", String(port)]
      : ["--port", "0", "--tls-port", String(port), "--tls-auth-clients", "no"]),
    ...(file === undefined ? [] : ["--tls-cert-file", file, "--tls-key-file", file]),
    ...(password === undefined ? [] : ["--requirepass", password]),
    ...settings,
  ];
}

function connectTo(port: number, { password, certificate }: RedisServerOptions): Redis {
  const client = new Redis({
    port,
    host: "127.0.0.1",
    ...(password !== undefined && { password }),
    ...(certificate !== undefined && { tls: { rejectUnauthorized: false } }),
  });
  client.on("error", () => {});
  return client;
}

async function isListening({ stdout }: ChildProcess): Promise<void> {
  if (stdout === null) return;
  const lines: string[] = [];
  for await (const line of createInterface({ input: stdout })) {
    lines.push(line);
    if (line.includes("Ready to accept connections")) {
      stdout.resume();
      return;
    }
  }
  throw new Error(`redis-server did not start:\n${lines.slice(-5).join("\n")}`);
}

/** Says `answer` to whatever a client sends, such as `-LOADING Redis is loading the dataset in memory`. */
export async function startAnswering(answer: string): Promise<URL> {
  const server = createNetServer((socket: Socket) => {
    socket.on("data", (data) => {
      const commands = data.toString("latin1").match(/^\*\d+\r$/gm)?.length ?? 0;
      socket.write(`${answer}\r\n`.repeat(commands));
    });
  });
  const port = await listenUntilTestEnds(server);
  return new URL(`redis://127.0.0.1:${port}`);
}

/**
 * A way to `server` on which one connection ends, or falls silent, instead of passing on an answer: that to the first
 * commands for which `isLast` holds. The server has carried them out by then.
 */
export async function startCutting(
  server: URL,
  isLast: (commands: string) => boolean,
  { silently = false } = {},
): Promise<URL> {
  let isOver = false;
  const between = createNetServer((near: Socket) => {
    const far = connect(Number(server.port), server.hostname);
    let isCut = false;
    near.on("data", (data) => {
      isCut ||= !isOver && isLast(data.toString("latin1"));
      isOver ||= isCut;
      far.write(data);
    });
    far.on("data", (data) => {
      if (!isCut) near.write(data);
      else if (!silently) near.destroy();
    });
    near.on("close", () => far.destroy());
    for (const socket of [near, far]) socket.on("error", () => {});
  });
  const port = await listenUntilTestEnds(between);
  return new URL(`redis://127.0.0.1:${port}`);
}

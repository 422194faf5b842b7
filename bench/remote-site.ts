import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { freePort } from "../test/fakes/loopback.ts";
import { end } from "./process.ts";
import { startServer } from "./throughput.ts";

/** What the pretend Atlassian tells of itself. */
export interface SignInSite {
  /** Settings of a server that signs people in there. */
  readonly env: Readonly<Record<string, string>>;
  readonly logins: readonly UpstreamLogin[];
}

/** Tokens of one person, as Atlassian gave them out. */
export interface UpstreamLogin {
  readonly accessToken: string;
  readonly refreshToken?: string | undefined;
  readonly expiresInSeconds: number;
}

/** A place for everything that lasts. */
export interface StorePlace {
  readonly name: "file" | "redis";
  readonly url: URL;
  /** `ATLASSIAN_STORE_KEY`. */
  readonly key: string;
  close(): Promise<void>;
}

/** The public address of the servers under test, and Atlassian behind them. */
export interface RemoteSite extends SignInSite {
  readonly base: string;
  /** Starts the built server there, or elsewhere as one of several. */
  start(
    place: StorePlace,
    port?: number,
  ): Promise<{ child: ChildProcess; url: string; pid: number }>;
  close(): Promise<void>;
}

export async function startRemoteSite(logins: number): Promise<RemoteSite> {
  const publicPort = await freePort();
  const base = `http://127.0.0.1:${publicPort}`;
  const child = runScript("bench/sign-in-site.ts", [base, String(logins)]);
  const facts = JSON.parse(await firstLine(child)) as SignInSite;
  const command = [process.execPath, "dist/cli.js", "--transport", "streamable-http", "--port"];
  return {
    ...facts,
    base,
    async start({ url, key }, port = publicPort) {
      const env = {
        ...facts.env,
        ATLASSIAN_STORE_URL: url.href,
        ATLASSIAN_STORE_KEY: key,
        MCP_TRUSTED_PROXIES: "1",
      };
      const server = await startServer([...command, String(port)], env);
      return { ...server, pid: server.child.pid ?? 0 };
    },
    close: () => end(child),
  };
}

/** Runs a TypeScript file as a program of its own. */
export function runScript(file: string, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, ["scripts/run.mjs", file, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** What a program prints first. It must go on printing to nobody. */
export async function firstLine({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error("nothing to read");
  for await (const line of createInterface({ input: stdout })) {
    stdout.resume();
    return line;
  }
  throw new Error("the program ended before it said anything");
}

/** A folder of its own. */
export function fileStorePlace(): StorePlace {
  const folder = mkdtempSync(join(tmpdir(), "mcp-atlassian-bench-"));
  return {
    name: "file",
    url: pathToFileURL(folder),
    key: newKey(),
    close: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A Redis server that keeps a log on disk as the one of `compose.yaml` does; `undefined` where none is installed. */
export async function redisPlace(): Promise<StorePlace | undefined> {
  if (spawnSync("redis-server", ["--version"]).status !== 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "mcp-atlassian-bench-"));
  const port = await freePort();
  const words = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder];
  const child = spawn("redis-server", [...words, "--save", "", "--appendonly", "yes"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.includes("Ready to accept connections")) break;
  }
  child.stdout.resume();
  return {
    name: "redis",
    url: new URL(`redis://127.0.0.1:${port}`),
    key: newKey(),
    async close() {
      await end(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function newKey(): string {
  return randomBytes(32).toString("base64");
}

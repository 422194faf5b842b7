import { type ChildProcess, spawn } from "node:child_process";
import autocannon from "autocannon";
import { median, print } from "./figures.ts";
import { cpuMsOf } from "./process.ts";

export interface HttpTarget {
  readonly name: string;
  /** Whose processor time counts; Linux only. */
  readonly pids: readonly number[];
  readonly url: string;
  readonly authorization: string;
}

/** Calls per second over HTTP at several numbers of connections, all targets in turn, several rounds. */
export async function benchThroughput(
  targets: readonly HttpTarget[],
  call: { readonly tool: string; readonly args: object },
  { seconds = 4, rounds = 3 } = {},
): Promise<void> {
  for (const connections of [1, 16, 64]) {
    const rates = new Map<string, number[]>();
    const latencies = new Map<string, number[]>();
    const cpu = new Map<string, number[]>();
    for (let round = 0; round < rounds; round++) {
      for (const target of targets) {
        const result = await load(target, call, connections, seconds);
        append(rates, target.name, result.rate);
        append(latencies, target.name, result.p50);
        append(cpu, target.name, result.cpuMs);
      }
    }
    const bound = median(rates.get(targets[0]?.name ?? "") ?? []);
    for (const { name } of targets) {
      const rate = median(rates.get(name) ?? []);
      print("http_calls_per_second", {
        server: name,
        connections,
        callsPerSecond: rate,
        p50Ms: median(latencies.get(name) ?? []),
        cpuMsPerCall: median(cpu.get(name) ?? []),
        shareOfBareSdk: rate / bound,
        rounds,
      });
    }
  }
}

function append(map: Map<string, number[]>, name: string, value: number): void {
  map.set(name, [...(map.get(name) ?? []), value]);
}

/** One round of calls. Rejects when any of them failed. `p50` in milliseconds. */
export async function load(
  { url, authorization, name, pids }: HttpTarget,
  { tool, args }: { readonly tool: string; readonly args: object },
  connections: number,
  seconds: number,
) {
  const cpuBefore = sumOf(pids);
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    method: "POST",
    headers: {
      authorization,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": "tools/call",
      "mcp-name": tool,
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: {
        name: tool,
        arguments: args,
        _meta: {
          "io.modelcontextprotocol/protocolVersion": "2026-07-28",
          "io.modelcontextprotocol/clientCapabilities": {},
        },
      },
    }),
    verifyBody: (body) => body !== undefined && !body.includes('"isError":true'),
  });
  if (result.non2xx + result.errors + result.mismatches > 0) {
    throw new Error(
      `${name}: ${result.non2xx} refused, ${result.errors} failed, ${result.mismatches} wrong`,
    );
  }
  const cpuMs = (sumOf(pids) - cpuBefore) / result.requests.total;
  return { rate: result.requests.average, p50: result.latency.p50, cpuMs };
}

function sumOf(pids: readonly number[]): number {
  return pids.map(cpuMsOf).reduce((sum, each) => sum + each, 0);
}

/** Starts a server that prints its address as the first line, on stdout or stderr. */
export function startServer(
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const [program = process.execPath, ...args] = command;
  const child = spawn(program, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"] ?? "", ...env },
  });
  return new Promise((resolve, reject) => {
    const look = (chunk: Buffer) => {
      const url = /https?:\/\/\S+/.exec(chunk.toString())?.[0];
      if (url) resolve({ child, url });
    };
    child.stdout.on("data", look);
    child.stderr.on("data", look);
    child.once("exit", (code) => reject(new Error(`${command.join(" ")} ended with ${code}`)));
  });
}

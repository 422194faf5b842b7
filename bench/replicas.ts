import { cpus } from "node:os";
import { freePort } from "../test/fakes/loopback.ts";
import { median, print } from "./figures.ts";
import { newClient, signIn } from "./logins.ts";
import { end } from "./process.ts";
import { firstLine, type RemoteSite, runScript, type StorePlace } from "./remote-site.ts";
import { type HttpTarget, load } from "./throughput.ts";

const counts = [1, 2, 4];
const warmUpSeconds = 5;

/**
 * Calls per second of one signed-in person on several servers behind a balancer, all numbers of servers in turn, with
 * one of them reached directly as the bound. Everything runs on this machine.
 */
export async function benchReplicas(
  site: RemoteSite,
  place: StorePlace,
  call: { readonly tool: string; readonly args: object },
  { seconds = 3, rounds = 3, connections = 32 } = {},
): Promise<void> {
  const replicas: Awaited<ReturnType<RemoteSite["start"]>>[] = [];
  const balancers: Awaited<ReturnType<typeof startBalancer>>[] = [];
  try {
    for (let index = 0; index < Math.max(...counts); index += 1) {
      replicas.push(await site.start(place, await freePort()));
    }
    const origins = replicas.map(({ url }) => new URL(url).origin);
    for (const count of counts) {
      // All of them together are at the public address.
      const port = count === replicas.length ? new URL(site.base).port : "0";
      balancers.push(await startBalancer(port, origins.slice(0, count)));
    }
    // Each request of it goes to another server than the one before.
    const token = await signIn(site, await newClient(site), 0);
    const target = (origin: string, name: string, count: number): HttpTarget => ({
      name,
      url: `${origin}/mcp`,
      pids: replicas.slice(0, count).map(({ pid }) => pid),
      authorization: `Bearer ${token}`,
    });
    const targets = [
      target(origins[0] ?? "", "1 without balancer", 1),
      ...counts.map((count, index) => target(balancers[index]?.origin ?? "", String(count), count)),
    ];
    // A process is slow until its code has been compiled, so each gets the same start.
    for (const [index, origin] of origins.entries()) {
      const alone = { ...target(origin, `replica ${index + 1}`, 0), pids: [] };
      await load(alone, call, connections, warmUpSeconds);
    }
    await compare(targets, call, { seconds, rounds, connections });
  } finally {
    await Promise.all([...balancers, ...replicas].map(({ child }) => end(child)));
  }
}

async function compare(
  targets: readonly HttpTarget[],
  call: { readonly tool: string; readonly args: object },
  { seconds, rounds, connections }: { seconds: number; rounds: number; connections: number },
): Promise<void> {
  const results: Awaited<ReturnType<typeof load>>[][] = targets.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, target] of targets.entries()) {
      results[index]?.push(await load(target, call, connections, seconds));
    }
  }
  const rates = results.map((each) => median(each.map(({ rate }) => rate)));
  for (const [index, { name }] of targets.entries()) {
    const own = results[index] ?? [];
    print("remote_calls_per_second", {
      replicas: name,
      cores: cpus().length,
      connections,
      callsPerSecond: rates[index],
      ratioToOne: (rates[index] ?? 0) / (rates[1] ?? Number.NaN),
      p50Ms: median(own.map(({ p50 }) => p50)),
      serverCpuMsPerCall: median(own.map(({ cpuMs }) => cpuMs)),
      rounds,
    });
  }
}

async function startBalancer(port: string, origins: readonly string[]) {
  const child = runScript("bench/balancer.ts", [port, ...origins]);
  return { child, origin: await firstLine(child) };
}

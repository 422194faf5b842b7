import { print, quantile, timed } from "./figures.ts";
import { StdioClient } from "./stdio-client.ts";
import { askDirectly, type Upstream } from "./upstream.ts";

/** One call of a tool over stdio against the same upstream request made directly, in turn. */
export async function benchCall(
  name: string,
  command: readonly string[],
  env: Readonly<Record<string, string>>,
  call: { readonly tool: string; readonly args: object },
  upstream: Upstream,
  rounds = 2000,
): Promise<void> {
  const client = new StdioClient(command, env);
  await client.open();
  const idle = client.memory();
  const direct: number[] = [];
  const through: number[] = [];
  for (let round = -300; round < rounds; round++) {
    const directMs = await timed(() => askDirectly(upstream));
    const throughMs = await timed(async () => {
      const { result, error } = await client.call(call.tool, call.args);
      if (error || result?.isError) throw new Error(JSON.stringify(error ?? result));
    });
    if (round < 0) continue;
    direct.push(directMs);
    through.push(throughMs);
  }
  const after = client.memory();
  await client.close();
  const [p50, p99] = [quantile(through, 0.5), quantile(through, 0.99)];
  print("call_overhead_stdio", {
    server: name,
    tool: call.tool,
    p50Ms: p50,
    p99Ms: p99,
    directP50Ms: quantile(direct, 0.5),
    directP99Ms: quantile(direct, 0.99),
    ratioP50: p50 / quantile(direct, 0.5),
    rounds,
  });
  print("memory_stdio", {
    server: name,
    idleRssMb: idle.rssMb,
    peakToListMb: idle.peakMb,
    afterCallsRssMb: after.rssMb,
    peakMb: after.peakMb,
  });
}

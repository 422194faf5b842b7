import { spawn } from "node:child_process";
import { median, print, timed } from "./figures.ts";
import { StdioClient } from "./stdio-client.ts";

/** Spawn → first `tools/list` answer over stdio, in turn with an empty Node process. */
export async function benchStartup(
  name: string,
  command: readonly string[],
  env: Readonly<Record<string, string>>,
  rounds = 15,
): Promise<void> {
  const own: number[] = [];
  const empty: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const emptyMs = await timed(emptyProcess);
    const client = new StdioClient(command, env);
    const ownMs = await timed(async () => {
      await client.open();
      await client.request("tools/list");
    });
    await client.close();
    // The first round warms the disk cache.
    if (round > 0) {
      own.push(ownMs);
      empty.push(emptyMs);
    }
  }
  print("startup_to_tools_list", {
    server: name,
    medianMs: median(own),
    emptyNodeMs: median(empty),
    ratio: median(own.map((ms, index) => ms / (empty[index] ?? Number.NaN))),
    rounds,
  });
}

function emptyProcess(): Promise<void> {
  return new Promise((resolve) => {
    spawn(process.execPath, ["-e", "0"], { stdio: "ignore" }).once("exit", () => resolve());
  });
}

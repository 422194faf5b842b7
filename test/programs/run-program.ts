import { spawn } from "node:child_process";
import { once } from "node:events";

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly cwd?: string | undefined;
  /** Default: two minutes. */
  readonly timeoutMs?: number | undefined;
  /** Sees all output so far each time there is more. */
  readonly onOutput?: ((output: string) => void) | undefined;
}

export interface Run {
  /** `null`: it had to be ended. */
  readonly code: number | null;
  readonly stdout: string;
  /** stdout and stderr as they came. */
  readonly output: string;
}

/** Runs a program of others to its end. Of the environment it sees the search path and what is given. */
export async function runProgram(
  command: string,
  args: readonly string[],
  { env = {}, cwd, timeoutMs = 120_000, onOutput }: RunOptions = {},
): Promise<Run> {
  const child = spawn(command, args, {
    cwd,
    env: { PATH: process.env["PATH"] ?? "", NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: timeoutMs,
  });
  let output = "";
  let stdout = "";
  const see = (chunk: string) => {
    output += chunk;
    onOutput?.(output);
  };
  child.stderr.setEncoding("utf8").on("data", see);
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    stdout += chunk;
    see(chunk);
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout, output };
}

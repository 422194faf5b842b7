import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { installPackages, newNode } from "../programs/packages.ts";
import type { Report } from "../programs/report.ts";
import { type Run, runProgram } from "../programs/run-program.ts";
import { checkList, checkResult, search, signInWhenAsked, type Target } from "./target.ts";

const packages = {
  "mcp-remote": "0.15.1",
  "@apify/mcpc": "0.2.6",
  "@modelcontextprotocol/inspector": "2.12.0",
};

/** Clients that are programs of their own. */
export interface ProgramClients {
  readonly node: string;
  /** Path of an installed program. */
  bin(name: string): string;
  /** An empty home of its own for each use, so that no login outlives it. */
  home(): string;
}

/** @throws InstallError */
export async function installClients(home: () => string): Promise<ProgramClients> {
  const folder = await installPackages("clients", packages);
  const node = await newNode();
  return { node, home, bin: (name) => join(folder, "node_modules/.bin", name) };
}

/** mcp-remote as a bridge for a client that knows only stdio. */
export async function checkMcpRemote(
  report: Report,
  programs: ProgramClients,
  target: Target,
): Promise<void> {
  await report.check(`${target.name}: mcp-remote`, async () => {
    const login = signInWhenAsked(target);
    const home = programs.home();
    const header =
      target.authorization === undefined
        ? []
        : ["--header", `Authorization: ${target.authorization}`];
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [programs.bin("mcp-remote"), target.url, ...header],
      env: { ...environment(home), MCP_REMOTE_CONFIG_DIR: home },
      stderr: "pipe",
    });
    let output = "";
    transport.stderr?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      login.watch(output);
    });
    const client = new Client({ name: "bridged", version: "1.0.0" });
    try {
      await client.connect(transport);
      await login.done();
      const tools = checkList(await client.listTools());
      return `${tools}, ${checkResult(await client.callTool(search))}`;
    } catch (error) {
      throw new Error(`${String(error)}; it said: ${output.slice(-1500)}`);
    } finally {
      await client.close();
    }
  });
}

/** mcpc, a command line with sessions that live in processes of their own. */
export async function checkMcpc(
  report: Report,
  programs: ProgramClients,
  target: Target,
): Promise<void> {
  await report.check(`${target.name}: @apify/mcpc`, async () => {
    const home = programs.home();
    const env = { ...environment(home), MCPC_HOME_DIR: home };
    const login = signInWhenAsked(target);
    const mcpc = async (...args: string[]) =>
      succeeded(
        await runProgram(process.execPath, [programs.bin("mcpc"), ...args], {
          env,
          onOutput: login.watch,
          timeoutMs: 60_000,
        }),
      );
    const header =
      target.authorization === undefined ? [] : ["-H", `Authorization: ${target.authorization}`];
    if (target.authorization === undefined) {
      await mcpc("login", target.url);
      await login.done();
    }
    const session = "@conformance";
    await mcpc("connect", target.url, session, ...header);
    try {
      const tools = checkList(JSON.parse((await mcpc("--json", session, "tools-list")).stdout));
      const args = Object.entries(search.arguments).map(
        ([name, value]) => `${name}:=${JSON.stringify(value)}`,
      );
      const result = await mcpc("--json", session, "tools-call", search.name, ...args);
      return `${tools}, ${checkResult(JSON.parse(result.stdout))}`;
    } finally {
      await mcpc("close", session);
    }
  });
}

/** The Inspector's command line, in both eras. It looks at the schemas too, and fails on its errors. */
export async function checkInspector(
  report: Report,
  programs: ProgramClients,
  target: Target,
): Promise<void> {
  for (const era of ["modern", "legacy"] as const) {
    await report.check(`${target.name}: Inspector, ${era}`, async () => {
      const inspector = openInspector(programs, target, era);
      const list = await inspector("--method", "tools/list", "--strict");
      // Its exit code tells of errors only; there is nothing to warn of either.
      const lint = /^(?:Warning|Error): tool [\s\S]*/m.exec(list.output)?.[0];
      if (lint !== undefined) throw new Error(lint);
      const tools = checkList(resultIn(list));
      const result = await inspector(
        ...["--method", "tools/call", "--tool-name", search.name],
        ...["--tool-args-json", JSON.stringify(search.arguments)],
      );
      return `${tools}, ${checkResult(resultIn(result))}`;
    });
  }
}

function resultIn({ stdout }: Run): unknown {
  return (JSON.parse(stdout) as { result: unknown }).result;
}

function openInspector(programs: ProgramClients, target: Target, era: "modern" | "legacy") {
  const home = programs.home();
  const header =
    target.authorization === undefined
      ? []
      : ["--header", `Authorization: ${target.authorization}`];
  return async (...args: string[]): Promise<Run> => {
    const login = signInWhenAsked(target);
    const run = await runProgram(
      programs.node,
      [
        ...[programs.bin("mcp-inspector"), "--cli", target.url, "--transport", "http"],
        ...["--protocol-era", era, "--format", "json", "-q", ...header, ...args],
      ],
      {
        env: { ...environment(home), MCP_AUTO_OPEN_ENABLED: "true" },
        onOutput: login.watch,
        timeoutMs: 60_000,
      },
    );
    await login.done();
    return succeeded(run);
  };
}

/** Nothing opens a browser, and nothing is kept in a real home. */
function environment(home: string): Record<string, string> {
  return { PATH: process.env["PATH"] ?? "", HOME: home, BROWSER: "/bin/true", NO_COLOR: "1" };
}

function succeeded(run: Run): Run {
  if (run.code !== 0) throw new Error(`exit code ${run.code}: ${run.output.slice(-2000)}`);
  return run;
}

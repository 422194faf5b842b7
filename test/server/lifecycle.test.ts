import { PassThrough } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadSettings } from "../../src/config/load.ts";
import { runProgram } from "../../src/program.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { type Program, startHttpProgram, startProgram, stop, until } from "./harness.ts";

let sandbox: Sandbox;
const programs: Program[] = [];

beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(async () => {
  await Promise.all(programs.map(stop));
  await sandbox.close();
});

function start(args: readonly string[] = []): Program {
  const program = startProgram(args, sandbox.environment("cloud"));
  programs.push(program);
  return program;
}

const line = (message: object) => `${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`;
const initialize = line({
  id: 1,
  method: "initialize",
  params: {
    protocolVersion: "2025-06-18",
    capabilities: {},
    clientInfo: { name: "tests", version: "1" },
  },
});
const callLine = (id: number) =>
  line({ id, method: "tools/call", params: { name: "jira_get_link_types", arguments: {} } });

/** Ends are promised within a second; the rest is for a slow machine. */
async function ends(program: Program): Promise<{ code: number | null; signal: string | null }> {
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error("still running")), 4000).unref();
  });
  return Promise.race([program.ended, late]);
}

describe("stdio", () => {
  it("ends with code 0 when the input ends", async () => {
    const program = start();
    program.child.stdin?.end(initialize);
    expect(await ends(program)).toEqual({ code: 0, signal: null });
    expect(JSON.parse(program.stdout()).result.serverInfo.name).toBe("mcp-atlassian");
  });

  it("still answers calls that were under way when the input ended", async () => {
    sandbox.inject({ match: "GET /rest/api/3/issueLinkType", effect: { kind: "delay", ms: 50 } });
    const program = start();
    program.child.stdin?.end(initialize + callLine(2));
    expect(await ends(program)).toMatchObject({ code: 0 });
    expect(program.stdout()).toContain('"id":2');
  });

  it("does not wait for a site that never answers", async () => {
    sandbox.inject({ match: "GET /rest/api/3/issueLinkType", effect: { kind: "stall" } });
    const program = start();
    program.child.stdin?.end(initialize + callLine(2));
    expect(await ends(program)).toMatchObject({ code: 0 });
  });

  it.each(["SIGTERM", "SIGINT"] as const)(
    "ends on %s while a call is under way",
    async (signal) => {
      sandbox.inject({ match: "GET /rest/api/3/issueLinkType", effect: { kind: "stall" } });
      const program = start();
      program.child.stdin?.write(initialize + callLine(2));
      await until(program.stdout, /"id":1/);
      program.child.kill(signal);
      expect(await ends(program)).toMatchObject({ code: 0 });
    },
  );

  it("writes nothing but protocol to stdout at the highest log level", async () => {
    const program = start(["-vv"]);
    program.child.stdin?.end(`${initialize}this is no message\n${callLine(2)}`);
    await ends(program);
    const messages = program
      .stdout()
      .trim()
      .split("\n")
      .map((each) => JSON.parse(each));
    expect(messages.every((each) => each.jsonrpc === "2.0")).toBe(true);
    expect(messages.map((each) => each.id)).toEqual(expect.arrayContaining([1, 2]));
    expect(program.stderr()).toContain("tool.called");
  });

  it("ends when nobody reads any more", async () => {
    const program = start();
    program.child.stdout?.destroy();
    program.child.stdin?.write(initialize);
    expect(await ends(program)).toMatchObject({ code: 0 });
  });
});

describe("--sandbox", () => {
  it.each([[], ["--sandbox-deployment", "datacenter"]])(
    "serves pretend sites at once %j",
    async (...more) => {
      const program = startProgram(["--sandbox", ...more]);
      programs.push(program);
      const search = {
        name: "jira_search",
        arguments: { jql: "assignee = currentUser()", limit: 1 },
      };
      program.child.stdin?.write(
        initialize + line({ id: 2, method: "tools/call", params: search }),
      );
      const [text] = await until(program.stdout, /\{.*"id":2.*\}/);
      expect(text).toContain("Ada Moreno");
      program.child.stdin?.end();
      expect(await ends(program)).toMatchObject({ code: 0 });
    },
  );
});

describe("HTTP", () => {
  it.each(["SIGTERM", "SIGINT"] as const)("ends on %s, also with an open call", async (signal) => {
    sandbox.inject({ match: "GET /rest/api/3/issueLinkType", effect: { kind: "stall" } });
    const program = await startHttpProgram({
      ...sandbox.environment("cloud"),
      ALLOW_GLOBAL_CRED_FALLBACK: "true",
    });
    programs.push(program);
    const answer = fetch(program.url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
      },
      body: callLine(1),
    }).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 300));
    program.child.kill(signal);
    expect(await ends(program)).toMatchObject({ code: 0 });
    await answer;
  });

  it("says so when the port is taken", async () => {
    const first = await startHttpProgram(sandbox.environment("cloud"));
    programs.push(first);
    const second = startProgram(
      ["--transport", "streamable-http", "--port", new URL(first.url).port],
      sandbox.environment("cloud"),
    );
    programs.push(second);
    expect(await ends(second)).toMatchObject({ code: 2 });
    expect(second.stderr()).toMatch(/Port \d+ on 127\.0\.0\.1 is already in use/);
  });
});

describe("a signal that comes early", () => {
  it("ends a server that is only about to listen", async () => {
    const env = sandbox.environment("cloud");
    const argv = ["--transport", "streamable-http", "--port", "0"];
    const ending = await runProgram(loadSettings({ argv, env, cwd: "/" }), {
      stdin: new PassThrough(),
      stdout: new PassThrough(),
      stderr: new PassThrough().resume(),
      onFirstSignal: (stop) => stop(),
    });
    expect(ending).toEqual({ code: 0, isFinal: true });
  });
});

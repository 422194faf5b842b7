import { mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import {
  basic,
  call,
  connectHttp,
  type Env,
  type HttpProgram,
  modernCall,
  type Program,
  startHttpProgram,
  stop,
  until,
} from "./harness.ts";
import { runLocally, serveLocally } from "./local-program.ts";

let sandbox: Sandbox;
let authorization: string;
let email: string;
const programs: Program[] = [];

beforeAll(async () => {
  sandbox = await startSandbox();
  const [user] = sandbox.users;
  email = user.email;
  authorization = basic(user.email, user.apiToken);
});
afterEach(async () => {
  await Promise.all(programs.splice(0).map(stop));
});
afterAll(() => sandbox.close());

const start = (env: Env = {}, args: readonly string[] = []) =>
  serveLocally({ ...sandbox.environment("cloud"), ...env }, args);

async function startBinary(env: Env): Promise<HttpProgram> {
  const program = await startHttpProgram({ ...sandbox.environment("cloud"), ...env });
  programs.push(program);
  return program;
}

/** Where a server is. */
type Serving = Pick<HttpProgram, "url">;

const at = ({ url }: Serving, path: string, init?: RequestInit) => fetch(new URL(path, url), init);

function callTool({ url }: Serving, name: string, args: object, more: Env = {}) {
  const { headers, body } = modernCall(name, args);
  return fetch(url, { method: "POST", headers: { ...headers, authorization, ...more }, body });
}

const linesOf = (text: string): Record<string, unknown>[] =>
  text
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));

const auditOf = (text: string) => linesOf(text).filter(({ event }) => event === "write.audited");

const newIssue = { project_key: "SHOP", summary: "Sums nobody may log", issue_type: "Task" };

async function createIssue(server: Serving): Promise<string> {
  const client = await connectHttp(server.url, authorization);
  const { text, isError } = await call(client, "jira_create_issue", newIssue);
  await client.close();
  expect(isError, text).toBe(false);
  return text;
}

describe("/readyz", () => {
  it("answers 200 while the server serves", async () => {
    const answer = await at(await start(), "/readyz");
    expect([answer.status, await answer.json()]).toEqual([200, { status: "ok" }]);
  });

  it("turns 503 at SIGTERM while calls are still served, and then the process ends with 0", async () => {
    const server = await startBinary({ MCP_DRAIN_SECONDS: "2" });
    server.child.kill("SIGTERM");
    let answer = await at(server, "/readyz");
    while (answer.status === 200) answer = await at(server, "/readyz");
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).toBe("5");
    expect(answer.headers.get("connection")).toBe("close");
    expect(await answer.json()).toEqual({
      status: "unavailable",
      failing: [{ check: "server", reason: "draining" }],
    });
    expect((await at(server, "/healthz")).status).toBe(200);
    expect((await callTool(server, "jira_get_link_types", {})).status).toBe(200);
    expect(await server.ended).toEqual({ code: 0, signal: null });
  });

  it("ends at once at a second signal", async () => {
    const server = await startBinary({ MCP_DRAIN_SECONDS: "300" });
    server.child.kill("SIGTERM");
    while ((await at(server, "/readyz")).status === 200);
    server.child.kill("SIGTERM");
    expect(await server.ended).toEqual({ code: 130, signal: null });
  });

  it("names a store that cannot be used", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ops-"));
    const file = join(folder, "file");
    writeFileSync(file, "");
    const env = { ATLASSIAN_STORE_URL: `file://${folder}/store`, ...oauthApp };
    expect((await at(await start(env), "/readyz")).status).toBe(200);
    const broken = { ...env, ATLASSIAN_STORE_URL: `file://${file}` };
    const answer = await at(await start(broken), "/readyz");
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({
      status: "unavailable",
      failing: [{ check: "store", reason: "config" }],
    });
  });
});

const oauthApp = {
  ATLASSIAN_OAUTH_CLIENT_ID: "app",
  ATLASSIAN_OAUTH_CLIENT_SECRET: "secret-of-app",
  ATLASSIAN_OAUTH_REDIRECT_URI: "http://127.0.0.1:1/callback",
  ATLASSIAN_OAUTH_SCOPE: "read:jira-work offline_access",
};

describe("/metrics", () => {
  it("does not exist unless it was asked for", async () => {
    expect((await at(await start(), "/metrics")).status).toBe(404);
  });

  it("counts requests, calls and tries, without a word of whose they were", async () => {
    const server = await start({}, ["--metrics"]);
    const text = await createIssue(server);
    await callTool(server, "jira_get_issue", { issue_key: "SHOP-999999" });
    await at(server, "/mcp", { method: "POST" });
    const answer = await at(server, "/metrics");
    expect(answer.headers.get("content-type")).toContain("text/plain; version=0.0.4");
    const page = await answer.text();
    for (const line of [
      /^mcp_atlassian_http_requests_total\{route="mcp",method="POST",status="2xx"\} \d/m,
      /^mcp_atlassian_http_requests_total\{route="mcp",method="POST",status="4xx"\} 1$/m,
      /^mcp_atlassian_tool_calls_total\{tool="jira_create_issue",outcome="ok",deployment="cloud"\} 1$/m,
      /^mcp_atlassian_tool_calls_total\{tool="jira_get_issue",outcome="not_found",deployment="\w+"\} 1$/m,
      /^mcp_atlassian_upstream_requests_total\{product="jira",method="POST",status="2xx",source="caller"\} 1$/m,
      /^mcp_atlassian_authentications_total\{method="basic",outcome="ok"\} 2$/m,
      /^mcp_atlassian_authentications_total\{method="none",outcome="refused"\} 1$/m,
      /^mcp_atlassian_tool_calls_in_flight 0$/m,
      /^process_resident_memory_bytes \d/m,
    ]) {
      expect(page).toMatch(line);
    }
    const key = /"key":"(SHOP-\d+)"/.exec(text)?.[1] ?? "no key";
    for (const secret of [key, email, "Sums nobody", new URL(server.url).host]) {
      expect(page).not.toContain(secret);
    }
  });

  it("counts what is sent again and what is limited", async () => {
    const server = await start({ ATLASSIAN_RETRY_BACKOFF: "0" }, ["--metrics"]);
    for (const status of [503, 429]) {
      const effect = { kind: "answer", answer: { status } } as const;
      sandbox.inject({ match: "GET /rest/api/3/issueLinkType", effect });
    }
    expect((await callTool(server, "jira_get_link_types", {})).status).toBe(200);
    const page = await (await at(server, "/metrics")).text();
    expect(page).toContain('upstream_retries_total{product="jira",status="503"} 1');
    expect(page).toContain('upstream_retries_total{product="jira",status="429"} 1');
    expect(page).toContain('upstream_rate_limits_total{product="jira"} 1');
  });

  it.each([
    ["came through a proxy", { "x-forwarded-for": "203.0.113.7" }],
    ["uses another name", { host: "metrics.example" }],
  ])("stays hidden from who %s", async (_, headers: Env) => {
    const server = await start({ MCP_METRICS: "on" });
    expect(await statusWith(new URL("/metrics", server.url), headers)).toBe(404);
    const open = await start({ MCP_METRICS: "on", MCP_METRICS_ALLOW_REMOTE: "true" });
    const name = "host" in headers ? {} : headers;
    expect(await statusWith(new URL("/metrics", open.url), name)).toBe(200);
  });

  it("has a port of its own where that is wanted, also beside stdio", async () => {
    const env = { ...sandbox.environment("cloud"), MCP_METRICS: "on", MCP_METRICS_PORT: "0" };
    const program = runLocally([], env);
    const [url] = await until(program.stderr, /http:\S+\/metrics/);
    expect(await (await fetch(url)).text()).toContain("process_cpu_seconds_total");
    expect((await fetch(new URL("/", url))).status).toBe(404);
    program.stdin.end();
    expect(await program.ended).toMatchObject({ code: 0 });
  });
});

/** Node's own client, because fetch does not let one choose the Host header. */
async function statusWith(url: URL, headers: Env): Promise<number | undefined> {
  const { get } = await import("node:http");
  return new Promise((resolve, reject) => {
    get(url, { headers }, (answer) => resolve(answer.resume().statusCode)).once("error", reject);
  });
}

describe("request ids", () => {
  it("come back, and stand on every line of the request", async () => {
    const server = await start({}, ["-vv"]);
    const args = { issue_key: "SHOP-1" };
    const answer = await callTool(server, "jira_get_issue", args, {
      "x-request-id": "trace-me-42",
    });
    expect(answer.headers.get("x-request-id")).toBe("trace-me-42");
    await answer.text();
    await until(server.stderr, /request\.answered/);
    const events = linesOf(server.stderr())
      .filter(({ requestId }) => requestId === "trace-me-42")
      .map(({ event }) => event);
    expect(events).toEqual(
      expect.arrayContaining(["request.sent", "tool.called", "request.answered"]),
    );
  });

  it.each(["short", `long-${"x".repeat(200)}`, "with space", 'quote"brace}'])(
    "are made anew in place of %j",
    async (sent) => {
      const answer = await at(await start(), "/healthz", { headers: { "x-request-id": sent } });
      expect(answer.headers.get("x-request-id")).toMatch(/^[\da-f-]{36}$/);
    },
  );

  it("do not bring queries into the access line", async () => {
    const server = await start({}, ["-vv"]);
    await at(server, "/mcp?token=hunter22", { method: "POST" });
    await until(server.stderr, /request\.answered/);
    expect(server.stderr()).not.toContain("hunter22");
    const [line] = linesOf(server.stderr()).filter(({ event }) => event === "request.answered");
    expect(line).toMatchObject({ method: "POST", route: "mcp", path: "/mcp", status: 401 });
  });
});

describe("the audit record", () => {
  it("says who changed what, at the quietest level, and nothing of the content", async () => {
    const server = await start();
    const text = await createIssue(server);
    await callTool(server, "jira_get_issue", { issue_key: "SHOP-1" });
    await until(server.stderr, /write\.audited/);
    const lines = auditOf(server.stderr());
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      level: "info",
      requestId: expect.any(String),
      who: expect.stringMatching(/^account:/),
      method: "basic",
      client: "tests 1.0.0",
      product: "jira",
      tool: "jira_create_issue",
      target: "project_key=SHOP",
      result: /"key":"(SHOP-\d+)"/.exec(text)?.[1],
      outcome: "ok",
    });
    expect(server.stderr()).not.toContain(email);
    expect(server.stderr()).not.toContain("Sums nobody");
  });

  it("goes to a file that only its owner can read, with refused and failed writes", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "ops-")), "audit.jsonl");
    const server = await start({ MCP_AUDIT_FILE: file, READ_ONLY_MODE: "true" });
    await (await callTool(server, "jira_create_issue", newIssue)).text();
    await until(() => readFileSync(file, "utf8"), /write\.audited/);
    expect(auditOf(readFileSync(file, "utf8"))).toMatchObject([{ outcome: "unsupported" }]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(server.stderr()).not.toContain("write.audited");
  });

  it("can be turned off", async () => {
    const server = await start({ MCP_AUDIT: "off" }, ["-vv"]);
    await createIssue(server);
    await until(server.stderr, /"event":"tool.called".*jira_create_issue/);
    expect(auditOf(server.stderr())).toEqual([]);
  });

  it("stops a server that could not write it", async () => {
    const env = { ...sandbox.environment("cloud"), MCP_AUDIT_FILE: "/nowhere/audit.jsonl" };
    const program = runLocally(["--transport", "http", "--port", "0"], env);
    expect(await program.ended).toMatchObject({ code: 2 });
    expect(program.stderr()).toContain("MCP_AUDIT_FILE");
  });
});

describe("traces", () => {
  const provider = join(import.meta.dirname, "../fakes/span-printer.mjs");
  const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
  const traceparent = `00-${trace}-00f067aa0ba902b7-01`;

  it("go from the caller's span through the call to each request", async () => {
    const server = await startBinary({ MCP_TRACING: "on", NODE_OPTIONS: `--import=${provider}` });
    const answer = await callTool(
      server,
      "jira_get_issue",
      { issue_key: "SHOP-1" },
      { traceparent },
    );
    await answer.text();
    await until(server.stderr, /"span":"tools\/call/);
    const spans = linesOf(server.stderr()).filter(({ span }) => span !== undefined);
    const own = spans.find(({ span }) => span === "tools/call jira_get_issue");
    expect(own).toMatchObject({ trace, parent: "00f067aa0ba902b7", kind: 1 });
    const requests = spans.filter(({ kind }) => kind === 2);
    expect(requests.length).toBeGreaterThan(0);
    for (const request of requests) expect(request).toMatchObject({ trace, parent: own?.["id"] });
    expect(server.stderr()).not.toContain("SHOP-1");
  });
});

import { mkdtempSync, readdirSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { freePort, startServer } from "../fakes/loopback.ts";
import {
  call,
  connectStdio,
  type Env,
  type Program,
  startProgram,
  stop,
  until,
} from "./harness.ts";
import { connectLocally, type LocalProgram, runLocally } from "./local-program.ts";

let sandbox: Sandbox;
let callback: string;
let home: string;

beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());
beforeEach(async () => {
  sandbox.reset();
  callback = `http://localhost:${await freePort()}/callback`;
  for (const host of [sandbox.login, sandbox.dataCenter.jira, sandbox.dataCenter.confluence]) {
    host.register({ redirectUri: callback });
  }
  home = mkdtempSync(join(tmpdir(), "mcp-atlassian-login-"));
});

function environment(kind: "cloud-oauth" | "datacenter-oauth", more: Env = {}): Env {
  return { ...sandbox.environment(kind), HOME: home, ...more };
}

function run(args: readonly string[], env: Env): LocalProgram {
  return runLocally(["auth", ...args], env, home);
}

/** As a process, which signals and its own ending tell apart from a run in here. */
function runBinary(args: readonly string[], env: Env): Program {
  const program = startProgram(["auth", ...args], env, home);
  onTestFinished(() => stop(program));
  return program;
}

type Printing = Pick<Program, "stdout" | "stderr"> & {
  readonly ended: Promise<{ readonly code: number | null }>;
};

const login = (env: Env, ...flags: string[]) => run(["login", "--no-browser", ...flags], env);

/** The address that a login asks to open; of several the last one. */
async function addressOf(program: Printing, at = /^http\S+authorize\?\S+$/m): Promise<string> {
  const [address] = await until(program.stderr, at);
  await until(program.stderr, /Waiting for/);
  return address;
}

/** Accepts on the issuer's page, as a browser does, and gives the page it ends at. */
async function accept(address: string, more = ""): Promise<{ status: number; text: string }> {
  const response = await fetch(`${address}&sandbox_user=ada${more}`);
  return { status: response.status, text: await response.text() };
}

/** Where the browser would end. */
async function redirectOf(address: string, more = ""): Promise<string> {
  const response = await fetch(`${address}&sandbox_user=ada${more}`, { redirect: "manual" });
  return response.headers.get("location") ?? "";
}

async function outcome(program: Printing) {
  const { code } = await program.ended;
  return { code, stdout: program.stdout(), stderr: program.stderr() };
}

/** Every file below a folder that is kept for the user. */
function storedFiles(): string[] {
  return readdirSync(home, { recursive: true, encoding: "utf8" }).filter((file) =>
    statSync(join(home, file)).isFile(),
  );
}

async function isSignedIn(env: Env): Promise<boolean> {
  const { code } = await outcome(run(["status"], env));
  return code === 0;
}

const secret = "sandbox-cloud-secret";

describe("auth login on Cloud, without a terminal", () => {
  it("signs in by environment alone; the server then works with what was stored", async () => {
    const env = environment("cloud-oauth");
    const program = runBinary(["login", "--no-browser"], env);
    const page = await accept(await addressOf(program));
    expect(page).toMatchObject({ status: 200, text: expect.stringContaining("You are signed in") });
    const { code, stdout, stderr } = await outcome(program);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Ada Moreno.*harbourpine.*JIRA_URL=.*"mcpServers"/s);
    expect(stdout + stderr).not.toContain(secret);

    const client = await connectStdio(env);
    const answer = await call(client, "jira_search", { jql: "project is not EMPTY", limit: 1 });
    await client.close();
    expect(answer).toMatchObject({ isError: false });

    const status = await outcome(runBinary(["status", "--json"], env));
    expect(status.code).toBe(0);
    expect(JSON.parse(status.stdout).apps).toMatchObject([
      { products: ["jira", "confluence"], signedIn: true, cloudId: sandbox.cloudId },
    ]);
  });

  it("prints and stores no token in plain text", async () => {
    const env = environment("cloud-oauth");
    const program = login(env);
    await accept(await addressOf(program));
    const { stdout, stderr } = await outcome(program);
    const status = await outcome(run(["status", "--json"], env));
    const texts = [stdout, stderr, status.stdout, ...storedFiles().map((f) => read(f))];
    const [request] = sandbox.login.tokenRequests;
    expect(request).toBeDefined();
    const bearer = sandbox.requests
      .map(({ headers }) => /^Bearer (.+)$/.exec(String(headers["authorization"] ?? ""))?.[1])
      .find((token) => token !== undefined);
    expect(bearer).toBeDefined();
    expect(texts.filter((text) => text.includes(bearer ?? "nothing"))).toEqual([]);
  });

  it("lets stray requests pass, and a wrong state does not end the wait", async () => {
    const program = login(environment("cloud-oauth"));
    const address = await addressOf(program);
    const origin = new URL(callback).origin;
    expect((await fetch(`${origin}/favicon.ico`)).status).toBe(404);
    expect((await fetch(callback)).status).toBe(404);
    expect((await fetch(callback, { method: "POST" })).status).toBe(405);
    const stranger = await fetch(`${callback}?code=stolen&state=guessed`);
    expect(stranger.status).toBe(400);
    expect(await stranger.text()).toContain("not the sign-in that was begun");
    expect((await fetch(`${callback}?error=access_denied`)).status).toBe(400);
    expect((await accept(address)).status).toBe(200);
    expect((await outcome(program)).code).toBe(0);
    expect(sandbox.login.tokenRequests).toHaveLength(1);
  });

  it("ends with the reason when consent is refused, and stores nothing", async () => {
    const env = environment("cloud-oauth");
    const program = login(env);
    const page = await accept(await addressOf(program), "&sandbox_decision=refuse");
    expect(page).toMatchObject({ status: 400, text: expect.stringContaining("not signed in") });
    const { code, stdout, stderr } = await outcome(program);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/refused or cancelled/);
    expect(await isSignedIn(env)).toBe(false);
  });

  it("says so when the token request fails, in the browser too", async () => {
    const env = environment("cloud-oauth", { ATLASSIAN_OAUTH_CLIENT_SECRET: "wrong-secret" });
    const program = login(env);
    const page = await accept(await addressOf(program));
    expect(page.status).toBe(400);
    const { code, stdout, stderr } = await outcome(program);
    expect(code).toBe(1);
    expect(stderr).toContain("ATLASSIAN_OAUTH_CLIENT_SECRET");
    expect(stdout + stderr + page.text).not.toContain("wrong-secret");
  });

  it("takes of several sites the one that is named, and otherwise lists them", async () => {
    const { JIRA_URL: _, CONFLUENCE_URL: __, ...rest } = environment("cloud-oauth");
    const undecided = login(rest);
    expect((await accept(await addressOf(undecided))).status).toBe(400);
    const refusal = await outcome(undecided);
    expect(refusal.code).toBe(1);
    expect(refusal.stderr).toMatch(/--site/);
    expect(refusal.stderr).toContain(sandbox.labsCloudId);
    expect(await isSignedIn(rest)).toBe(false);

    const decided = login(rest, "--site", sandbox.urls.cloudLabs);
    await accept(await addressOf(decided));
    const success = await outcome(decided);
    expect(success.code).toBe(0);
    expect(success.stdout).toContain(`JIRA_URL=${sandbox.urls.cloudLabs}`);
  });

  it("refuses a sign-in that does not reach the site of the settings", async () => {
    const env = environment("cloud-oauth");
    const program = login(env);
    await accept(await addressOf(program), `&sandbox_sites=${sandbox.labsCloudId}`);
    const { code, stderr } = await outcome(program);
    expect(code).toBe(1);
    expect(stderr).toContain("harbourpine-labs");
    expect(await isSignedIn(env)).toBe(false);
  });

  it("names the setting when the callback port is in use", async () => {
    const other = await startServer((_, response) => response.end());
    const env = environment("cloud-oauth", {
      ATLASSIAN_OAUTH_REDIRECT_URI: `http://127.0.0.1:${other.port}/callback`,
    });
    const { code, stderr } = await outcome(login(env));
    expect(code).toBe(1);
    expect(stderr).toContain("ATLASSIAN_OAUTH_REDIRECT_URI");
  });

  it("takes the pasted address, and works at once on the same port again", async () => {
    const env = environment("cloud-oauth");
    const pasting = login(env, "--paste");
    const redirect = await redirectOf(await addressOf(pasting));
    await expect(fetch(callback)).rejects.toThrow();
    pasting.stdin.write(`${callback}?code=x&state=wrong\n`);
    await until(pasting.stderr, /ignored/);
    pasting.stdin.write(`${new URL(redirect).search.slice(1)}\n`);
    expect((await outcome(pasting)).code).toBe(0);
    for (const _ of [1, 2]) {
      const listening = login(env);
      expect((await accept(await addressOf(listening))).status).toBe(200);
      expect((await outcome(listening)).code).toBe(0);
    }
  });

  it("wants the address pasted when the callback is elsewhere, and ends with its input", async () => {
    sandbox.login.register({ redirectUri: "https://mcp.example.com/callback" });
    const env = environment("cloud-oauth");
    const program = login(env);
    const redirect = await redirectOf(await addressOf(program));
    program.stdin.end(`${redirect}\n`);
    expect((await outcome(program)).code).toBe(0);
    const silent = login(env);
    await addressOf(silent);
    silent.stdin.end();
    expect((await outcome(silent)).code).toBe(1);
  });

  it("gives up in time, and on Ctrl-C", async () => {
    const late = login(environment("cloud-oauth"), "--timeout", "1");
    const { code, stderr } = await outcome(late);
    expect(code).toBe(1);
    expect(stderr).toMatch(/within 1 s/);
    const given = runBinary(["login", "--no-browser"], environment("cloud-oauth"));
    await addressOf(given);
    given.child.kill("SIGINT");
    expect((await outcome(given)).code).toBe(130);
    await expect(fetch(callback)).rejects.toThrow();
  });

  it("lists everything that is missing at once", async () => {
    const { code, stderr } = await outcome(login({ HOME: home }));
    expect(code).toBe(2);
    for (const name of ["JIRA_URL", "--jira-url", "_CLIENT_ID", "_CLIENT_SECRET"]) {
      expect(stderr).toContain(name);
    }
  });
});

describe("auth logout on Cloud", () => {
  it("forgets, says that nothing can be revoked, and may be repeated", async () => {
    const env = environment("cloud-oauth");
    const program = login(env);
    await accept(await addressOf(program));
    await program.ended;
    const first = await outcome(run(["logout"], env));
    expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining("id.atlassian.com") });
    expect(await isSignedIn(env)).toBe(false);
    expect(await outcome(run(["logout"], env))).toMatchObject({ code: 0 });
  });
});

describe("both Data Center products", () => {
  async function signInToBoth(env: Env): Promise<string> {
    const program = login(env);
    await accept(await addressOf(program, /^http\S+\/jira\/rest\S+authorize\?\S+$/m));
    await accept(await addressOf(program, /^http\S+\/confluence\/rest\S+authorize\?\S+$/m));
    const { code, stdout } = await outcome(program);
    expect(code).toBe(0);
    return stdout;
  }

  it("are signed in to one after the other, used, and revoked at sign-out", async () => {
    const env = environment("datacenter-oauth");
    const stdout = await signInToBoth(env);
    expect(stdout).toMatch(/CONFLUENCE_OAUTH_CLIENT_ID=/);
    const client = await connectLocally(env);
    const found = await call(client, "confluence_search", { query: "type = page", limit: 1 });
    await client.close();
    expect(found).toMatchObject({ isError: false });
    expect(sandbox.dataCenter.jira.liveGrants()).toBe(1);
    const { code } = await outcome(run(["logout"], env));
    expect(code).toBe(0);
    expect(sandbox.dataCenter.jira.liveGrants()).toBe(0);
    expect(sandbox.dataCenter.confluence.liveGrants()).toBe(0);
    expect(await isSignedIn(env)).toBe(false);
  });

  it("can be signed in to alone; status then tells that the other one is missing", async () => {
    const env = environment("datacenter-oauth");
    const program = login(env, "--product", "confluence");
    await accept(await addressOf(program));
    expect((await outcome(program)).code).toBe(0);
    expect(await isSignedIn(env)).toBe(false);
    const { code } = await outcome(run(["status", "--product", "confluence"], env));
    expect(code).toBe(0);
  });

  it("are forgotten here when the site cannot be told, which is said", async () => {
    const env = environment("datacenter-oauth");
    await signInToBoth(env);
    sandbox.inject({
      site: "jira-data-center",
      match: "POST /rest/oauth2/latest/revoke",
      effect: { kind: "answer", answer: { status: 503, json: {} } },
      times: 9,
    });
    const { code, stderr } = await outcome(run(["logout", "--product", "jira"], env));
    expect(code).toBe(1);
    expect(stderr).toMatch(/Revoking failed/);
    const again = await outcome(run(["logout", "--product", "jira"], env));
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining("nobody") });
  });
});

function read(file: string): string {
  return readFileSync(join(home, file), "latin1");
}

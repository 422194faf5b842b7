import type { Client } from "@modelcontextprotocol/client";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { OAuthApp } from "../../src/auth/oauth/types.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { call, connectStdio, type Env, modernCall, startProgram, until } from "./harness.ts";
import { connectLocally } from "./local-program.ts";
import { freshStore, storeLogin } from "./stored-login.ts";

let sandbox: Sandbox;
const clients: Client[] = [];
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  sandbox.reset();
});
afterAll(() => sandbox.close());

const issue = { issue_key: "SHOP-1", fields: "summary" };

function app(): OAuthApp {
  const { clientId, clientSecret } = sandbox.login.app;
  const [authUrl, apiUrl] = [new URL(sandbox.urls.login), new URL(sandbox.urls.gateway)];
  return { clientId, clientSecret, scopes: [], issuer: { kind: "cloud", authUrl, apiUrl } };
}

/** Somebody has signed in; the access token has `secondsLeft` as far as we know. */
async function signedIn(secondsLeft: number) {
  const store = freshStore();
  const tokens = sandbox.login.issue();
  await storeLogin(store, app(), { ...tokens, expiresInSeconds: secondsLeft });
  return { env: { ...sandbox.environment("cloud-oauth"), ...store.env }, tokens };
}

async function connect(env: Env, start: (env: Env) => Promise<Client> = connectLocally) {
  const client = await start(env);
  clients.push(client);
  return client;
}

const refreshes = () =>
  sandbox.login.tokenRequests.filter(({ grantType }) => grantType === "refresh_token");

describe("the life of a login", () => {
  it("is prolonged once for five processes with four calls each", async () => {
    const { env } = await signedIn(10);
    const processes = await Promise.all(
      Array.from({ length: 5 }, () => connect(env, connectStdio)),
    );
    const answers = await Promise.all(
      processes.flatMap((client) =>
        Array.from({ length: 4 }, () => call(client, "jira_get_issue", issue)),
      ),
    );
    expect(answers.filter(({ isError }) => isError)).toEqual([]);
    expect(refreshes()).toHaveLength(1);
  });

  it("is prolonged after a 401, and the refused call repeated", async () => {
    const { env, tokens } = await signedIn(3000);
    sandbox.login.expire(tokens.accessToken);
    const client = await connect(env);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => call(client, "jira_get_issue", issue)),
    );
    expect(answers.filter(({ isError }) => isError)).toEqual([]);
    expect(refreshes()).toHaveLength(1);
  });

  it("ends with the command to run, and without asking the issuer over and over", async () => {
    const { env, tokens } = await signedIn(10);
    sandbox.login.revoke(tokens.refreshToken ?? "");
    const client = await connect(env);
    for (let round = 0; round < 3; round++) {
      const { isError, text } = await call(client, "jira_get_issue", issue);
      expect(isError).toBe(true);
      expect(text).toMatch(/^Error \(auth\)/);
      expect(text).toContain("mcp-atlassian auth login");
      expect(text).not.toContain(tokens.refreshToken ?? "-");
    }
    expect(refreshes()).toHaveLength(1);
  });

  it("starts with the command to run where nobody has signed in", async () => {
    const client = await connect({ ...sandbox.environment("cloud-oauth"), ...freshStore().env });
    const { tools } = await client.listTools();
    expect(tools.length).toBeGreaterThan(2);
    const { text } = await call(client, "jira_get_issue", issue);
    expect(text).toContain("mcp-atlassian auth login");
  });

  it("leaves working credentials in use until somebody signs in, then takes over", async () => {
    const store = freshStore();
    const { JIRA_USERNAME = "", JIRA_API_TOKEN = "" } = sandbox.environment("cloud");
    const oauth = sandbox.environment("cloud-oauth");
    const client = await connect({ ...oauth, ...store.env, JIRA_USERNAME, JIRA_API_TOKEN });
    sandbox.clearRequests();
    expect((await call(client, "jira_get_issue", issue)).isError).toBe(false);
    expect(sandbox.requests.at(-1)?.headers["authorization"]).toMatch(/^Basic /);
    await storeLogin(store, app(), sandbox.login.issue());
    expect((await call(client, "jira_get_issue", issue)).isError).toBe(false);
    expect(sandbox.requests.at(-1)?.headers["authorization"]).toMatch(/^Bearer /);
  });
});

/** Calls a tool in a process of its own and kills that once `when` holds. */
async function killDuringCall(env: Env, when: () => boolean): Promise<void> {
  const program = startProgram([], env);
  program.child.stdin?.write(`${modernCall("jira_get_issue", issue).body}\n`);
  await until(() => (when() ? "now" : ""), /now/);
  program.child.kill("SIGKILL");
  const { signal } = await program.ended;
  expect(signal).toBe("SIGKILL");
}

describe("a process killed in a refresh", () => {
  const asked = () => sandbox.requests.filter(({ site }) => site === "login").length > 0;

  it.each([
    ["while the issuer has not answered", { kind: "stall" } as const],
    [
      "after the issuer has rotated the token and nothing arrived",
      { kind: "close", after: true } as const,
    ],
  ])("%s, loses nothing", async (_, effect) => {
    const { env } = await signedIn(10);
    sandbox.inject({ match: "POST /oauth/token", site: "login", effect, times: 1 });
    sandbox.clearRequests();
    await killDuringCall(env, asked);
    const client = await connect(env);
    expect(await call(client, "jira_get_issue", issue)).toMatchObject({ isError: false });
  });

  it("right after the new token was used, loses nothing", async () => {
    const { env } = await signedIn(10);
    await killDuringCall(env, () => sandbox.requests.some(({ site }) => site === "gateway"));
    const before = refreshes().length;
    const client = await connect(env);
    expect(await call(client, "jira_get_issue", issue)).toMatchObject({ isError: false });
    expect(refreshes()).toHaveLength(before);
  });
});

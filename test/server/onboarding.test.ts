import {
  Client,
  type OAuthClientProvider,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from "@modelcontextprotocol/client";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as OldTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { freePort } from "../fakes/loopback.ts";
import {
  call,
  type Env,
  type HttpProgram,
  modernCall,
  type Negotiation,
  startHttpProgram,
  stop,
  until,
} from "./harness.ts";
import { LoginClient } from "./login-client.ts";
import { letIn, type Person, proxyEnv } from "./onboarding.ts";
import { freshStore } from "./stored-login.ts";

let sandbox: Sandbox;
let base: string;
let env: Env;
let server: HttpProgram;
const issue = { issue_key: "SHOP-1", fields: "summary" };

beforeAll(async () => {
  sandbox = await startSandbox();
  const port = await freePort();
  base = `http://localhost:${port}`;
  env = { ...proxyEnv(sandbox, base), ...freshStore().env, PORT: String(port) };
  server = await start();
});
afterEach(() => sandbox.clearRequests());
afterAll(async () => {
  await stop(server);
  await sandbox.close();
});

function start(): Promise<HttpProgram> {
  // The port that the environment names, not the free one that other tests ask for.
  const { PORT = "", ...rest } = env;
  return startHttpProgram(rest, ["--port", PORT]);
}

/** A client's memory between its runs, and the person at its side. */
function provider(
  person: Person = {},
): OAuthClientProvider & { readonly asked: string[]; code?: URL } {
  const kept: Record<string, unknown> = {};
  const asked: string[] = [];
  const self = {
    asked,
    redirectUrl: "http://127.0.0.1:5555/callback",
    clientMetadata: {
      client_name: "Tests",
      redirect_uris: ["http://127.0.0.1:5555/callback"],
      grant_types: ["authorization_code", "refresh_token"],
      token_endpoint_auth_method: "none",
    },
    clientInformation: () => kept["client"],
    saveClientInformation: (value: unknown) => Object.assign(kept, { client: value }),
    tokens: () => kept["tokens"],
    saveTokens: (value: unknown) => Object.assign(kept, { tokens: value }),
    codeVerifier: () => String(kept["verifier"]),
    saveCodeVerifier: (value: string) => Object.assign(kept, { verifier: value }),
    saveDiscoveryState: (value: unknown) => Object.assign(kept, { discovery: value }),
    discoveryState: () => kept["discovery"],
    async redirectToAuthorization(url: URL) {
      asked.push(url.href);
      Object.assign(self, { code: await letIn(url.href, person) });
    },
  };
  return self as unknown as OAuthClientProvider & { asked: string[]; code?: URL };
}

/** Connects with nothing but the address, as a person adds a server to their client. */
async function onboard(mode: Negotiation, auth = provider()): Promise<Client> {
  const url = new URL(`${base}/mcp`);
  for (let round = 0; round < 2; round++) {
    const client = new Client({ name: "tests", version: "1" }, { versionNegotiation: { mode } });
    const transport = new StreamableHTTPClientTransport(url, { authProvider: auth });
    try {
      await client.connect(transport);
      return client;
    } catch (error) {
      if (!(error instanceof UnauthorizedError) || auth.code === undefined) throw error;
      await transport.finishAuth(auth.code.searchParams);
    }
  }
  throw new Error("not let in");
}

describe("with nothing but the address", () => {
  it.each<Negotiation>(["auto", { pin: "2026-07-28" }, "legacy"])(
    "a current client onboards (%j), reads and writes as the person who signed in",
    async (mode) => {
      const auth = provider({ user: "ben" });
      const client = await onboard(mode, auth);
      expect((await client.listTools()).tools.length).toBeGreaterThan(10);
      sandbox.clearRequests();
      const read = await call(client, "jira_get_issue", issue);
      expect(read).toMatchObject({
        isError: false,
        text: expect.stringContaining(sandbox.urls.cloud),
      });
      const written = await call(client, "jira_add_comment", {
        issue_key: "SHOP-1",
        body: "Hello",
      });
      expect(written.isError).toBe(false);
      const seen = sandbox.requests.filter(({ site }) => site === "gateway");
      expect([...new Set(seen.map(({ user }) => user))]).toEqual(["ben"]);
      // Our own token never leaves.
      expect(JSON.stringify(sandbox.requests)).not.toContain("mcpat_");
      expect(auth.asked).toHaveLength(1);
      await client.close();
    },
  );

  it("a client of the 1.x SDK onboards", async () => {
    const auth = provider();
    const url = new URL(`${base}/mcp`);
    for (let round = 0; round < 2; round++) {
      const client = new OldClient({ name: "old", version: "1" });
      const transport = new OldTransport(url, { authProvider: auth as never });
      try {
        await client.connect(transport);
        const result = await client.callTool({ name: "jira_get_issue", arguments: issue });
        expect(JSON.stringify(result)).toContain("SHOP-1");
        await client.close();
        return;
      } catch (error) {
        if (auth.code === undefined || round > 0) throw error;
        await transport.finishAuth(auth.code.searchParams.get("code") ?? "");
      }
    }
  });

  it("goes on after a restart without asking again", async () => {
    const auth = provider();
    const before = await onboard("auto", auth);
    await before.close();
    await stop(server);
    server = await start();
    const after = await onboard("auto", auth);
    expect(await call(after, "jira_get_issue", issue)).toMatchObject({ isError: false });
    expect(auth.asked).toHaveLength(1);
    await after.close();
  });

  it("asks which site is meant where an account has several", async () => {
    const auth = provider({ sites: `${sandbox.cloudId},${sandbox.labsCloudId}` });
    const client = await onboard("auto", auth);
    expect(await call(client, "jira_get_issue", issue)).toMatchObject({ isError: false });
    await client.close();
  });
});

describe("what a person allowed", () => {
  /** An access token with these scopes alone. */
  async function tokenFor(scope: string): Promise<string> {
    const auth = provider();
    const narrow = { ...auth, clientMetadata: { ...auth.clientMetadata, scope } };
    const client = await fetch(`${base}/register`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(narrow.clientMetadata),
    }).then((answer) => answer.json() as Promise<{ client_id: string }>);
    const verifier = "v".repeat(43);
    const challenge = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
    const redirect = "http://127.0.0.1:5555/callback";
    const query = new URLSearchParams({
      response_type: "code",
      client_id: client.client_id,
      redirect_uri: redirect,
      code_challenge: Buffer.from(challenge).toString("base64url"),
      code_challenge_method: "S256",
      resource: `${base}/mcp`,
      state: "s",
      scope,
    });
    const back = await letIn(`${base}/authorize?${query}`);
    const answer = await fetch(`${base}/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "authorization_code",
        code: back.searchParams.get("code") ?? "",
        redirect_uri: redirect,
        client_id: client.client_id,
        code_verifier: verifier,
      }),
    });
    return ((await answer.json()) as { access_token: string }).access_token;
  }

  const post = (token: string, { headers, body }: ReturnType<typeof modernCall>) =>
    fetch(`${base}/mcp`, {
      method: "POST",
      headers: { ...headers, authorization: `Bearer ${token}` },
      body,
    });

  it("is enforced: reading is allowed, writing is answered by a step-up challenge", async () => {
    const token = await tokenFor("read:jira");
    expect(token).toMatch(/^mcpat_/);
    const read = await post(token, modernCall("jira_get_issue", issue));
    expect(read.status).toBe(200);
    const write = await post(
      token,
      modernCall("jira_add_comment", { issue_key: "SHOP-1", body: "x" }),
    );
    expect(write.status).toBe(403);
    const challenge = write.headers.get("www-authenticate") ?? "";
    expect(challenge).toContain('error="insufficient_scope"');
    expect(challenge).toContain('scope="read:jira write:jira"');
    expect(challenge).toContain("resource_metadata=");
    const other = await post(token, modernCall("confluence_search", { query: "x" }));
    expect(other.status).toBe(403);
  });

  it("is recorded under their account, whether they allowed it or not", async () => {
    const people: unknown[] = [];
    const params = { name: "jira_add_comment", arguments: { issue_key: "SHOP-1", body: "x" } };
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params });
    for (const scope of ["write:jira", "read:jira"]) {
      // Of an older client: the tool itself refuses.
      const headers = {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        "x-request-id": `audit-${scope}`,
      };
      await post(await tokenFor(scope), { headers, body });
      const pattern = new RegExp(`^.*write\\.audited.*audit-${scope}.*$`, "m");
      const [line] = await until(server.stderr, pattern);
      people.push(JSON.parse(line).who);
    }
    expect(people).toEqual([expect.stringMatching(/^account:/), people[0]]);
    const asked = modernCall("jira_add_comment", { issue_key: "SHOP-1", body: "x" });
    const headers = { ...asked.headers, "x-request-id": "audit-step-up" };
    expect((await post(await tokenFor("read:jira"), { ...asked, headers })).status).toBe(403);
    const [line] = await until(server.stderr, /^.*write\.audited.*audit-step-up.*$/m);
    expect(JSON.parse(line)).toMatchObject({
      who: people[0],
      tool: "jira_add_comment",
      target: "issue_key=SHOP-1",
      outcome: "scope",
    });
  });

  it("is told by the tool to clients that cannot step up", async () => {
    const token = await tokenFor("read:jira");
    const client = new Client(
      { name: "t", version: "1" },
      { versionNegotiation: { mode: "legacy" } },
    );
    await client.connect(
      new StreamableHTTPClientTransport(new URL(`${base}/mcp`), {
        requestInit: { headers: { authorization: `Bearer ${token}` } },
      }),
    );
    const write = await call(client, "jira_add_comment", { issue_key: "SHOP-1", body: "x" });
    expect(write).toMatchObject({ isError: true, text: expect.stringContaining("write:jira") });
    await client.close();
  });

  it("ends with the login at Atlassian: the next request is answered by a challenge", async () => {
    const token = await tokenFor("read:jira");
    for (const { headers } of sandbox.requests) {
      const bearer = /^Bearer (.+)$/.exec(headers["authorization"] ?? "")?.[1];
      if (bearer !== undefined) sandbox.login.revoke(bearer);
    }
    await post(token, modernCall("jira_get_issue", issue));
    const answer = await post(token, modernCall("jira_get_issue", issue));
    const text = await answer.text();
    // Either the grant is gone already, or the call itself says that the sign-in has ended.
    expect(answer.status === 401 || text.includes("auth")).toBe(true);
  });
});

describe("the site that a person chose", () => {
  const at = async (sites: string, more: Record<string, string> = {}) => {
    const client = new LoginClient(base);
    const token = (await client.login({ sites })).access_token;
    const { headers, body } = modernCall("jira_search", { jql: "project is not EMPTY", limit: 1 });
    const authorization = `Bearer ${token}`;
    sandbox.clearRequests();
    const init = { method: "POST", headers: { ...headers, authorization, ...more }, body };
    const text = await (await fetch(`${base}/mcp`, init)).text();
    const asked = sandbox.requests.map(({ url }) => url).join("\n");
    return { text, asked };
  };

  it("is the one that calls go to, whatever the address of the settings", async () => {
    const { asked } = await at(sandbox.labsCloudId);
    expect(asked).toContain(`/ex/jira/${sandbox.labsCloudId}/`);
    expect(asked).not.toContain(`/ex/jira/${sandbox.cloudId}/`);
  });

  it("cannot be replaced by a header of the client", async () => {
    const ids = [sandbox.cloudId, sandbox.labsCloudId];
    const served: string[] = [];
    for (const id of ids) {
      const { asked } = await at(ids.join(), { "X-Atlassian-Cloud-Id": id });
      served.push(...ids.filter((each) => asked.includes(`/ex/jira/${each}/rest`)));
    }
    // The person picked the first of the list both times.
    expect(served).toHaveLength(1);
  });
});

describe("what is not ours", () => {
  it.each([
    ["no token", undefined],
    ["a token that never was", "Bearer mcpat_never-was"],
  ])("%s is answered by a challenge that says where to sign in", async (_, authorization) => {
    for (const method of ["POST", "GET", "DELETE"]) {
      const answer = await fetch(`${base}/mcp`, {
        method,
        headers: authorization === undefined ? {} : { authorization },
      });
      expect([method, answer.status]).toEqual([method, 401]);
      expect(answer.headers.get("www-authenticate")).toContain(
        `resource_metadata="${base}/.well-known/oauth-protected-resource/mcp"`,
      );
      await answer.body?.cancel();
    }
  });

  it.each(["authorization", "x-atlassian-jira-authorization", "x-atlassian-jira-personal-token"])(
    "a token of ours is never sent on, in %s either",
    async (name) => {
      const token = (await new LoginClient(base).login()).access_token;
      sandbox.clearRequests();
      const value = name.endsWith("token") ? token : `Token ${token}`;
      // A header of the same name takes the place of the good one.
      for (const beside of [{}, { authorization: `Bearer ${token}` }]) {
        const { headers, body } = modernCall("jira_get_issue", issue);
        const init = { method: "POST", headers: { ...headers, ...beside, [name]: value }, body };
        expect((await fetch(`${base}/mcp`, init)).status).toBe(401);
      }
      expect(JSON.stringify(sandbox.requests)).not.toContain(token);
    },
  );

  it("a token in the address counts for nothing", async () => {
    const answer = await fetch(`${base}/mcp?access_token=mcpat_x`, { method: "POST" });
    expect(answer.status).not.toBe(200);
  });

  it("other ways to sign in go on working beside it", async () => {
    const { email, apiToken } = sandbox.users[0];
    const basic = `Basic ${Buffer.from(`${email}:${apiToken}`).toString("base64")}`;
    const { headers, body } = modernCall("jira_get_issue", issue);
    const answer = await fetch(`${base}/mcp`, {
      method: "POST",
      headers: { ...headers, authorization: basic },
      body,
    });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain("SHOP-1");
  });
});

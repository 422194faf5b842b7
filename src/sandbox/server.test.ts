import { createServer, type Server } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { basic, client, jiraClient } from "../../test/fakes/sandbox-client.ts";
import { cloudCode, cloudToken } from "../../test/fakes/sandbox-login.ts";
import { type Sandbox, startSandbox } from "./server.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.reset());
afterAll(() => sandbox.close());

const myself = "/rest/api/3/myself";

describe("sites", () => {
  it("answers anonymous requests where the sites do, and nowhere else", async () => {
    const nobody = client(sandbox.urls.cloud, {});
    expect((await nobody("GET", "/_edge/tenant_info")).body).toEqual({ cloudId: sandbox.cloudId });
    expect((await nobody("GET", "/rest/api/2/serverInfo")).body.deploymentType).toBe("Cloud");
    expect((await nobody("GET", myself)).status).toBe(401);
    const dataCenter = client(sandbox.urls.jiraDataCenter, {});
    expect((await dataCenter("GET", "/rest/api/2/serverInfo")).body.deploymentType).toBe("Server");
    expect((await dataCenter("GET", "/rest/api/2/myself")).status).toBe(401);
  });

  it("keeps Data Center under its context path", async () => {
    const [ada] = sandbox.users;
    const root = sandbox.urls.jiraDataCenter.replace("/jira", "");
    const outside = client(root, { authorization: `Bearer ${ada.personalToken}` });
    expect((await outside("GET", "/rest/api/2/myself")).status).toBe(404);
    expect((await outside("GET", "/jira/rest/api/2/myself")).status).toBe(200);
    const inside = await jiraClient(sandbox, "datacenter")("GET", "/rest/api/2/myself");
    expect(inside.body).toMatchObject({ name: "ada", key: "JIRAUSER10100" });
    expect(inside.body.self).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/jira\/rest\/api\/2\/user/);
    expect(inside.body).not.toHaveProperty("accountId");
  });

  it("serves both products on each deployment", async () => {
    const [ada] = sandbox.users;
    const cloud = client(sandbox.urls.cloud, { authorization: basic(ada.email, ada.apiToken) });
    expect((await cloud("GET", "/wiki/api/v2/spaces")).status).toBe(200);
    const wiki = client(sandbox.urls.confluenceDataCenter, {
      authorization: `Bearer ${ada.personalToken}`,
    });
    expect((await wiki("GET", "/rest/api/space")).status).toBe(200);
  });

  it("tells unknown paths from wrong methods", async () => {
    const cloud = jiraClient(sandbox, "cloud");
    expect((await cloud("GET", "/rest/api/3/nonsense")).status).toBe(404);
    const wrong = await cloud("DELETE", myself);
    expect(wrong.status).toBe(405);
    expect(wrong.headers.get("allow")).toBe("GET");
  });

  it("marks answers with a request id, and with rate limits on Cloud", async () => {
    const cloud = await jiraClient(sandbox, "cloud")("GET", myself);
    expect(cloud.headers.get("atl-traceid")).toMatch(/^[0-9a-f]{32}$/);
    expect(cloud.headers.get("x-ratelimit-remaining")).toBe("99");
    const own = await jiraClient(sandbox, "datacenter")("GET", "/rest/api/2/myself");
    expect(own.headers.get("x-arequestid")).toMatch(/^600x\d+x1$/);
    expect(own.headers.get("x-ausername")).toBe("ada");
    expect(own.headers.get("x-ratelimit-remaining")).toBeNull();
  });

  it("gives the environment that connects to each deployment", async () => {
    const cloud = sandbox.environment("cloud");
    const answer = await client(cloud["JIRA_URL"] ?? "", {
      authorization: basic(cloud["JIRA_USERNAME"] ?? "", cloud["JIRA_API_TOKEN"] ?? ""),
    })("GET", myself);
    expect(answer.status).toBe(200);
    expect(cloud["CONFLUENCE_URL"]).toBe(`${sandbox.urls.cloud}/wiki`);
    const own = sandbox.environment("datacenter");
    expect(own["JIRA_URL"]).toBe(sandbox.urls.jiraDataCenter);
    const bearer = { authorization: `Bearer ${own["JIRA_PERSONAL_TOKEN"]}` };
    expect((await client(own["JIRA_URL"] ?? "", bearer)("GET", "/rest/api/2/myself")).status).toBe(
      200,
    );
  });

  it("gives the environment of an OAuth app for each deployment", async () => {
    const cloud = sandbox.environment("cloud-oauth");
    expect(cloud).toMatchObject({
      JIRA_URL: sandbox.urls.cloud,
      ATLASSIAN_AUTH_URL: sandbox.urls.login,
      ATLASSIAN_API_URL: sandbox.urls.gateway,
      ATLASSIAN_OAUTH_REDIRECT_URI: "http://localhost:8080/callback",
    });
    const code = await cloudCode(sandbox, { scope: cloud["ATLASSIAN_OAUTH_SCOPE"] });
    const answer = await cloudToken(sandbox, {
      grant_type: "authorization_code",
      code,
      client_id: cloud["ATLASSIAN_OAUTH_CLIENT_ID"],
      client_secret: cloud["ATLASSIAN_OAUTH_CLIENT_SECRET"],
    });
    expect(answer.body.refresh_token).toEqual(expect.any(String));
    sandbox.dataCenter.jira.register({ redirectUri: "http://localhost:1/cb" });
    const own = sandbox.environment("datacenter-oauth");
    expect(own["JIRA_OAUTH_REDIRECT_URI"]).toBe("http://localhost:1/cb");
    expect(own["CONFLUENCE_OAUTH_CLIENT_ID"]).not.toBe(own["JIRA_OAUTH_CLIENT_ID"]);
    expect(own["CONFLUENCE_URL"]).toBe(sandbox.urls.confluenceDataCenter);
  });

  it("refuses bodies that are not JSON", async () => {
    const [ada] = sandbox.users;
    const send = (body: string, headers: Record<string, string>) =>
      fetch(`${sandbox.urls.cloud}/rest/api/3/issue`, {
        method: "POST",
        body,
        headers: { authorization: basic(ada.email, ada.apiToken), ...headers },
      });
    expect((await send("{", { "content-type": "application/json" })).status).toBe(400);
    expect((await send("{}", { "content-type": "text/plain" })).status).toBe(415);
    const multipart = { "content-type": "multipart/form-data; boundary=x" };
    expect(await (await send("--x--", multipart)).text()).toBe("XSRF check failed");
  });
});

describe("credentials", () => {
  it.each([
    ["a wrong API token", (login: string) => basic(login, "wrong"), 401],
    ["an unknown address", () => basic("nobody@example.com", "sandbox-api-token-ada"), 401],
    ["a Data Center password", (login: string) => basic(login, "sandbox-password-ada"), 401],
    ["a scoped token", (login: string) => basic(login, sandbox.tokens.scoped.value), 401],
    ["a bearer token", () => `Bearer ${sandbox.tokens.oauth.value}`, 403],
    ["half a header", () => "Basic", 401],
  ])("refuses %s on the Cloud site", async (_name, header, status) => {
    const [ada] = sandbox.users;
    const answer = await client(sandbox.urls.cloud, { authorization: header(ada.email) })(
      "GET",
      myself,
    );
    expect(answer.status).toBe(status);
    if (status === 403)
      expect(answer.body.error).toBe("Failed to parse Connect Session Auth Token");
  });

  it("takes passwords and personal tokens on Data Center, and says how a login failed", async () => {
    const me = (authorization: string) =>
      client(sandbox.urls.jiraDataCenter, { authorization })("GET", "/rest/api/2/myself");
    const [ada] = sandbox.users;
    expect((await me(basic(ada.name, ada.password))).status).toBe(200);
    expect((await me(basic(ada.email, ada.apiToken))).status).toBe(401);
    expect((await me("Bearer wrong")).status).toBe(401);
    const failed = await me(basic(ada.name, "wrong"));
    expect(failed.headers.get("x-seraph-loginreason")).toBe("AUTHENTICATED_FAILED");
    expect(failed.headers.get("content-type")).toContain("text/html");
  });

  it("does not let people in who have left", async () => {
    const gone = sandbox.users.findIndex(({ active }) => !active);
    expect((await jiraClient(sandbox, "cloud", gone)("GET", myself)).status).toBe(401);
    expect(
      (await jiraClient(sandbox, "datacenter", gone)("GET", "/rest/api/2/myself")).status,
    ).toBe(401);
  });
});

describe("gateway", () => {
  const jira = (authorization: string, cloudId = sandbox.cloudId) =>
    client(`${sandbox.urls.gateway}/ex/jira/${cloudId}`, { authorization });
  const oauth = () => `Bearer ${sandbox.tokens.oauth.value}`;
  const scoped = () => basic(sandbox.users[0].email, sandbox.tokens.scoped.value);

  it("takes OAuth and scoped tokens, with links on the gateway", async () => {
    const answer = await jira(oauth())("GET", myself);
    expect(answer.body.self).toMatch(new RegExp(`^${sandbox.urls.gateway}/ex/jira/`));
    expect((await jira(scoped())("GET", myself)).status).toBe(200);
  });

  it("refuses classic tokens and unknown cloud ids", async () => {
    const [ada, ben] = sandbox.users;
    expect((await jira(basic(ada.email, ada.apiToken))("GET", myself)).status).toBe(401);
    expect((await jira(basic(ben.email, sandbox.tokens.scoped.value))("GET", myself)).status).toBe(
      401,
    );
    expect(
      (await jira(oauth(), "00000000-0000-4000-8000-000000000000")("GET", myself)).status,
    ).toBe(404);
  });

  it("answers a missing scope the way it does, without naming it", async () => {
    const write = await jira(scoped())("POST", "/rest/api/3/issue", { fields: {} });
    expect(write).toMatchObject({
      status: 401,
      body: { code: 401, message: "Unauthorized; scope does not match" },
    });
    expect((await jira(scoped())("GET", "/rest/agile/1.0/board")).status).toBe(401);
    expect((await jira(oauth())("GET", "/rest/agile/1.0/board")).status).toBe(200);
  });

  it("lists the site once per product for the OAuth token", async () => {
    const list = await client(sandbox.urls.gateway, { authorization: oauth() })(
      "GET",
      "/oauth/token/accessible-resources",
    );
    expect(list.body.map((site: { id: string }) => site.id)).toEqual([
      sandbox.cloudId,
      sandbox.cloudId,
    ]);
    expect(list.body[0].url).toBe(sandbox.urls.cloud);
    const nobody = client(sandbox.urls.gateway, {});
    expect((await nobody("GET", "/oauth/token/accessible-resources")).status).toBe(401);
  });
});

describe("faults", () => {
  it("serves a canned answer as often as asked, then the real one", async () => {
    const cloud = jiraClient(sandbox, "cloud");
    const headers = { "retry-after": "7" };
    sandbox.inject({
      match: "GET /rest/api/3/my*",
      times: 2,
      effect: { kind: "answer", answer: { status: 429, headers } },
    });
    const first = await cloud("GET", myself);
    expect([first.status, first.headers.get("retry-after")]).toEqual([429, "7"]);
    expect((await cloud("GET", myself)).status).toBe(429);
    expect((await cloud("GET", myself)).status).toBe(200);
  });

  it("hits the named site and path only, dots taken as dots", async () => {
    const effect = { kind: "answer", answer: { status: 503 } } as const;
    sandbox.inject({ match: "GET /rest/api/3/m.self", effect });
    sandbox.inject({ match: "GET /rest/api/*/myself", site: "jira-data-center", effect });
    expect((await jiraClient(sandbox, "cloud")("GET", myself)).status).toBe(200);
    expect((await jiraClient(sandbox, "datacenter")("GET", "/rest/api/2/myself")).status).toBe(503);
  });

  it.each([
    ["before the operation", undefined, 0],
    ["after it was carried out", true, 1],
  ])("closes the connection %s", async (_name, after, added) => {
    const cloud = jiraClient(sandbox, "cloud");
    const total = async () =>
      (await cloud("GET", "/rest/api/3/issue/OPS-8/watchers")).body.watchCount;
    const before = await total();
    sandbox.inject({ match: "POST /rest/api/3/issue/*", effect: { kind: "close", after } });
    await expect(cloud("POST", "/rest/api/3/issue/OPS-8/watchers")).rejects.toThrow();
    expect(await total()).toBe(before + added);
  });

  it("stalls until the client gives up, and delays", async () => {
    sandbox.inject({ match: "GET *", effect: { kind: "stall" } });
    const stalled = fetch(sandbox.urls.cloud + myself, { signal: AbortSignal.timeout(50) });
    await expect(stalled).rejects.toThrow(/timeout/i);
    sandbox.inject({ match: "GET *", effect: { kind: "delay", ms: 40 } });
    const start = performance.now();
    expect((await jiraClient(sandbox, "cloud")("GET", myself)).status).toBe(200);
    expect(performance.now() - start).toBeGreaterThan(35);
  });
});

describe("a running sandbox", () => {
  it("records what reached it", async () => {
    sandbox.clearRequests();
    await jiraClient(sandbox, "cloud")("POST", "/rest/api/3/search/approximate-count", {
      jql: "key = SHOP-1",
    });
    expect(sandbox.requests).toHaveLength(1);
    expect(sandbox.requests[0]).toMatchObject({
      site: "cloud",
      method: "POST",
      url: "/rest/api/3/search/approximate-count",
      body: '{"jql":"key = SHOP-1"}',
      status: 200,
      user: "ada",
    });
  });

  it("forgets changes and faults on reset, and keeps the deployments apart", async () => {
    const summary = async (deployment: "cloud" | "datacenter") =>
      (await jiraClient(sandbox, deployment)("GET", "/rest/api/2/issue/SHOP-1?fields=summary")).body
        .fields.summary;
    const before = await summary("cloud");
    await jiraClient(sandbox, "cloud")("PUT", "/rest/api/3/issue/SHOP-1", {
      fields: { summary: "New" },
    });
    expect([await summary("cloud"), await summary("datacenter")]).toEqual(["New", before]);
    sandbox.inject({ match: "GET *", effect: { kind: "stall" } });
    sandbox.reset();
    expect(await summary("cloud")).toBe(before);
  });

  it("dates what it holds by its start, whenever a site is first asked", async () => {
    let now = new Date("2026-05-04T12:00:00Z");
    const other = await startSandbox({ now: () => now });
    onTestFinished(() => other.close());
    now = new Date("2026-07-01T12:00:00Z");
    for (const deployment of ["cloud", "datacenter"] as const) {
      const { body } = await jiraClient(other, deployment)("GET", "/rest/api/2/issue/SHOP-1");
      expect(Date.parse(body.fields.created)).toBeLessThan(Date.parse("2026-05-04"));
      await jiraClient(other, deployment)("PUT", "/rest/api/2/issue/SHOP-1", {
        fields: { summary: "New" },
      });
      const changed = await jiraClient(other, deployment)("GET", "/rest/api/2/issue/SHOP-1");
      expect(changed.body.fields.updated).toMatch(/^2026-07-01/);
    }
  });

  it("uses the ports it is given, and frees all of them when one is taken", async () => {
    const { base, blocker } = await blockedPorts();
    await expect(startSandbox({ ports: { base } })).rejects.toMatchObject({ code: "EADDRINUSE" });
    await new Promise((resolve) => blocker.close(resolve));
    // A process that somebody starts at this moment holds all sockets for an instant.
    const second = await vi.waitFor(() => startSandbox({ ports: { base }, latencyMs: 20 }), 10_000);
    expect(second.urls.jiraDataCenter).toBe(`http://127.0.0.1:${base + 1}/jira`);
    expect(second.urls.cloudLabs).toBe(`http://127.0.0.1:${base + 5}`);
    const start = performance.now();
    await client(second.urls.cloud, {})("GET", "/_edge/tenant_info");
    expect(performance.now() - start).toBeGreaterThan(15);
    await second.close();
    await expect(fetch(second.urls.cloud)).rejects.toThrow();
  });
});

/** A server on the second of some ports in a row. Below the range from which systems hand out free ports to others. */
async function blockedPorts(): Promise<{ base: number; blocker: Server }> {
  for (;;) {
    const base = 12_000 + Math.floor(Math.random() * 18_000);
    const blocker = createServer();
    const isListening = await new Promise<boolean>((resolve) => {
      blocker.once("error", () => resolve(false));
      blocker.listen(base + 1, "127.0.0.1", () => resolve(true));
    });
    if (isListening) return { base, blocker };
  }
}

import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { clientCertificate, clientKey } from "../../src/sandbox/tls/client-certificates.ts";
import { authority } from "../../src/sandbox/tls/server-certificates.ts";
import { sendJson, startServer } from "../fakes/loopback.ts";
import { startConnectProxy } from "../fakes/proxies.ts";
import {
  basic,
  call,
  connectHttp,
  type Env,
  type HttpProgram,
  startHttpProgram,
  stop,
} from "./harness.ts";
import { connectLocally, runLocally, serveLocally } from "./local-program.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ tls: true });
});
afterAll(() => sandbox.close());

const issue = { issue_key: "SHOP-1", fields: "summary" };

/** A server with the operator's own credentials for everything, which serve whoever sends none. */
function serve(env: Env, args: readonly string[] = []) {
  return serveLocally({ ATLASSIAN_RETRY_TOTAL: "0", ...env }, args);
}

async function ask(url: string, headers: Env, tool = "jira_get_issue", args: object = issue) {
  const client = await connectHttp(url, undefined, { headers });
  const answer = await call(client, tool, args);
  await client.close();
  return answer;
}

/** Nobody but these has reached any site. */
function seenUsers(): (string | undefined)[] {
  return [...new Set(sandbox.requests.map(({ user }) => user).filter(Boolean))];
}

describe("identity", () => {
  it("fallback escalation over the event stream: a caller's own token is never traded for the operator's", async () => {
    const { url } = await serve(
      { ...sandbox.environment("cloud"), ALLOW_GLOBAL_CRED_FALLBACK: "true" },
      ["--transport", "sse"],
    );
    const open = new AbortController();
    onTestFinished(() => open.abort());
    const headers = { authorization: basic("eve@example.com", "wrong") };
    const stream = await fetch(new URL("/sse", url), { headers, signal: open.signal });
    const reader = stream.body?.getReader();
    const decoder = new TextDecoder();
    const path = /data: (\S+)/.exec(decoder.decode((await reader?.read())?.value))?.[1] ?? "";
    sandbox.clearRequests();
    const send = (message: object) =>
      fetch(new URL(path, url), {
        method: "POST",
        headers: { ...headers, "content-type": "application/json" },
        body: JSON.stringify({ jsonrpc: "2.0", ...message }),
      });
    const version = { protocolVersion: "2024-11-05", capabilities: {} };
    const clientInfo = { name: "t", version: "1" };
    await send({ id: 1, method: "initialize", params: { ...version, clientInfo } });
    await reader?.read();
    await send({
      id: 2,
      method: "tools/call",
      params: { name: "jira_get_issue", arguments: issue },
    });
    expect(decoder.decode((await reader?.read())?.value)).toContain("Error (auth)");
    expect(seenUsers()).toEqual([]);
  });

  it("identity mixing: a caller known for one product does not become the operator for the other", async () => {
    const { url } = await serve({
      ...sandbox.environment("datacenter"),
      ALLOW_GLOBAL_CRED_FALLBACK: "true",
    });
    sandbox.clearRequests();
    const headers = {
      "X-Atlassian-Jira-Authorization": `Bearer ${sandbox.users[1].personalToken}`,
    };
    expect((await ask(url, headers)).isError).toBe(false);
    const other = await ask(url, headers, "confluence_search", { query: "type = page" });
    expect(other).toMatchObject({ isError: true, text: expect.stringMatching(/^Error \(auth\)/) });
    expect(seenUsers()).toEqual(["ben"]);
  });

  it("identity mixing by a gateway's cookie: it is not sent with the operator's credentials", async () => {
    const { url } = await serve({
      ...sandbox.environment("datacenter"),
      ALLOW_GLOBAL_CRED_FALLBACK: "true",
      JIRA_PASSTHROUGH_HEADERS: "Cookie",
    });
    sandbox.clearRequests();
    expect((await ask(url, { Cookie: "JSESSIONID=of-eve" })).isError).toBe(true);
    expect(seenUsers()).toEqual([]);
    expect((await ask(url, {})).isError).toBe(false);
  });

  it("secret replay at another host: one Authorization for two hosts reaches neither", async () => {
    const { JIRA_URL, CONFLUENCE_URL, JIRA_DEPLOYMENT, CONFLUENCE_DEPLOYMENT } =
      sandbox.environment("datacenter") as Record<string, string>;
    const { url } = await serve({
      JIRA_URL,
      CONFLUENCE_URL,
      JIRA_DEPLOYMENT,
      CONFLUENCE_DEPLOYMENT,
    } as Env);
    sandbox.clearRequests();
    const answer = await ask(url, { Authorization: `Bearer ${sandbox.users[0].personalToken}` });
    expect(answer.text).toContain("X-Atlassian-Jira-Authorization");
    expect(sandbox.requests).toEqual([]);
  });

  it("certificate loan: a caller's request does not show the operator's certificate", async () => {
    const folder = mkdtempSync(join(tmpdir(), "mcp-atlassian-loan-"));
    const file = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const { url } = await serve({
      JIRA_URL: sandbox.tlsUrls?.jira ?? "",
      JIRA_DEPLOYMENT: "datacenter",
      ATLASSIAN_CA_BUNDLE: file("ca.pem", authority),
      JIRA_CLIENT_CERT: file("client.pem", `${clientCertificate}${clientKey}`),
      ALLOW_GLOBAL_CRED_FALLBACK: "true",
    });
    sandbox.clearRequests();
    expect((await ask(url, {})).isError).toBe(false);
    expect(seenUsers()).toEqual(["ada"]);
    sandbox.clearRequests();
    const loan = await ask(url, { Authorization: `Bearer ${sandbox.users[1].personalToken}` });
    expect(loan.isError).toBe(true);
    expect(sandbox.requests).toEqual([]);
  });

  it("session theft: a foreign credential neither reads nor ends anything on the endpoint", async () => {
    const { url } = await serve(sandbox.environment("cloud"));
    for (const method of ["GET", "DELETE", "POST"]) {
      const answer = await fetch(url, { method, headers: { "mcp-session-id": "of-somebody" } });
      expect(answer.status).toBe(401);
      expect(answer.headers.get("www-authenticate")).toContain("Bearer");
      await answer.body?.cancel();
    }
  });
});

describe("targets", () => {
  it("gateway traversal: a cloud id that is no UUID is refused before anything is sent", async () => {
    const { url } = await serve({
      ATLASSIAN_OAUTH_ENABLE: "true",
      ATLASSIAN_API_URL: sandbox.urls.gateway,
    });
    sandbox.clearRequests();
    for (const id of [
      "x/../../../y",
      `${sandbox.cloudId}/../..`,
      "%2e%2e",
      sandbox.cloudId.slice(1),
    ]) {
      const answer = await fetch(url, {
        method: "POST",
        headers: { authorization: "Bearer t", "x-atlassian-cloud-id": id },
      });
      expect([id, answer.status]).toEqual([id, 400]);
      expect(await answer.text()).toContain("X-Atlassian-Cloud-Id");
    }
    expect(sandbox.requests).toEqual([]);
  });

  let listing: HttpProgram;
  beforeAll(async () => {
    listing = await startHttpProgram({ MCP_ALLOWED_URL_DOMAINS: "example.com" });
  });
  afterAll(() => stop(listing));

  it.each([
    ["plain http", "http://jira.example.com"],
    ["the metadata service", "https://169.254.169.254/latest"],
    ["loopback", "https://127.0.0.1"],
    ["loopback in one number", "https://2130706433"],
    ["loopback in hexadecimal", "https://0x7f.1"],
    ["loopback mapped into IPv6", "https://[::ffff:127.0.0.1]"],
    ["localhost", "https://localhost"],
    ["a private network", "https://10.0.0.1"],
    ["user information", "https://jira.example.com@evil.example"],
    ["a backslash", "https://jira.example.com\\@evil.example"],
    ["a host that is not listed", "https://evil.example"],
    ["a host that ends alike", "https://notexample.com"],
  ])("request forgery by URL header: %s is refused", async (_, target) => {
    const answer = await fetch(listing.url, {
      method: "POST",
      headers: {
        "x-atlassian-jira-url": target,
        "x-atlassian-jira-personal-token": "secret-of-caller",
      },
    });
    expect([400, 403]).toContain(answer.status);
    const text = await answer.text();
    expect(text).toContain("X-Atlassian-Jira-Url");
    expect(text).not.toContain("secret-of-caller");
  });

  it("request forgery without a list: no address can be chosen at all", async () => {
    const { url } = await serve(sandbox.environment("cloud"));
    const answer = await fetch(url, {
      method: "POST",
      headers: {
        "x-atlassian-jira-url": "https://example.com",
        "x-atlassian-jira-personal-token": "t",
      },
    });
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain("MCP_ALLOWED_URL_DOMAINS");
  });

  it("rebinding through a proxy: a chosen address is never handed to a proxy to resolve", async () => {
    const proxy = await startConnectProxy();
    const { url } = await serve({
      MCP_ALLOWED_URL_DOMAINS: "127.0.0.0/8",
      HTTP_PROXY: `http://127.0.0.1:${proxy.port}`,
      HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`,
    });
    const answer = await ask(url, {
      "X-Atlassian-Jira-Url": sandbox.urls.jiraDataCenter,
      "X-Atlassian-Jira-Personal-Token": sandbox.users[0].personalToken,
    });
    expect(answer.isError).toBe(false);
    expect(proxy.tunnels).toEqual([]);
  });

  it("header smuggling to a chosen host: neither passed-on nor custom headers go there", async () => {
    const site = await startServer((_, response) =>
      sendJson(response, { deploymentType: "Server" }),
    );
    const { url } = await serve({
      ...sandbox.environment("datacenter"),
      MCP_ALLOWED_URL_DOMAINS: "127.0.0.0/8",
      JIRA_PASSTHROUGH_HEADERS: "Cookie,X-Forwarded-User",
      JIRA_CUSTOM_HEADERS: "X-Gateway-Secret=internal",
    });
    await ask(url, {
      "X-Atlassian-Jira-Url": site.url.href,
      "X-Atlassian-Jira-Personal-Token": "of-caller",
      Cookie: "SSO=of-caller",
      "X-Forwarded-User": "caller",
    });
    expect(site.seen.length).toBeGreaterThan(0);
    for (const { headers } of site.seen) {
      expect(headers).not.toHaveProperty("cookie");
      expect(headers).not.toHaveProperty("x-forwarded-user");
      expect(headers).not.toHaveProperty("x-gateway-secret");
    }
  });

  it("credential carried by a redirect: nothing follows to another origin", async () => {
    const thief = await startServer((_, response) => sendJson(response, {}));
    const site = await startServer((_, response) => {
      response.writeHead(302, { location: new URL("/stolen", thief.url).href }).end();
    });
    const client = await connectLocally({
      JIRA_URL: site.url.href,
      JIRA_DEPLOYMENT: "datacenter",
      JIRA_PERSONAL_TOKEN: "secret-of-operator",
      JIRA_CUSTOM_HEADERS: "X-Gateway-Secret=internal",
    });
    const answer = await call(client, "jira_get_issue", issue);
    await client.close();
    expect(answer.isError).toBe(true);
    expect(site.seen.length).toBeGreaterThan(0);
    expect(thief.seen).toEqual([]);
  });
});

describe("set-up", () => {
  const refused = async (env: Env, args: readonly string[] = []) => {
    const program = runLocally(args, env);
    const { code } = await program.ended;
    return { code, text: program.stderr() };
  };

  it("a security switch that cannot be read ends the start", async () => {
    const { code, text } = await refused({
      ...sandbox.environment("cloud"),
      ATLASSIAN_OAUTH_REQUIRE_CONSENT: "onn",
      IGNORE_HEADER_AUTH: "maybe",
    });
    expect(code).toBe(2);
    expect(text).toContain("ATLASSIAN_OAUTH_REQUIRE_CONSENT");
    expect(text).toContain("IGNORE_HEADER_AUTH");
  });

  it("credentials in an address are refused and not shown", async () => {
    const { code, text } = await refused({ JIRA_URL: "https://ann:s3cret-pw@jira.example.com" });
    expect(code).toBe(2);
    expect(text).toContain("JIRA_URL");
    expect(text).not.toContain("s3cret-pw");
  });

  it("a secret on the command line works, with a warning that does not repeat it", async () => {
    const { JIRA_API_TOKEN: secret = "", ...env } = sandbox.environment("cloud");
    const program = runLocally(["--jira-token", secret], env);
    program.stdin.end();
    await program.ended;
    expect(program.stderr()).toContain("--jira-token shows its value");
    expect(program.stderr()).not.toContain(secret);
  });

  it("a proxy exemption of one product does not hold for the other", async () => {
    const proxy = await startConnectProxy();
    const client = await connectLocally({
      ...sandbox.environment("datacenter"),
      HTTP_PROXY: `http://127.0.0.1:${proxy.port}`,
      JIRA_NO_PROXY: "127.0.0.1",
    });
    expect((await call(client, "jira_get_issue", issue)).isError).toBe(false);
    expect(proxy.tunnels).toEqual([]);
    const page = await call(client, "confluence_search", { query: "type = page", limit: 1 });
    expect(page.isError).toBe(false);
    expect(proxy.tunnels).toEqual([new URL(sandbox.urls.confluenceDataCenter).host]);
    await client.close();
  });
});

describe("what is written", () => {
  it("no part of a secret shows in logs at any level, nor in any answer", async () => {
    const secrets = [
      sandbox.users[0].apiToken,
      sandbox.users[1].apiToken,
      sandbox.tokens.oauth.value,
      sandbox.login.app.clientSecret,
      "passphrase-of-store",
      "header-of-operator",
    ];
    const server = await serve(
      {
        ...sandbox.environment("cloud"),
        ATLASSIAN_OAUTH_CLIENT_ID: sandbox.login.app.clientId,
        ATLASSIAN_OAUTH_CLIENT_SECRET: sandbox.login.app.clientSecret,
        ATLASSIAN_AUTH_URL: sandbox.urls.login,
        ATLASSIAN_STORE_URL: "memory:",
        ATLASSIAN_STORE_KEY: "passphrase-of-store",
        JIRA_CUSTOM_HEADERS: "X-Team-Token=header-of-operator",
      },
      ["-vv"],
    );
    const answers: string[] = [];
    const { email } = sandbox.users[1];
    for (const authorization of [
      basic(sandbox.users[0].email, sandbox.users[0].apiToken),
      basic(email, sandbox.users[1].apiToken),
      basic(email, `${sandbox.users[1].apiToken}x`),
      `Bearer ${sandbox.tokens.oauth.value}`,
      `Bearer ${sandbox.tokens.oauth.value}x`,
      `Bearer ${sandbox.tokens.oauth.value} and more`,
    ]) {
      const response = await fetch(server.url, { method: "POST", headers: { authorization } });
      answers.push(await response.text());
      if (response.status === 401) continue;
      answers.push((await ask(server.url, { authorization })).text);
    }
    const output = `${server.stderr()}${server.stdout()}${answers.join("\n")}`;
    expect(server.stderr()).toContain("request.sent");
    const encoded = secrets.map((secret) => Buffer.from(secret).toString("base64"));
    for (const secret of [...secrets, ...encoded]) {
      // Not even a recognisable part of it.
      expect(output).not.toContain(secret.slice(4, 16));
    }
  });
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newGrant } from "../../src/auth/oauth/grant.ts";
import { openGrantStore } from "../../src/auth/oauth/grant-store.ts";
import type { Finding, Report } from "../../src/commands/doctor/report.ts";
import { silentLogger } from "../../src/log.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import {
  clientCertificate,
  encryptedClientKey,
  passphrase,
} from "../../src/sandbox/tls/client-certificates.ts";
import { authority } from "../../src/sandbox/tls/server-certificates.ts";
import { openStore } from "../../src/store/open.ts";
import {
  type Answerer,
  listenUntilTestEnds,
  sendJson,
  startServer,
  tlsFile,
  tlsServer,
} from "../fakes/loopback.ts";
import { startConnectProxy } from "../fakes/proxies.ts";
import { type Env, startProgram } from "./harness.ts";

let sandbox: Sandbox;
/** Home, working directory and store of the runs. */
let folder: string;

beforeAll(async () => {
  sandbox = await startSandbox({ tls: true });
  folder = mkdtempSync(join(tmpdir(), "mcp-atlassian-doctor-"));
});
beforeEach(() => sandbox.reset());
afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Everything that was printed, and every secret that the runs were given. */
const printed: string[] = [];
const secrets = new Set<string>();

interface Diagnosis {
  readonly code: number | null;
  readonly text: string;
  readonly report: Report & { readonly exit_code: number };
  /** The first finding of a check; of a section where one is named. */
  find(check: string, section?: string): Finding;
}

async function run(env: Env, args: readonly string[]) {
  const program = startProgram(["doctor", ...args], { HOME: folder, ...env }, folder);
  program.child.stdin?.end();
  const { code } = await program.ended;
  printed.push(program.stdout(), program.stderr());
  return { code, stdout: program.stdout(), stderr: program.stderr() };
}

/** Runs the doctor for people and for programs. */
async function doctor(env: Env): Promise<Diagnosis> {
  rememberSecrets(env);
  const [people, programs] = await Promise.all([run(env, []), run(env, ["--json"])]);
  expect(people.code).toBe(programs.code);
  const report = JSON.parse(programs.stdout) as Diagnosis["report"];
  expect(report.exit_code).toBe(programs.code);
  return {
    code: people.code,
    text: people.stdout,
    report,
    find(check, section) {
      const found = report.sections
        .filter(({ title }) => section === undefined || title.startsWith(section))
        .flatMap(({ findings }) => findings)
        .find((finding) => finding.check === check);
      if (found === undefined) throw new Error(`no ${check} in:\n${people.stdout}`);
      return found;
    },
  };
}

function rememberSecrets(env: Env): void {
  for (const [name, value] of Object.entries(env)) {
    if (!/TOKEN|SECRET|PASSWORD|STORE_KEY/.test(name) || name.endsWith("_FILE")) continue;
    secrets.add(value);
    const user = env[name.replace("API_TOKEN", "USERNAME")];
    secrets.add(Buffer.from(`${user}:${value}`).toString("base64"));
  }
}

const outcomesOf = ({ report }: Diagnosis) =>
  report.sections.flatMap(({ findings }) => findings.map(({ outcome }) => outcome));

const dataCenter = (url: string | URL, more: Env = {}): Env => ({
  JIRA_URL: String(url).replace(/\/$/, ""),
  JIRA_PERSONAL_TOKEN: "a-pat-that-nobody-may-see",
  JIRA_DEPLOYMENT: "datacenter",
  ...more,
});

/** A Jira of Data Center, as far as the doctor asks. */
const asJira =
  (headers: Readonly<Record<string, string>> = {}): Answerer =>
  ({ url }, response) => {
    const answers: Readonly<Record<string, unknown>> = {
      "/rest/api/2/serverInfo": { version: "10.3.1", deploymentType: "Server" },
      "/rest/api/2/myself": { name: "ann", displayName: "Ann Example" },
      "/rest/pat/latest/tokens": [],
    };
    sendJson(response, answers[url] ?? {}, url in answers ? 200 : 404, headers);
  };

describe("where everything is in order", () => {
  it.each(["cloud", "datacenter"] as const)("says so: %s", async (kind) => {
    const all = await doctor(sandbox.environment(kind));
    expect(new Set(outcomesOf(all))).toEqual(new Set(["ok"]));
    expect(all.code).toBe(0);
    expect(all.find("account", "Jira").text).toContain("Ada Moreno");
    expect(all.find("account", "Confluence").text).toContain("the site");
    expect(all.text).toMatch(/Everything is in order\.\n$/);
  });

  it("tells people what programs get, with a line for each check", async () => {
    const { text } = await doctor(sandbox.environment("datacenter"));
    const jira = /\nJira\n([\s\S]*?)\n\n/.exec(text.replace(/\d+ ms/g, "N ms"))?.[1];
    const base = sandbox.urls.jiraDataCenter;
    const { host } = new URL(base);
    expect(jira?.split("\n")).toEqual([
      `  ok       Address: ${base}`,
      `  ok       Proxy: none; ${host} is reached directly`,
      "  ok       Connection: answers after N ms",
      "  ok       Deployment: Data Center, as JIRA_DEPLOYMENT says, version 10.3.24, build 10030024",
      "  ok       Sign-in: by a personal access token (JIRA_PERSONAL_TOKEN from environment)",
      "  ok       Account: Ada Moreno (user ada, ada@harbourpine.example), accepted by the site",
      "  ok       Token: none of this user's personal access tokens expires",
      "  ok       Latency: N ms (median of 3 requests)",
      "  ok       Clock: agrees with the site's to within a minute",
    ]);
  });

  it("finds the gateway for a token with scopes, and says so", async () => {
    const { value } = sandbox.tokens.scoped;
    const env = sandbox.environment("cloud");
    const all = await doctor({ ...env, JIRA_API_TOKEN: value });
    expect(all.find("account", "Jira").text).toContain("accepted by Atlassian's gateway");
    expect(all.find("account", "Confluence").text).toContain("accepted by the site");
    expect(all.find("cloud_id", "Jira").text).toBe(sandbox.cloudId);
  });

  it("shows a client certificate and the TLS connection that takes it", async () => {
    const file = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const all = await doctor({
      JIRA_URL: sandbox.tlsUrls?.jira ?? "",
      JIRA_DEPLOYMENT: "datacenter",
      JIRA_CLIENT_CERT: file("client.pem", clientCertificate),
      JIRA_CLIENT_KEY: file("client.key", encryptedClientKey),
      JIRA_CLIENT_KEY_PASSWORD: passphrase,
      ATLASSIAN_CA_BUNDLE: file("ca.pem", authority),
    });
    expect(new Set(outcomesOf(all))).toEqual(new Set(["ok"]));
    expect(all.find("client_certificate").text).toMatch(/CN=ada, .*to 2074-01-01/);
    expect(all.find("connection", "Jira").text).toMatch(/certificate of localhost.*2074-01-01/);
    expect(all.find("sign_in").text).toContain("by a client certificate");
    expect(all.find("account").text).toContain("Ada Moreno");
  });
});

describe("what fails", () => {
  it("is a token that is wrong", async () => {
    const env = { ...sandbox.environment("cloud"), JIRA_API_TOKEN: "wrong-token-value" };
    const all = await doctor(env);
    expect(all.find("account", "Jira")).toMatchObject({ outcome: "problem", code: "auth" });
    expect(all.find("account", "Confluence").outcome).toBe("ok");
    expect(all.code).toBe(1);
    expect(all.text).toMatch(/PROBLEM {2}Account: .*\n {11}What to do: .*JIRA_API_TOKEN/);
  });

  it("is a token that has expired", async () => {
    const { accessToken } = sandbox.login.issue();
    sandbox.login.expire(accessToken);
    const { cloud, gateway } = sandbox.urls;
    const all = await doctor({
      JIRA_URL: cloud,
      JIRA_DEPLOYMENT: "cloud",
      JIRA_OAUTH_ACCESS_TOKEN: accessToken,
      ATLASSIAN_API_URL: gateway,
    });
    expect(all.find("account", "Jira")).toMatchObject({ outcome: "problem", code: "auth" });
    expect(all.code).toBe(1);
  });

  it.each([
    ["an authority that nobody trusts", "site.pem", {}],
    [
      "a certificate for another host",
      "other-host.pem",
      { ATLASSIAN_CA_BUNDLE: tlsFile("ca.pem") },
    ],
    ["a certificate that has expired", "expired.pem", { ATLASSIAN_CA_BUNDLE: tlsFile("ca.pem") }],
  ])("is %s", async (_, file, more) => {
    const { url, seen } = await startServer(asJira(), tlsServer(file));
    const all = await doctor(dataCenter(url, more));
    expect(all.find("connection")).toMatchObject({ outcome: "problem", code: "network" });
    expect(all.find("rest").outcome).toBe("skipped");
    expect(seen).toEqual([]);
    expect(all.code).toBe(1);
  });

  it("is not the same certificate with its authority", async () => {
    const { url } = await startServer(asJira(), tlsServer("site.pem"));
    const all = await doctor(dataCenter(url, { ATLASSIAN_CA_BUNDLE: tlsFile("ca.pem") }));
    expect(all.find("connection").text).toMatch(/TLSv1\.3, certificate of localhost by .*2126/);
    expect(all.code).toBe(0);
  });

  it("is a closed port", async () => {
    const server = createTcpServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, "127.0.0.1", () => {
        const address = server.address();
        const found = typeof address === "object" ? (address?.port ?? 0) : 0;
        server.close(() => resolve(found));
      });
    });
    const all = await doctor(dataCenter(`http://127.0.0.1:${port}`));
    expect(all.find("connection")).toMatchObject({ outcome: "problem", code: "network" });
    expect(all.find("connection").remedy).toContain("JIRA_URL");
  });

  it("is a site that accepts and never answers", async () => {
    const port = await listenUntilTestEnds(createTcpServer());
    const all = await doctor(dataCenter(`http://127.0.0.1:${port}`, { JIRA_TIMEOUT: "1" }));
    expect(all.find("connection")).toMatchObject({ outcome: "problem", code: "timeout" });
  });

  it("is a page for people where the API should be", async () => {
    const page = (response: ServerResponse) => {
      response.writeHead(200, { "content-type": "text/html" });
      response.end("<html><title>Log in</title><input type=password></html>");
    };
    const { url } = await startServer((_, response) => page(response));
    const all = await doctor(dataCenter(url));
    expect(all.find("connection")).toMatchObject({ outcome: "problem", code: "auth" });
  });

  it("is an address without the context path", async () => {
    const all = await doctor(dataCenter(new URL(sandbox.urls.jiraDataCenter).origin));
    expect(all.find("connection").outcome).toBe("problem");
    expect(all.find("connection").remedy).toContain("JIRA_URL");
  });

  it.each([
    [120_000, "warning", 0],
    [-900_000, "problem", 1],
  ])("is a clock that is off by %i ms: %s", async (offMs, outcome, code) => {
    const date = new Date(Date.now() + offMs).toUTCString();
    const { url } = await startServer(asJira({ date }));
    const all = await doctor(dataCenter(url));
    expect(all.find("clock").outcome).toBe(outcome);
    expect(all.code).toBe(code);
  });

  it("is a personal access token for a site that turns out to be Cloud", async () => {
    const env = { JIRA_URL: sandbox.urls.cloud, JIRA_PERSONAL_TOKEN: "a-pat-for-the-wrong-site" };
    const all = await doctor(env);
    expect(all.find("deployment")).toMatchObject({ outcome: "problem", code: "auth" });
    expect(all.code).toBe(1);
  });

  it("is a deployment that the site contradicts", async () => {
    const { url } = await startServer(asJira());
    const env = { JIRA_USERNAME: "ann@example.com", JIRA_API_TOKEN: "token-of-ann" };
    const all = await doctor({ JIRA_URL: url.href, JIRA_DEPLOYMENT: "cloud", ...env });
    expect(all.find("deployment")).toMatchObject({ outcome: "problem" });
  });
});

describe("settings", () => {
  const secret = "a-token-in-wrong-settings";

  it.each([
    ["a misspelt value", { READ_ONLY_MODE: "flase" }, "READ_ONLY_MODE"],
    ["a personal access token for Cloud", { JIRA_PERSONAL_TOKEN: secret }, "JIRA_PERSONAL_TOKEN"],
    ["a toolset that does not exist", { TOOLSETS: "jira_isues" }, "TOOLSETS"],
  ])("are wrong with %s: nothing else is looked at", async (_, more, setting) => {
    const own = { JIRA_USERNAME: "ann@example.com", JIRA_API_TOKEN: secret };
    const all = await doctor({ JIRA_URL: "https://acme.atlassian.net", ...own, ...more });
    expect(all.code).toBe(2);
    expect(all.find("settings")).toMatchObject({ outcome: "problem", setting });
    expect(all.find("rest").outcome).toBe("skipped");
  });

  it("with a misspelt name are worth a warning", async () => {
    const { url } = await startServer(asJira());
    const all = await doctor(dataCenter(url, { JIRA_PAT: secret }));
    const warnings = all.report.sections[0]?.findings.filter((each) => each.outcome === "warning");
    expect(warnings?.map((each) => each.setting)).toEqual(["JIRA_PAT"]);
  });

  it("of a server that anybody can reach say who may do what", async () => {
    const { url } = await startServer(asJira());
    const all = await doctor(
      dataCenter(url, {
        TRANSPORT: "streamable-http",
        HOST: "0.0.0.0",
        ALLOW_GLOBAL_CRED_FALLBACK: "true",
      }),
    );
    expect(all.find("exposure").outcome).toBe("warning");
    expect(all.find("host_header").outcome).toBe("warning");
    expect(all.code).toBe(0);
  });

  it("may leave the credentials to callers", async () => {
    const { url } = await startServer(asJira());
    const env = { JIRA_URL: url.href, JIRA_DEPLOYMENT: "datacenter" };
    const all = await doctor({ ...env, TRANSPORT: "streamable-http" });
    expect(all.find("sign_in")).toMatchObject({ outcome: "ok" });
    expect(all.find("deployment").text).toContain("10.3.1");
    expect(all.code).toBe(0);
  });

  it("of a proxy are shown without its password", async () => {
    const { port } = await startConnectProxy();
    const { url } = await startServer(asJira());
    secrets.add("pr0xy-passw0rd");
    const proxy = `http://ann:pr0xy-passw0rd@127.0.0.1:${port}`;
    const all = await doctor(dataCenter(url, { HTTP_PROXY: proxy }));
    expect(all.find("proxy").text).toContain(`127.0.0.1:${port} (HTTP_PROXY)`);
    const direct = await doctor(dataCenter(url, { HTTP_PROXY: proxy, NO_PROXY: "127.0.0.1" }));
    expect(direct.find("proxy").text).toContain("NO_PROXY exempts");
  });
});

describe("OAuth", () => {
  /** The environment of the sandbox's app with a login of these scopes in the store. */
  async function signedIn(scopes?: readonly string[]): Promise<Env> {
    const place = pathToFileURL(mkdtempSync(join(folder, "store-")));
    const key = "a-store-key-that-nobody-may-see";
    const store = openStore({ url: place, keys: [key], defaultFolder: "" });
    const { clientId, clientSecret } = sandbox.login.app;
    const issuer = {
      kind: "cloud",
      authUrl: new URL(sandbox.urls.login),
      apiUrl: new URL(sandbox.urls.gateway),
    } as const;
    const app = { issuer, clientId, clientSecret, scopes: [] };
    const issued = sandbox.login.issue(scopes && { scopes });
    const { accessToken, refreshToken } = issued;
    secrets.add(accessToken).add(refreshToken ?? accessToken);
    const tokens = { accessToken, refreshToken, scopes: issued.scopes, expiresInS: 3600 };
    const grant = newGrant(tokens, Date.now());
    await openGrantStore({ app, store, log: silentLogger }).save(grant);
    await store.close();
    const env = sandbox.environment("cloud-oauth");
    return { ...env, ATLASSIAN_STORE_URL: place.href, ATLASSIAN_STORE_KEY: key };
  }

  it("says what to run where nobody has signed in", async () => {
    const all = await doctor(sandbox.environment("cloud-oauth"));
    expect(all.find("login", "Jira")).toMatchObject({ outcome: "problem" });
    expect(all.find("login", "Jira").remedy).toContain("auth login");
    expect(all.code).toBe(1);
  });

  it("tells who is signed in, until when, through the gateway, and where tokens are kept", async () => {
    const all = await doctor(await signedIn());
    expect(all.find("login", "Jira").outcome).toBe("ok");
    expect(all.find("account", "Jira").text).toContain("accepted by Atlassian's gateway");
    expect(all.find("gateway", "Confluence").outcome).toBe("ok");
    expect(all.find("store_key").text).toBe("ATLASSIAN_STORE_KEY");
    expect(all.code).toBe(0);
  });

  it("names the scopes that tools lack", async () => {
    const scopes = ["offline_access", "read:me", "read:jira-work", "read:jira-user"];
    const all = await doctor(await signedIn(scopes));
    expect(all.find("scopes", "Jira")).toMatchObject({ outcome: "warning" });
    expect(all.find("scopes", "Jira").details?.join("\n")).toMatch(
      /write:jira-work: .*jira_create_issue/,
    );
  });
});

it("never shows a secret", () => {
  expect(secrets.size).toBeGreaterThan(20);
  expect(printed.length).toBeGreaterThan(80);
  const shown = [...secrets].filter((secret) => printed.some((text) => text.includes(secret)));
  expect(shown).toEqual([]);
});

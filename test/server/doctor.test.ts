import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newGrant } from "../../src/auth/oauth/grant.ts";
import { openGrantStore } from "../../src/auth/oauth/grant-store.ts";
import type { Issuer } from "../../src/auth/oauth/types.ts";
import type { Finding, Report } from "../../src/commands/doctor/report.ts";
import { silentLogger } from "../../src/log.ts";
import type { OAuthControl } from "../../src/sandbox/login/control.ts";
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
  freePort,
  listenUntilTestEnds,
  sendJson,
  startServer,
  tlsFile,
  tlsServer,
} from "../fakes/loopback.ts";
import { startConnectProxy } from "../fakes/proxies.ts";
import { newStoreKey } from "../fakes/store-key.ts";
import { type Env, startProgram } from "./harness.ts";
import { runLocally } from "./local-program.ts";

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

type Start = typeof startProgram | typeof runLocally;

async function run(env: Env, args: readonly string[], start: Start) {
  const program = start(["doctor", ...args], { HOME: folder, ...env }, folder);
  const { code } = await program.ended;
  printed.push(program.stdout(), program.stderr());
  return { code, stdout: program.stdout(), stderr: program.stderr() };
}

/** Runs the doctor for people and for programs. */
async function doctor(env: Env, start: Start = runLocally): Promise<Diagnosis> {
  rememberSecrets(env);
  const [people, programs] = await Promise.all([run(env, [], start), run(env, ["--json"], start)]);
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
    const port = await freePort();
    const all = await doctor(dataCenter(`http://127.0.0.1:${port}`));
    expect(all.find("connection")).toMatchObject({ outcome: "problem", code: "network" });
    expect(all.find("connection").remedy).toContain("JIRA_URL");
  });

  it("is a site that accepts and never answers", async () => {
    const port = await listenUntilTestEnds(createTcpServer());
    const all = await doctor(dataCenter(`http://127.0.0.1:${port}`, { JIRA_TIMEOUT: "1" }));
    expect(all.find("connection")).toMatchObject({ outcome: "problem", code: "timeout" });
  });

  it("is a site that hangs when it is asked who one is", async () => {
    const stall = { match: "GET /rest/api/2/myself", effect: { kind: "stall" } } as const;
    sandbox.inject({ ...stall, times: 2 });
    const env = { ...sandbox.environment("datacenter"), JIRA_TIMEOUT: "1" };
    const all = await doctor(env);
    expect(all.find("account", "Jira")).toMatchObject({ outcome: "problem", code: "timeout" });
    expect(all.find("account", "Confluence").outcome).toBe("ok");
  });

  it("is a password where the site has switched those off", async () => {
    sandbox.dataCenter.jira.allowBasic(false);
    const [{ name, password }] = sandbox.users;
    const env = { JIRA_URL: sandbox.urls.jiraDataCenter, JIRA_DEPLOYMENT: "datacenter" };
    const all = await doctor({ ...env, JIRA_USERNAME: name, JIRA_API_TOKEN: password });
    expect(all.find("account")).toMatchObject({ outcome: "problem", code: "auth" });
    expect(all.find("account").remedy).toContain("JIRA_PERSONAL_TOKEN");
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

  it("is nothing that stops strangers alone", async () => {
    const { url } = await startServer((request, response, index) => {
      if (request.headers.authorization !== undefined) return asJira()(request, response, index);
      response.writeHead(302, { location: "https://sso.example.com/login" }).end();
    });
    const all = await doctor(dataCenter(url));
    expect(all.find("connection").outcome).toBe("warning");
    expect(all.find("account").outcome).toBe("ok");
    expect(all.code).toBe(0);
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

  it("may leave the site to callers", async () => {
    const env = { ATLASSIAN_API_URL: sandbox.urls.gateway, ATLASSIAN_OAUTH_ENABLE: "true" };
    const all = await doctor({ ...env, TRANSPORT: "streamable-http" });
    expect(all.find("connection").outcome).toBe("ok");
    expect(all.find("rest").outcome).toBe("skipped");
    expect(all.code).toBe(0);
  });

  it("may name a site by its id alone", async () => {
    const { accessToken } = sandbox.login.issue();
    const all = await doctor({
      ATLASSIAN_API_URL: sandbox.urls.gateway,
      ATLASSIAN_OAUTH_CLOUD_ID: sandbox.cloudId,
      ATLASSIAN_OAUTH_ACCESS_TOKEN: accessToken,
    });
    expect(all.find("cloud_id", "Jira").text).toBe(sandbox.cloudId);
    expect(all.find("account", "Jira").text).toContain("accepted by Atlassian's gateway");
    // The sandbox's app was not given every scope there is.
    expect(all.find("scopes", "Confluence").details?.join()).toContain("read:folder:confluence");
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
  interface Wish {
    readonly scopes?: readonly string[];
    /** How long ago somebody signed in; access tokens live for an hour. */
    readonly ageMs?: number;
  }

  /** Settings of a store that holds a login with tokens of `control`. */
  async function storeWith(
    issuer: Issuer,
    control: OAuthControl,
    { scopes, ageMs = 0 }: Wish = {},
  ): Promise<Env> {
    const place = pathToFileURL(mkdtempSync(join(folder, "store-")));
    const key = newStoreKey();
    const store = openStore({ url: place, keys: [key], defaultFolder: "" });
    const { clientId, clientSecret } = control.app;
    const app = { issuer, clientId, clientSecret, scopes: [] };
    const issued = control.issue(scopes && { scopes });
    const { accessToken, refreshToken } = issued;
    secrets.add(accessToken).add(refreshToken ?? accessToken);
    const tokens = { accessToken, refreshToken, scopes: issued.scopes, expiresInS: 3600 };
    const grant = newGrant(tokens, Date.now() - ageMs);
    await openGrantStore({ app, store, log: silentLogger }).save(grant);
    await store.close();
    return { ATLASSIAN_STORE_URL: place.href, ATLASSIAN_STORE_KEY: key };
  }

  async function signedIn(wish: Wish = {}): Promise<Env> {
    const { login: authUrl, gateway: apiUrl } = sandbox.urls;
    const issuer = { kind: "cloud", authUrl: new URL(authUrl), apiUrl: new URL(apiUrl) } as const;
    const stored = await storeWith(issuer, sandbox.login, wish);
    return { ...sandbox.environment("cloud-oauth"), ...stored };
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

  it("renews a token that has ended, as serving would", async () => {
    const all = await doctor(await signedIn({ ageMs: 7_200_000 }));
    expect(all.find("login", "Jira").outcome).toBe("ok");
    expect(all.find("account", "Jira").outcome).toBe("ok");
    expect(all.find("account", "Confluence").outcome).toBe("ok");
  });

  it("looks no further for a site that only a login could name", async () => {
    const { JIRA_URL: _, CONFLUENCE_URL: __, ...env } = sandbox.environment("cloud-oauth");
    const { JIRA_DEPLOYMENT: ___, CONFLUENCE_DEPLOYMENT: ____, ...rest } = env;
    const all = await doctor(rest);
    expect(all.find("login", "Jira").outcome).toBe("problem");
    expect(all.find("rest", "Jira").outcome).toBe("skipped");
  });

  it("knows the scopes of Data Center", async () => {
    const baseUrl = new URL(sandbox.urls.jiraDataCenter);
    const issuer = { kind: "datacenter", product: "jira", baseUrl } as const;
    const stored = await storeWith(issuer, sandbox.dataCenter.jira, { scopes: ["READ"] });
    const all = await doctor({ ...sandbox.environment("datacenter-oauth"), ...stored });
    expect(all.find("account", "Jira").outcome).toBe("ok");
    expect(all.find("scopes", "Jira")).toMatchObject({ outcome: "warning" });
    expect(all.find("scopes", "Jira").details?.join()).toMatch(/^WRITE: .*jira_create_issue/);
    expect(all.find("login", "Confluence").outcome).toBe("problem");
  });

  it("names the scopes that tools lack", async () => {
    const scopes = ["offline_access", "read:me", "read:jira-work", "read:jira-user"];
    const all = await doctor(await signedIn({ scopes }));
    expect(all.find("scopes", "Jira")).toMatchObject({ outcome: "warning" });
    expect(all.find("scopes", "Jira").details?.join("\n")).toMatch(
      /write:jira-work: .*jira_create_issue/,
    );
  });
});

describe("as the binary", () => {
  const cloud = () => sandbox.environment("cloud");

  it.each([
    ["everything is in order", cloud, 0],
    ["a token is wrong", () => ({ ...cloud(), JIRA_API_TOKEN: "wrong-token-value" }), 1],
    ["a setting is wrong", () => ({ ...cloud(), READ_ONLY_MODE: "flase" }), 2],
  ])("tells the shell that %s", async (_, env: () => Env, code) => {
    const all = await doctor(env(), startProgram);
    expect(all.code).toBe(code);
  });
});

it("never shows a secret", () => {
  expect(secrets.size).toBeGreaterThan(20);
  expect(printed.length).toBeGreaterThan(80);
  const shown = [...secrets].filter((secret) => printed.some((text) => text.includes(secret)));
  expect(shown).toEqual([]);
});

import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OAuthApp } from "../../src/auth/oauth/types.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import {
  clientCertificate,
  encryptedClientKey,
  passphrase,
} from "../../src/sandbox/tls/client-certificates.ts";
import { authority } from "../../src/sandbox/tls/server-certificates.ts";
import { basic, call, connectHttp, connectStdio, type Env, type Negotiation } from "./harness.ts";
import { connectLocally, serveLocally } from "./local-program.ts";
import { freshStore, storeLogin } from "./stored-login.ts";

let sandbox: Sandbox;
let files: string;

beforeAll(async () => {
  sandbox = await startSandbox({ tls: true });
  files = mkdtempSync(join(tmpdir(), "mcp-atlassian-tls-"));
  writeFileSync(join(files, "ca.pem"), authority);
  writeFileSync(join(files, "client.pem"), clientCertificate);
  writeFileSync(join(files, "client.key"), encryptedClientKey);
});
afterAll(() => sandbox.close());

type Place = "cloud" | "gateway" | "jira-data-center" | "confluence-data-center";

/** How the requests of one product must look when they arrive. */
interface Wire {
  readonly site: Place;
  /** Beginning of the path. */
  readonly under: string;
  /** `undefined`: the header must be absent. */
  readonly authorization: string | undefined;
  /** Login name that the site recognised. */
  readonly user: string;
}

interface Way {
  readonly env: Env;
  readonly jira: Wire;
  readonly confluence: Wire;
}

const eras: readonly Negotiation[] = [{ pin: "2026-07-28" }, "legacy"];

/** Reads from both products and looks at what reached them. */
async function expectOnWire(
  client: Client,
  { jira, confluence }: Pick<Way, "jira" | "confluence">,
) {
  sandbox.clearRequests();
  const issue = await call(client, "jira_get_issue", { issue_key: "SHOP-1", fields: "summary" });
  expect(issue).toMatchObject({ isError: false, text: expect.stringContaining("SHOP-1") });
  expectAll(jira);
  sandbox.clearRequests();
  const found = await call(client, "confluence_search", { query: "type = page", limit: 1 });
  expect(found).toMatchObject({ isError: false, text: expect.stringContaining("results") });
  expectAll(confluence);
  // Links are for people: a gateway's address is none.
  expect(issue.text + found.text).not.toContain(sandbox.urls.gateway);
}

function expectAll({ site, under, authorization, user }: Wire): void {
  // Not counted: what a site tells anyone, tries that it refused, and requests for tokens.
  const own = sandbox.requests.filter(
    ({ status, url }) =>
      status === 200 && !/tenant_info|serverInfo|accessible-resources|\/token$/.test(url),
  );
  expect(own.length).toBeGreaterThan(0);
  for (const request of own) {
    expect(request).toMatchObject({ site, user });
    expect(request.url.startsWith(under)).toBe(true);
    expect(request.headers["authorization"]).toEqual(authorization);
  }
}

function onCloud(authorization: string, user = "ada"): Pick<Way, "jira" | "confluence"> {
  return {
    jira: { site: "cloud", under: "/rest/", authorization, user },
    confluence: { site: "cloud", under: "/wiki/", authorization, user },
  };
}

function atGateway(authorization: string, user = "ada"): Pick<Way, "jira" | "confluence"> {
  const id = sandbox.cloudId;
  return {
    jira: { site: "gateway", under: `/ex/jira/${id}/rest/`, authorization, user },
    confluence: { site: "gateway", under: `/ex/confluence/${id}/wiki/`, authorization, user },
  };
}

function onDataCenter(
  ofJira: string | undefined,
  ofConfluence: string | undefined,
  user = "ada",
): Pick<Way, "jira" | "confluence"> {
  return {
    jira: { site: "jira-data-center", under: "/jira/rest/", authorization: ofJira, user },
    confluence: {
      site: "confluence-data-center",
      under: "/confluence/rest/",
      authorization: ofConfluence,
      user,
    },
  };
}

function cloudSites(): Env {
  const { JIRA_URL, CONFLUENCE_URL, JIRA_DEPLOYMENT, CONFLUENCE_DEPLOYMENT, ATLASSIAN_API_URL } =
    sandbox.environment("cloud") as Record<string, string>;
  return {
    JIRA_URL,
    CONFLUENCE_URL,
    JIRA_DEPLOYMENT,
    CONFLUENCE_DEPLOYMENT,
    ATLASSIAN_API_URL,
  } as Env;
}

function dataCenterSites(): Env {
  return {
    JIRA_URL: sandbox.urls.jiraDataCenter,
    JIRA_DEPLOYMENT: "datacenter",
    CONFLUENCE_URL: sandbox.urls.confluenceDataCenter,
    CONFLUENCE_DEPLOYMENT: "datacenter",
  };
}

function both(suffix: string, value: string): Env {
  return { [`JIRA_${suffix}`]: value, [`CONFLUENCE_${suffix}`]: value };
}

const ways: Readonly<Record<string, () => Way | Promise<Way>>> = {
  "API token, Cloud": () => {
    const { email, apiToken } = sandbox.users[0];
    return { env: sandbox.environment("cloud"), ...onCloud(basic(email, apiToken)) };
  },
  "API token with scopes, Cloud": () => {
    const { email } = sandbox.users[0];
    const { value } = sandbox.tokens.scoped;
    return {
      env: { ...cloudSites(), ...both("USERNAME", email), ...both("API_TOKEN", value) },
      ...atGateway(basic(email, value)),
    };
  },
  "API token of a service account, Cloud": () => {
    const { email, name } = sandbox.serviceAccount;
    const { value } = sandbox.tokens.service;
    return {
      env: { ...cloudSites(), ...both("USERNAME", email), ...both("API_TOKEN", value) },
      ...atGateway(basic(email, value), name),
    };
  },
  "OAuth 3LO, Cloud": async () => {
    const store = freshStore();
    const tokens = sandbox.login.issue();
    await storeLogin(store, cloudApp(), tokens);
    return {
      env: { ...sandbox.environment("cloud-oauth"), ...store.env },
      ...atGateway(`Bearer ${tokens.accessToken}`),
    };
  },
  "OAuth client of a service account, Cloud": () => {
    const { clientId, clientSecret } = sandbox.login.serviceApp;
    return {
      env: {
        ...cloudSites(),
        ...both("AUTH", "service-account"),
        ATLASSIAN_AUTH_URL: sandbox.urls.login,
        ATLASSIAN_OAUTH_CLIENT_ID: clientId,
        ATLASSIAN_OAUTH_CLIENT_SECRET: clientSecret,
      },
      ...atGateway(expect.stringMatching(/^Bearer \S+$/), sandbox.serviceAccount.name),
    };
  },
  "token obtained elsewhere, Cloud": () => {
    const { accessToken } = sandbox.login.issue();
    return {
      env: { ...cloudSites(), ATLASSIAN_OAUTH_ACCESS_TOKEN: accessToken },
      ...atGateway(`Bearer ${accessToken}`),
    };
  },
  "token and cloud id without an address, Cloud": () => {
    const { accessToken } = sandbox.login.issue({ sites: [sandbox.cloudId] });
    return {
      env: {
        ATLASSIAN_API_URL: sandbox.urls.gateway,
        ATLASSIAN_OAUTH_ACCESS_TOKEN: accessToken,
        ATLASSIAN_OAUTH_CLOUD_ID: sandbox.cloudId,
      },
      ...atGateway(`Bearer ${accessToken}`),
    };
  },
  "user and password, Data Center": () => {
    const { name, password } = sandbox.users[0];
    const header = basic(name, password);
    return {
      env: { ...dataCenterSites(), ...both("USERNAME", name), ...both("API_TOKEN", password) },
      ...onDataCenter(header, header),
    };
  },
  "PAT, Data Center": () => {
    const header = `Bearer ${sandbox.users[0].personalToken}`;
    return { env: sandbox.environment("datacenter"), ...onDataCenter(header, header) };
  },
  "client certificate, Data Center": () => ({
    env: {
      ...dataCenterSites(),
      JIRA_URL: sandbox.tlsUrls?.jira ?? "",
      CONFLUENCE_URL: sandbox.tlsUrls?.confluence ?? "",
      ATLASSIAN_CA_BUNDLE: join(files, "ca.pem"),
      // The stranger below shows no certificate, and a connection that is closed is tried again.
      ATLASSIAN_RETRY_TOTAL: "0",
      ...both("CLIENT_CERT", join(files, "client.pem")),
      ...both("CLIENT_KEY", join(files, "client.key")),
      ...both("CLIENT_KEY_PASSWORD", passphrase),
    },
    ...onDataCenter(undefined, undefined),
  }),
  "OAuth, Data Center": async () => {
    const store = freshStore();
    const { jira, confluence } = sandbox.dataCenter;
    const [ofJira, ofConfluence] = [jira.issue(), confluence.issue()];
    await storeLogin(store, dataCenterApp("jira"), ofJira);
    await storeLogin(store, dataCenterApp("confluence"), ofConfluence);
    return {
      env: { ...sandbox.environment("datacenter-oauth"), ...store.env },
      ...onDataCenter(`Bearer ${ofJira.accessToken}`, `Bearer ${ofConfluence.accessToken}`),
    };
  },
  "OAuth client of a service account, Data Center": () => {
    const { jira, confluence } = sandbox.dataCenter;
    const bearer = expect.stringMatching(/^Bearer \S+$/);
    return {
      env: {
        ...dataCenterSites(),
        ...both("AUTH", "service-account"),
        ATLASSIAN_OAUTH_SCOPE: "WRITE",
        JIRA_OAUTH_CLIENT_ID: jira.serviceApp.clientId,
        JIRA_OAUTH_CLIENT_SECRET: jira.serviceApp.clientSecret,
        CONFLUENCE_OAUTH_CLIENT_ID: confluence.serviceApp.clientId,
        CONFLUENCE_OAUTH_CLIENT_SECRET: confluence.serviceApp.clientSecret,
      },
      ...onDataCenter(bearer, bearer, sandbox.serviceAccount.name),
    };
  },
  "tokens obtained elsewhere, Data Center": () => {
    const { jira, confluence } = sandbox.dataCenter;
    const [ofJira, ofConfluence] = [jira.issue().accessToken, confluence.issue().accessToken];
    return {
      env: {
        ...dataCenterSites(),
        JIRA_OAUTH_ACCESS_TOKEN: ofJira,
        CONFLUENCE_OAUTH_ACCESS_TOKEN: ofConfluence,
      },
      ...onDataCenter(`Bearer ${ofJira}`, `Bearer ${ofConfluence}`),
    };
  },
};

function cloudApp(): OAuthApp {
  const { clientId, clientSecret } = sandbox.login.app;
  const [authUrl, apiUrl] = [new URL(sandbox.urls.login), new URL(sandbox.urls.gateway)];
  return { clientId, clientSecret, scopes: [], issuer: { kind: "cloud", authUrl, apiUrl } };
}

function dataCenterApp(product: "jira" | "confluence"): OAuthApp {
  const { clientId, clientSecret } = sandbox.dataCenter[product].app;
  const url = product === "jira" ? sandbox.urls.jiraDataCenter : sandbox.urls.confluenceDataCenter;
  const issuer = { kind: "datacenter", product, baseUrl: new URL(url) } as const;
  return { clientId, clientSecret, scopes: [], issuer };
}

describe.each(Object.keys(ways))("%s", (name) => {
  it("serves stdio in both eras", async () => {
    const way = await wayOf(name);
    for (const mode of eras) {
      const client = await connectLocally(way.env, mode);
      await expectOnWire(client, way);
      await client.close();
    }
  });

  it("serves HTTP as the operator only with the fallback, in both eras", async () => {
    const way = await wayOf(name);
    const { url } = await serveLocally({ ...way.env, ALLOW_GLOBAL_CRED_FALLBACK: "true" });
    for (const mode of eras) {
      const client = await connectHttp(url, undefined, { mode });
      await expectOnWire(client, way);
      await client.close();
    }
    // A caller with a credential of their own is never the operator.
    const stranger = await connectHttp(url, basic("nobody@example.com", "wrong"));
    sandbox.clearRequests();
    const refused = await call(stranger, "jira_get_issue", { issue_key: "SHOP-1" });
    expect(refused.isError).toBe(true);
    expect(sandbox.requests.filter(({ user }) => user !== undefined)).toEqual([]);
    await stranger.close();
  });
});

describe("as the binary", () => {
  // One of each kind of start: nothing but settings, a store, files.
  it.each(["API token, Cloud", "OAuth, Data Center", "client certificate, Data Center"])(
    "serves stdio: %s",
    async (name) => {
      const way = await wayOf(name);
      const client = await connectStdio(way.env);
      await expectOnWire(client, way);
      await client.close();
    },
  );
});

async function wayOf(name: string): Promise<Way> {
  const way = await ways[name]?.();
  if (way === undefined) throw new Error("no such way");
  return way;
}

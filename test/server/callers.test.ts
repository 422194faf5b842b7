import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import type { RecordedRequest } from "../../src/sandbox/types.ts";
import {
  basic,
  call,
  connectHttp,
  type Env,
  type HttpProgram,
  type Negotiation,
  startHttpProgram,
  stop,
} from "./harness.ts";

let sandbox: Sandbox;
const servers: Record<string, HttpProgram> = {};

/** Servers of operators who have no credentials of their own. */
const operators: Readonly<Record<string, () => Env>> = {
  cloud: () => ({ ...cloud(), ATLASSIAN_OAUTH_ENABLE: "true" }),
  "cloud without OAuth": cloud,
  "data center": () => ({
    JIRA_URL: sandbox.urls.jiraDataCenter,
    JIRA_DEPLOYMENT: "datacenter",
    CONFLUENCE_URL: sandbox.urls.confluenceDataCenter,
    CONFLUENCE_DEPLOYMENT: "datacenter",
  }),
  "no site": () => ({
    ATLASSIAN_OAUTH_ENABLE: "true",
    ATLASSIAN_API_URL: sandbox.urls.gateway,
    MCP_ALLOWED_URL_DOMAINS: "127.0.0.0/8",
  }),
};

function cloud(): Env {
  return {
    JIRA_URL: sandbox.urls.cloud,
    JIRA_DEPLOYMENT: "cloud",
    CONFLUENCE_URL: `${sandbox.urls.cloud}/wiki`,
    CONFLUENCE_DEPLOYMENT: "cloud",
    ATLASSIAN_API_URL: sandbox.urls.gateway,
  };
}

beforeAll(async () => {
  sandbox = await startSandbox();
  await Promise.all(
    Object.entries(operators).map(async ([name, env]) => {
      servers[name] = await startHttpProgram(env());
    }),
  );
});
afterAll(async () => {
  await Promise.all(Object.values(servers).map(stop));
  await sandbox.close();
});

/** Where the requests of a product went and as whom; `-` where the product was not reached. */
type Outcome = readonly [jira: string, confluence: string];

async function reach(operator: string, headers: Env, mode: Negotiation): Promise<Outcome> {
  const server = servers[operator];
  if (server === undefined) throw new Error(`no operator ${operator}`);
  const client = await connectHttp(server.url, undefined, { headers, mode });
  const outcomes: string[] = [];
  for (const [tool, args] of [
    ["jira_get_issue", { issue_key: "SHOP-1", fields: "summary" }],
    ["confluence_search", { query: "type = page", limit: 1 }],
  ] as const) {
    sandbox.clearRequests();
    const { isError, text } = await call(client, tool, args);
    const last = sandbox.requests.filter(({ user }) => user !== undefined).at(-1);
    outcomes.push(isError ? `- ${/Error \((\w+)\)/.exec(text)?.[1] ?? text}` : whereTo(last));
  }
  await client.close();
  return [outcomes[0] ?? "", outcomes[1] ?? ""];
}

function whereTo(request: RecordedRequest | undefined): string {
  return request === undefined ? "nowhere" : `${request.site} ${request.user}`;
}

const [ada, ben] = [0, 1];
const user = (index: number) => {
  const found = sandbox.users[index];
  if (found === undefined) throw new Error("no such user");
  return found;
};
const token = (index: number) => basic(user(index).email, user(index).apiToken);
const pat = (index: number) => `Bearer ${user(index).personalToken}`;
const oauth = (who: string, sites?: readonly string[]) =>
  `Bearer ${sandbox.login.issue({ user: who, ...(sites && { sites }) }).accessToken}`;

const onCloud = (who: string) => [`cloud ${who}`, `cloud ${who}`] as const;
const atGateway = (who: string) => [`gateway ${who}`, `gateway ${who}`] as const;
const dataCenter = (jira: string, confluence: string) =>
  [
    jira === "-" ? "- auth" : `jira-data-center ${jira}`,
    confluence === "-" ? "- auth" : `confluence-data-center ${confluence}`,
  ] as const;

type Row = readonly [operator: string, headers: () => Env, expected: () => Outcome];

const rows: Readonly<Record<string, Row>> = {
  "an API token for Cloud": ["cloud", () => ({ Authorization: token(ben) }), () => onCloud("ben")],
  "an API token with scopes": [
    "cloud",
    () => ({ Authorization: basic(user(ada).email, sandbox.tokens.scoped.value) }),
    () => atGateway("ada"),
  ],
  "an API token beside a cloud id, which it does not need": [
    "cloud",
    () => ({ Authorization: token(ben), "X-Atlassian-Cloud-Id": sandbox.cloudId }),
    () => onCloud("ben"),
  ],
  "an OAuth token with the cloud id": [
    "cloud",
    () => ({ Authorization: oauth("ben"), "X-Atlassian-Cloud-Id": sandbox.cloudId }),
    () => atGateway("ben"),
  ],
  "an OAuth token for the configured site": [
    "cloud",
    () => ({ Authorization: oauth("ben") }),
    () => atGateway("ben"),
  ],
  "an OAuth token where OAuth is not enabled": [
    "cloud without OAuth",
    () => ({ Authorization: oauth("ben") }),
    () => ["- auth", "- auth"],
  ],
  "a PAT for Cloud, which has none": [
    "cloud",
    () => ({ Authorization: `Token ${user(ada).personalToken}` }),
    () => ["- auth", "- auth"],
  ],
  "credentials of two people, one for each product": [
    "cloud",
    () => ({
      "X-Atlassian-Jira-Authorization": token(ada),
      "X-Atlassian-Confluence-Authorization": token(ben),
    }),
    () => ["cloud ada", "cloud ben"],
  ],
  "a product's own credential beside a shared one": [
    "cloud",
    () => ({ Authorization: token(ada), "X-Atlassian-Jira-Authorization": token(ben) }),
    () => ["cloud ben", "cloud ada"],
  ],
  "one PAT for two hosts": [
    "data center",
    () => ({ Authorization: pat(ada) }),
    () => dataCenter("-", "-"),
  ],
  "PATs, one for each product": [
    "data center",
    () => ({
      "X-Atlassian-Jira-Authorization": pat(ada),
      "X-Atlassian-Confluence-Authorization": `token ${user(ben).personalToken}`,
    }),
    () => dataCenter("ada", "ben"),
  ],
  "PAT headers without an address": [
    "data center",
    () => ({
      "X-Atlassian-Jira-Personal-Token": user(ben).personalToken,
      "X-Atlassian-Confluence-Personal-Token": user(ben).personalToken,
    }),
    () => dataCenter("ben", "ben"),
  ],
  "a password for one product alone": [
    "data center",
    () => ({ "X-Atlassian-Jira-Authorization": basic(user(ben).name, user(ben).password) }),
    () => dataCenter("ben", "-"),
  ],
  "an OAuth token of one Data Center site": [
    "data center",
    () => ({
      "X-Atlassian-Jira-Authorization": `bearer ${sandbox.dataCenter.jira.issue({ user: "ben" }).accessToken}`,
    }),
    () => dataCenter("ben", "-"),
  ],
  "an OAuth token that reaches one site, on a server without any": [
    "no site",
    () => ({ Authorization: oauth("ben", [sandbox.cloudId]) }),
    () => atGateway("ben"),
  ],
  "an OAuth token that reaches several sites": [
    "no site",
    () => ({ Authorization: oauth("ben") }),
    () => ["- auth", "- auth"],
  ],
  "the same with the id of one of them": [
    "no site",
    () => ({ Authorization: oauth("ben"), "X-Atlassian-Cloud-Id": sandbox.cloudId.toUpperCase() }),
    () => atGateway("ben"),
  ],
  "addresses with PATs, on a server without any site": [
    "no site",
    () => ({
      "X-Atlassian-Jira-Url": sandbox.urls.jiraDataCenter,
      "X-Atlassian-Jira-Personal-Token": user(ada).personalToken,
      "X-Atlassian-Confluence-Url": sandbox.urls.confluenceDataCenter,
      "X-Atlassian-Confluence-Personal-Token": user(ben).personalToken,
    }),
    () => dataCenter("ada", "ben"),
  ],
  "an address with an API token of Cloud": [
    "no site",
    () => ({
      "X-Atlassian-Jira-Url": sandbox.urls.cloud,
      "X-Atlassian-Jira-Authorization": token(ben),
    }),
    () => ["cloud ben", "- auth"],
  ],
  "an address for Jira and an OAuth token for everything else": [
    "no site",
    () => ({
      "X-Atlassian-Jira-Url": sandbox.urls.jiraDataCenter,
      "X-Atlassian-Jira-Personal-Token": user(ada).personalToken,
      Authorization: oauth("ben", [sandbox.cloudId]),
    }),
    () => ["jira-data-center ada", "gateway ben"],
  ],
};

describe.each<Negotiation>([{ pin: "2026-07-28" }, "legacy"])("in the era %j", (mode) => {
  it.each(Object.entries(rows))("serves %s", async (_, [operator, headers, expected]) => {
    expect(await reach(operator, headers(), mode)).toEqual(expected());
  });
});

describe("tool lists follow what a request can reach", () => {
  const listed = async (operator: string, headers: Env) => {
    const client = await connectHttp(servers[operator]?.url ?? "", undefined, { headers });
    const { tools } = await client.listTools();
    await client.close();
    return ["jira_", "confluence_"].map((start) =>
      tools.some(({ name }) => name.startsWith(start)),
    );
  };

  it.each<[string, string, () => Env, [boolean, boolean]]>([
    ["both products", "cloud", () => ({ Authorization: token(ada) }), [true, true]],
    [
      "the product of the header",
      "data center",
      () => ({ "X-Atlassian-Confluence-Authorization": pat(ada) }),
      [false, true],
    ],
    [
      "the product of the address",
      "no site",
      () => ({
        "X-Atlassian-Jira-Url": sandbox.urls.jiraDataCenter,
        "X-Atlassian-Jira-Personal-Token": user(ada).personalToken,
      }),
      [true, false],
    ],
    ["none", "data center", () => ({ Authorization: pat(ada) }), [false, false]],
  ])("%s", async (_, operator, headers, expected) => {
    expect(await listed(operator, headers())).toEqual(expected);
  });
});

describe("checked credentials", () => {
  it("are checked once per caller, however many calls come at once", async () => {
    const server = servers["cloud"];
    const client = await connectHttp(server?.url ?? "", token(2));
    sandbox.clearRequests();
    await Promise.all(
      Array.from({ length: 8 }, () =>
        call(client, "jira_get_issue", { issue_key: "SHOP-1", fields: "summary" }),
      ),
    );
    await client.close();
    expect(sandbox.requests.filter(({ url }) => url.endsWith("/myself"))).toHaveLength(1);
  });

  it("are refused with words about the caller's own credentials", async () => {
    const client = await connectHttp(
      servers["cloud"]?.url ?? "",
      basic(user(ada).email, "expired"),
    );
    const { isError, text } = await call(client, "jira_get_issue", { issue_key: "SHOP-1" });
    await client.close();
    expect(isError).toBe(true);
    expect(text).toMatch(/^Error \(auth\)/);
    expect(text).toContain("your client sends");
    expect(text).not.toContain("expired\n");
  });
});

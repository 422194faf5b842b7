import { describe, expect, it } from "vitest";
import type { Deployment, Product } from "../atlassian/site.ts";
import { AtlassianMcpError } from "../errors.ts";
import type { Credentials } from "../http/types.ts";
import type { Connection, Credential, Method } from "./connection.ts";
import { bearerToken } from "./credentials.ts";
import type { AccessibleSite, Grant } from "./oauth/types.ts";
import { accessTo, addresses, app, bobsBearer, http, rules, signIn } from "./resolve.fixtures.ts";
import { type ProductAccess, resolveConnection } from "./resolve.ts";
import { type Discovery, type SettledConnection, settleConnection } from "./settle.ts";

const idOf = (digit: string) => `${digit.repeat(8)}-0000-4000-8000-000000000000`;
const acme = idOf("1");
const labs = idOf("2");
const gone = idOf("3");
const siteOf = (id: string, name: string, scopes = ["read:jira-work"]): AccessibleSite => ({
  id,
  name,
  url: `https://${name}.atlassian.net`,
  scopes,
});
const acmeSite = siteOf(acme, "acme");
const labsSite = siteOf(labs, "labs");
const bothSites = [acmeSite, labsSite];

interface World {
  /** What the site says it is. Absent: nobody may ask. */
  readonly deployment?: Deployment;
  /** What the site says its cloud id is. */
  readonly tenant?: string;
  readonly sites?: readonly AccessibleSite[] | Error;
  readonly grant?: Partial<Grant>;
}

/** A world that answers, and what it was asked. */
function discovery({ deployment, tenant, sites = [], grant }: World) {
  const asked: string[] = [];
  const world: Discovery = {
    apiUrl: new URL("https://api.atlassian.com/"),
    async deploymentOf() {
      asked.push("deployment");
      if (deployment === undefined) throw new Error("the host name told already");
      return deployment;
    },
    async cloudIdOf() {
      asked.push("cloud id");
      return tenant;
    },
    async sitesOf(token) {
      asked.push(`sites of ${token}`);
      if (sites instanceof Error) throw sites;
      return sites;
    },
    async grantOf() {
      if (grant === undefined) return undefined;
      return {
        version: 1,
        accessToken: "granted",
        expiresAt: 0,
        scopes: ["write:jira-work"],
        signedInAt: 0,
        ...grant,
      };
    },
    async credentialsFor({ kind }): Promise<Credentials> {
      return bearerToken(kind === "grant" ? "granted" : "service");
    },
  };
  return { world, asked };
}

function connectionFor(method: Method, credential: Credential, more: Partial<Connection> = {}) {
  const product: Product = more.product ?? "jira";
  const connection: Connection = {
    product,
    url: addresses.unsure[product],
    deployment: "unsure",
    method,
    source: "operator",
    credential,
    passthrough: {},
    isGuarded: false,
    fingerprint: `${method}-print`,
    ...more,
  };
  return connection;
}

const basic: Credential = { kind: "basic", user: "ada", secret: "s" };
const bearer: Credential = { kind: "bearer", token: "t" };
const none: Credential = { kind: "none" };
const grant: Credential = { kind: "grant", app };
const client: Credential = { kind: "client", app };

/** Where requests go, where links start, and what identifies the sender. */
async function show(settled: SettledConnection): Promise<string> {
  const { authorization = "nobody" } = await settled.credentials.headers();
  return `${settled.deployment} ${settled.apiBase.href} ${settled.browseBase} ${authorization}`;
}

async function settle(connection: Connection, world: World = {}): Promise<string> {
  try {
    return await show(await settleConnection(connection, discovery(world).world));
  } catch (error) {
    if (!(error instanceof AtlassianMcpError)) throw error;
    return `refused: ${error.code} ${error.details.setting}`;
  }
}

const adas = `Basic ${Buffer.from("ada:s").toString("base64")}`;
const gateway = {
  jira: `https://api.atlassian.com/ex/jira/${acme}`,
  confluence: `https://api.atlassian.com/ex/confluence/${acme}/wiki`,
};

describe.each(["jira", "confluence"] as const)("%s at an address that does not tell", (product) => {
  const host = addresses.unsure[product].origin;
  const wiki = product === "confluence" ? "/wiki" : "";
  const onDataCenter = (sent: string) => `datacenter ${host}/ ${host} ${sent}`;
  const onSite = (sent: string) => `cloud ${host}${wiki || "/"} ${host}${wiki} ${sent}`;
  const atGateway = (sent: string) => `cloud ${gateway[product]} ${host}${wiki} ${sent}`;
  const prefix = product.toUpperCase();

  it.each<[Method, Credential, string, string]>([
    ["basic", basic, onSite(adas), onDataCenter(adas)],
    ["pat", bearer, `refused: auth ${prefix}_PERSONAL_TOKEN`, onDataCenter("Bearer t")],
    ["certificate", none, `refused: config ${prefix}_URL`, onDataCenter("nobody")],
    ["external", none, onSite("nobody"), onDataCenter("nobody")],
    ["token", bearer, atGateway("Bearer t"), onDataCenter("Bearer t")],
    ["oauth", grant, atGateway("Bearer granted"), onDataCenter("Bearer granted")],
    ["service-account", client, atGateway("Bearer service"), onDataCenter("Bearer service")],
  ])("is settled for %s when it answers", async (method, credential, cloud, datacenter) => {
    const connection = connectionFor(method, credential, { product });
    expect(await settle(connection, { deployment: "cloud", tenant: acme })).toBe(cloud);
    expect(await settle(connection, { deployment: "datacenter" })).toBe(datacenter);
  });

  it("is not asked what it is where that is known", async () => {
    const { world, asked } = discovery({});
    const connection = connectionFor("basic", basic, { product, deployment: "datacenter" });
    await settleConnection(connection, world);
    expect(asked).toEqual([]);
  });

  it("keeps who it is for: the identity's name, the guard, and what is passed on", async () => {
    for (const deployment of ["cloud", "datacenter"] as const) {
      const connection = connectionFor("basic", basic, {
        product,
        isGuarded: true,
        source: "caller",
        passthrough: { "x-trace": "1" },
      });
      const settled = await settleConnection(connection, discovery({ deployment }).world);
      expect(settled).toMatchObject({
        product,
        method: "basic",
        source: "caller",
        isGuarded: true,
        fingerprint: "basic-print",
      });
      expect(await settled.credentials.headers()).toEqual({ authorization: adas, "x-trace": "1" });
    }
  });
});

describe("the base of Confluence", () => {
  it.each<[string, Deployment, string]>([
    ["https://acme.atlassian.net", "cloud", "https://acme.atlassian.net/wiki"],
    ["https://acme.atlassian.net/wiki", "cloud", "https://acme.atlassian.net/wiki"],
    ["https://acme.atlassian.net/wiki/", "cloud", "https://acme.atlassian.net/wiki"],
    ["https://wiki.acme.com", "cloud", "https://wiki.acme.com/wiki"],
    ["https://wiki.corp/wiki", "datacenter", "https://wiki.corp/wiki"],
    ["https://wiki.corp/confluence/", "datacenter", "https://wiki.corp/confluence"],
    ["https://wiki.corp", "datacenter", "https://wiki.corp"],
  ])("of %s on %s is %s", async (text, deployment, browseBase) => {
    const more = { product: "confluence", url: new URL(text), deployment } as const;
    const connection = connectionFor("basic", basic, more);
    const settled = await settleConnection(connection, discovery({}).world);
    expect(settled.browseBase).toBe(browseBase);
    expect(settled.apiBase.href.replace(/\/$/, "")).toBe(browseBase);
  });
});

describe("which Cloud site is meant", () => {
  const viaToken = (more: Partial<Connection>) =>
    connectionFor("token", bearer, { deployment: "cloud", url: addresses.cloud.jira, ...more });
  const to = (id: string, browse: string) =>
    `cloud https://api.atlassian.com/ex/jira/${id} ${browse} Bearer t`;
  const atAcme = "https://acme.atlassian.net";
  const atLabs = "https://labs.atlassian.net";

  it.each<[string, Partial<Connection>, World, string]>([
    [
      "the named id before the site's own",
      { cloudId: labs },
      { tenant: acme, sites: bothSites },
      to(labs, atLabs),
    ],
    ["the site's own id", {}, { tenant: acme, sites: [labsSite] }, to(acme, atAcme)],
    ["the site's own id, also named", { cloudId: acme }, { tenant: acme }, to(acme, atAcme)],
    [
      "the configured id beside the configured address that does not answer",
      { cloudId: acme },
      {},
      to(acme, atAcme),
    ],
    [
      "a caller's id beside the configured address that does not answer",
      { cloudId: labs, source: "caller" },
      { sites: bothSites },
      to(labs, atLabs),
    ],
    [
      "a named id whose address the token does not tell",
      { cloudId: gone, source: "caller" },
      { tenant: acme, sites: bothSites },
      to(gone, `https://api.atlassian.com/ex/jira/${gone}`),
    ],
    [
      "a named id while the gateway does not tell addresses",
      { cloudId: gone, source: "caller" },
      { tenant: acme, sites: new AtlassianMcpError("upstream", "down") },
      to(gone, `https://api.atlassian.com/ex/jira/${gone}`),
    ],
    [
      "a named id without an address",
      { url: undefined, cloudId: labs },
      { sites: bothSites },
      to(labs, atLabs),
    ],
    ["the only site", { url: undefined }, { sites: [labsSite] }, to(labs, atLabs)],
    ["the site at the address", {}, { sites: bothSites }, to(acme, atAcme)],
    [
      "the only site behind an own domain that does not answer",
      { url: new URL("https://jira.acme.com") },
      { sites: [acmeSite] },
      to(acme, atAcme),
    ],
    ["no site", {}, {}, "refused: auth ATLASSIAN_OAUTH_CLOUD_ID"],
    [
      "one of several",
      { url: undefined },
      { sites: bothSites },
      "refused: auth ATLASSIAN_OAUTH_CLOUD_ID",
    ],
    [
      "one of several, for a caller",
      { url: undefined, source: "caller" },
      { sites: bothSites },
      "refused: auth X-Atlassian-Cloud-Id",
    ],
    [
      "another site than the one at the address",
      {},
      { sites: [labsSite] },
      "refused: auth ATLASSIAN_OAUTH_CLOUD_ID",
    ],
  ])("%s", async (_, more, world, expected) => {
    expect(await settle(viaToken(more), world)).toBe(expected);
  });

  it("is told with the names and ids to choose from", async () => {
    const connection = viaToken({ url: undefined });
    const settling = settleConnection(connection, discovery({ sites: bothSites }).world);
    await expect(settling).rejects.toMatchObject({
      code: "auth",
      message: expect.stringMatching(new RegExp(`acme \\(${acme}\\), labs \\(${labs}\\)`)),
    });
  });

  it("fails as the gateway fails where only the token can tell", async () => {
    const sites = new AtlassianMcpError("network", "down");
    const settling = settleConnection(viaToken({ url: undefined }), discovery({ sites }).world);
    await expect(settling).rejects.toBe(sites);
  });

  it("was chosen at sign-in, and is never replaced by another one", async () => {
    const more = { url: undefined, deployment: "cloud" } as const;
    const connection = connectionFor("oauth", grant, more);
    const world = { sites: bothSites, grant: { cloudId: labs } };
    expect(await settle(connection, world)).toContain(labs);
    expect(await settle(connection, { ...world, sites: [acmeSite] })).toBe(
      "refused: auth ATLASSIAN_OAUTH_CLOUD_ID",
    );
  });

  it("has links to the human site of Confluence below /wiki", async () => {
    const more = { product: "confluence", url: undefined, cloudId: acme } as const;
    expect(await settle(viaToken(more), { sites: bothSites })).toBe(
      `cloud ${gateway.confluence} https://acme.atlassian.net/wiki Bearer t`,
    );
  });

  it("does not change the gateway into a guarded place", async () => {
    const { world } = discovery({ tenant: acme });
    const settled = await settleConnection(viaToken({ isGuarded: true, source: "caller" }), world);
    expect([settled.isGuarded, settled.apiBase.host]).toEqual([false, "api.atlassian.com"]);
  });

  it("tells which scopes there are, as far as anybody knows", async () => {
    const scopes = async (connection: Connection, world: World) =>
      (await settleConnection(connection, discovery(world).world)).scopes();
    const world = { tenant: acme, sites: bothSites, grant: {} };
    expect(await scopes(viaToken({}), world)).toEqual(["read:jira-work"]);
    const byGrant = connectionFor("oauth", grant, { deployment: "cloud" });
    expect(await scopes(byGrant, world)).toEqual(["write:jira-work"]);
    const byPassword = connectionFor("basic", basic, { deployment: "cloud" });
    expect(await scopes(byPassword, world)).toBeUndefined();
  });
});

describe("the gateway as the other way", () => {
  const cloud = { deployment: "cloud", url: addresses.cloud.jira } as const;
  const otherWay = async (connection: Connection, world: World) => {
    const settled = await settleConnection(connection, discovery(world).world);
    return settled.gateway === undefined ? "none" : (await settled.gateway())?.href;
  };

  it("is there for user and secret on Cloud, and looked for only when it is needed", async () => {
    const connection = connectionFor("basic", basic, cloud);
    expect(await otherWay(connection, { tenant: acme })).toBe(gateway.jira);
    const { world, asked } = discovery({ tenant: acme });
    await settleConnection(connection, world);
    expect(asked).toEqual([]);
  });

  it("belongs to the site itself, and to the named id only when the site does not tell", async () => {
    const connection = connectionFor("basic", basic, { ...cloud, cloudId: labs });
    expect(await otherWay(connection, { tenant: acme })).toBe(gateway.jira);
    expect(await otherWay(connection, {})).toBe(`https://api.atlassian.com/ex/jira/${labs}`);
    expect(await otherWay(connectionFor("basic", basic, cloud), {})).toBeUndefined();
  });

  it("does not exist for anything else", async () => {
    const dataCenter = connectionFor("basic", basic, { deployment: "datacenter" });
    expect(await otherWay(dataCenter, { tenant: acme })).toBe("none");
    expect(await otherWay(connectionFor("external", none, cloud), { tenant: acme })).toBe("none");
    expect(await otherWay(connectionFor("token", bearer, cloud), { tenant: acme })).toBe("none");
  });
});

describe("OAuth beside other credentials", () => {
  const resolved = (more: Partial<ProductAccess>) => {
    const jira = accessTo("jira", "datacenter", more);
    const resolution = resolveConnection("jira", { jira }, { kind: "operator" }, rules());
    if (resolution.kind === "refusal") throw resolution.error;
    return resolution.connection;
  };

  it("gives way to them until somebody has signed in", async () => {
    const connection = resolved({ ...signIn.oauth, ...signIn.basic });
    const before = await settleConnection(connection, discovery({}).world);
    const after = await settleConnection(connection, discovery({ grant: {} }).world);
    expect([before.method, after.method]).toEqual(["basic", "oauth"]);
    // Nothing that was remembered for one of them is used for the other.
    expect(before.fingerprint).not.toBe(after.fingerprint);
  });

  it("does not give way where it is all there is, or forced", async () => {
    for (const more of [
      signIn.oauth,
      { ...signIn.oauth, ...signIn.basic, auth: "oauth" } as const,
    ]) {
      const settled = await settleConnection(resolved(more), discovery({}).world);
      expect(settled.method).toBe("oauth");
    }
  });
});

describe("a connection that cannot be settled", () => {
  it("has no address and needs one", async () => {
    const more = { url: undefined, deployment: "cloud" } as const;
    expect(await settle(connectionFor("basic", basic, more))).toBe("refused: config JIRA_URL");
    expect(await settle(connectionFor("external", none, more))).toBe("refused: config JIRA_URL");
  });

  it("fails as the question fails what the site is", async () => {
    const connection = connectionFor("basic", basic);
    await expect(settleConnection(connection, discovery({}).world)).rejects.toThrow("told already");
  });

  it("has a caller's bearer token for a site that turns out to be Cloud", async () => {
    const jira = accessTo("jira", "unsure");
    const caller = http({ shared: bobsBearer });
    const resolution = resolveConnection("jira", { jira }, caller, rules());
    if (resolution.kind === "refusal") throw resolution.error;
    expect(await settle(resolution.connection, { deployment: "cloud" })).toBe(
      "refused: auth JIRA_PERSONAL_TOKEN",
    );
  });
});

import { describe, expect, it, onTestFinished } from "vitest";
import {
  type Answerer,
  type LoopbackServer,
  sendJson,
  startServer,
} from "../../test/fakes/loopback.ts";
import { readCaller } from "../auth/caller.ts";
import { resolveConnection } from "../auth/resolve.ts";
import { loadSettings } from "../config/load.ts";
import { AtlassianMcpError } from "../errors.ts";
import type { JiraClient } from "../jira/client.ts";
import { silentLogger } from "../log.ts";
import { compose } from "./compose.ts";
import { Connections } from "./connections.ts";
import { headerRulesOf } from "./header-rules.ts";

type Env = Record<string, string>;

/** A server with these settings, as far as it concerns requests that leave it. */
function serve(env: Env) {
  const readFile = (): never => {
    throw Object.assign(new Error("no file"), { code: "ENOENT" });
  };
  const argv = ["--transport=http"];
  const loaded = loadSettings({ argv, env, cwd: "/", readFile });
  if (loaded.kind !== "settings") throw new Error(JSON.stringify(loaded));
  const { runtime, close } = compose(loaded.settings, silentLogger);
  onTestFinished(close);
  const connections = new Connections(runtime);
  const rules = headerRulesOf(loaded.settings);
  const { signal } = new AbortController();
  return {
    /** Calls Jira for whoever sends these headers; the code of the refusal, else `served`. */
    async ask(sent: Env = {}): Promise<string> {
      try {
        const caller = readCaller((name) => sent[name.toLowerCase()], rules);
        const resolution = resolveConnection("jira", runtime.access, caller, runtime.authRules);
        if (resolution.kind === "refusal") throw resolution.error;
        const client = await connections.open(resolution.connection, { signal, readOnly: true });
        await (client as JiraClient).links.types();
        return "served";
      } catch (error) {
        if (error instanceof AtlassianMcpError) return error.code;
        throw error;
      }
    },
  };
}

const bob = { authorization: "Bearer bobs-token" };
const basic = (text: string) => ({
  authorization: `Basic ${Buffer.from(text).toString("base64")}`,
});

/** A Data Center site that lets everybody in, and what it was told about who they are. */
async function openSite(answer?: Answerer): Promise<LoopbackServer & { told(): Env[] }> {
  const site = await startServer(
    answer ?? ((_, response) => sendJson(response, { issueLinkTypes: [], key: "x" })),
  );
  return {
    ...site,
    seen: site.seen,
    told: () =>
      site.seen.map(({ url, headers }) => {
        const names = ["authorization", "cookie", "x-gateway", "x-trace"];
        const sent = names.flatMap((name) => {
          const value = headers[name];
          return value === undefined ? [] : [[name, String(value)] as const];
        });
        return { path: url.replace(/^.*\/rest\/api\/2/, ""), ...Object.fromEntries(sent) };
      }),
  };
}

async function twoSites(more: Env = {}) {
  const [own, theirs] = [await openSite(), await openSite()];
  const server = serve({
    JIRA_URL: own.url.href,
    JIRA_DEPLOYMENT: "datacenter",
    JIRA_PERSONAL_TOKEN: "operators-pat",
    JIRA_CUSTOM_HEADERS: "X-Gateway=internal,Cookie=operators",
    JIRA_PASSTHROUGH_HEADERS: "X-Trace",
    ALLOW_GLOBAL_CRED_FALLBACK: "true",
    ...more,
  });
  return { own, theirs, ...server };
}

describe("what reaches a site", () => {
  it("is the operator's for nobody, and a caller's own for a caller", async () => {
    const { own, ask } = await twoSites();
    expect(await ask({ "x-trace": "1" })).toBe("served");
    expect(await ask(bob)).toBe("served");
    expect(own.told()).toEqual([
      {
        path: "/issueLinkType",
        authorization: "Bearer operators-pat",
        cookie: "operators",
        "x-gateway": "internal",
        "x-trace": "1",
      },
      { path: "/myself", authorization: "Bearer bobs-token", "x-gateway": "internal" },
      { path: "/issueLinkType", authorization: "Bearer bobs-token", "x-gateway": "internal" },
    ]);
  });

  it("at an address of a caller's choice is what was sent for it, and the operator's network stays shut", async () => {
    const open = await twoSites({ MCP_ALLOWED_URL_DOMAINS: "127.0.0.0/8" });
    const chosen = { "x-atlassian-jira-url": open.theirs.url.href, "x-trace": "1", ...bob };
    expect(await open.ask(chosen)).toBe("auth");
    expect(open.theirs.seen).toHaveLength(0);
    expect(await open.ask({ ...chosen, "x-atlassian-jira-personal-token": "bobs-pat" })).toBe(
      "served",
    );
    expect(open.theirs.told()).not.toHaveLength(0);
    for (const { path, ...told } of open.theirs.told()) {
      // Asked what it is before anybody's credential goes there.
      const isAsking = path === "/serverInfo" || path === "/_edge/tenant_info";
      expect(told).toEqual(isAsking ? {} : { authorization: "Bearer bobs-pat" });
    }
    expect(open.own.seen).toHaveLength(0);
    const shut = await twoSites({ MCP_ALLOWED_URL_DOMAINS: "example.com" });
    const there = { "x-atlassian-jira-url": shut.theirs.url.href };
    expect(await shut.ask({ ...there, "x-atlassian-jira-personal-token": "x" })).toBe("forbidden");
    expect([...shut.theirs.seen, ...shut.own.seen]).toHaveLength(0);
  });

  it("at another path of the operator's origin is no exception", async () => {
    const { own, ask } = await twoSites();
    const url = new URL("/other", own.url).href;
    expect(await ask({ "x-atlassian-jira-url": url })).toBe("auth");
    const outcome = await ask({
      "x-atlassian-jira-url": url,
      "x-atlassian-jira-personal-token": "x",
    });
    // The address itself is private and no network is listed.
    expect(outcome).not.toBe("served");
    expect(own.seen).toHaveLength(0);
  });
});

describe("a caller's credential", () => {
  it("is checked once, and a refused one never reaches the call", async () => {
    const own = await openSite(({ headers }, response) => {
      const isKnown = headers.authorization === bob.authorization;
      sendJson(response, isKnown ? { issueLinkTypes: [] } : {}, isKnown ? 200 : 401);
    });
    const { ask } = serve({ JIRA_URL: own.url.href, JIRA_DEPLOYMENT: "datacenter" });
    expect([await ask(bob), await ask(bob)]).toEqual(["served", "served"]);
    expect(own.told().map(({ path }) => path)).toEqual([
      "/myself",
      "/issueLinkType",
      "/issueLinkType",
    ]);
    expect(await ask({ authorization: "Bearer eves-token" })).toBe("auth");
    expect(own.told().slice(3)).toEqual([{ path: "/myself", authorization: "Bearer eves-token" }]);
  });
});

describe("an API token with scopes", () => {
  it("goes through the gateway after the site has refused it once", async () => {
    const cloudId = "11111111-2222-4333-8444-555555555555";
    const site = await openSite(({ url }, response) => {
      if (url === "/_edge/tenant_info") sendJson(response, { cloudId });
      else sendJson(response, {}, 401);
    });
    const gateway = await openSite();
    const { ask } = serve({
      JIRA_URL: site.url.href,
      JIRA_DEPLOYMENT: "cloud",
      JIRA_USERNAME: "ann@example.com",
      JIRA_API_TOKEN: "scoped-token",
      JIRA_CUSTOM_HEADERS: "X-Gateway=internal",
      ATLASSIAN_API_URL: gateway.url.href,
      ALLOW_GLOBAL_CRED_FALLBACK: "true",
    });
    expect([await ask(), await ask()]).toEqual(["served", "served"]);
    expect(site.seen.map(({ url }) => url)).toEqual([
      "/rest/api/3/issueLinkType",
      "/_edge/tenant_info",
    ]);
    // Only the site that was asked as somebody was told who that is, and the gateway gets no headers meant for the site.
    expect(site.seen[1]?.headers.authorization).toBeUndefined();
    expect(gateway.seen.map(({ url, headers }) => [url, headers["x-gateway"]])).toEqual(
      Array.from({ length: 2 }, () => [`/ex/jira/${cloudId}/rest/api/3/issueLinkType`, undefined]),
    );
    expect(gateway.seen[0]?.headers.authorization).toBe(
      basic("ann@example.com:scoped-token").authorization,
    );
  });
});

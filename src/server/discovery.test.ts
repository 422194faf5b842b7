import { describe, expect, it } from "vitest";
import type { Product } from "../atlassian/site.ts";
import type { Connection } from "../auth/connection.ts";
import { accessTo, app, rules } from "../auth/resolve.fixtures.ts";
import { AtlassianMcpError } from "../errors.ts";
import type { ApiClient } from "../http/types.ts";
import { silentLogger } from "../log.ts";
import { SiteDiscovery } from "./discovery.ts";
import { noOperations } from "./operations/operations.ts";
import type { ApiTarget, Runtime } from "./runtime.ts";

const id = "11111111-2222-4333-8444-555555555555";
type Answer = object | AtlassianMcpError;

/** Sites that answer by address, the first answer first; what was asked and as whom. */
function world(answers: Readonly<Record<string, readonly Answer[]>>) {
  const asked: string[] = [];
  const targets: ApiTarget[] = [];
  const counts = new Map<string, number>();
  const runtime: Runtime = {
    access: { jira: accessTo("jira", "unsure") },
    authRules: rules(),
    policy: { readOnly: false, surface: "core" },
    jira: {},
    confluence: {},
    apiUrl: new URL("https://api.atlassian.com"),
    validation: { ttlMs: 0, maxEntries: 0 },
    async api(target, { readOnly }): Promise<ApiClient> {
      expect(readOnly).toBe(true);
      targets.push(target);
      return {
        async json({ path }) {
          const url = `${target.apiBase.href.replace(/\/$/, "")}${path.path}`;
          asked.push(url);
          const count = counts.get(url) ?? 0;
          counts.set(url, count + 1);
          const all = answers[url] ?? [new AtlassianMcpError("not_found", "nothing here")];
          const answer = all[Math.min(count, all.length - 1)];
          if (answer instanceof AtlassianMcpError) throw answer;
          return answer;
        },
      };
    },
    async managerOfUser() {
      throw new Error("not needed");
    },
    async oauth() {
      throw new Error("is not needed");
    },
    log: silentLogger,
    operations: noOperations,
  };
  return { discovery: new SiteDiscovery(runtime), asked, targets };
}

function connectionTo(text: string | undefined, more: Partial<Connection> = {}): Connection {
  const product: Product = more.product ?? "jira";
  return {
    product,
    url: text === undefined ? undefined : new URL(text),
    deployment: "unsure",
    method: "basic",
    source: "operator",
    credential: { kind: "basic", user: "ada", secret: "adas-secret" },
    passthrough: { cookie: "a=b" },
    isGuarded: false,
    fingerprint: "print",
    ...more,
  };
}

const site = "https://x.example.com";
const down = new AtlassianMcpError("network", "down");

describe("what a site is", () => {
  it("is asked without anybody's credentials, and guarded where a caller chose it", async () => {
    const { discovery, targets } = world({
      [`${site}/jira/rest/api/2/serverInfo`]: [{ deploymentType: "Server" }],
    });
    const connection = connectionTo(`${site}/jira`, { isGuarded: true, source: "caller" });
    expect(await discovery.deploymentOf(connection)).toBe("datacenter");
    expect(targets).not.toHaveLength(0);
    for (const { source, isGuarded, credentials } of targets) {
      expect([source, isGuarded, await credentials.headers()]).toEqual(["nobody", true, {}]);
    }
  });

  it("is asked once, also by many at a time, and each way of reaching it by itself", async () => {
    const { discovery, asked } = world({
      [`${site}/rest/api/2/serverInfo`]: [{ deploymentType: "Cloud" }],
    });
    const ask = (more: Partial<Connection> = {}) =>
      discovery.deploymentOf(connectionTo(site, more));
    expect(await Promise.all([ask(), ask(), ask({ fingerprint: "other" })])).toEqual(
      Array.from({ length: 3 }, () => "cloud"),
    );
    await ask();
    expect(asked).toHaveLength(1);
    // What a caller's connection finds out is not believed about the operator's.
    await ask({ isGuarded: true });
    expect(asked).toHaveLength(2);
  });

  it("is asked again after it could not be asked", async () => {
    const { discovery } = world({
      [`${site}/rest/api/2/serverInfo`]: [down, { deploymentType: "Cloud" }],
    });
    await expect(discovery.deploymentOf(connectionTo(site))).rejects.toBe(down);
    expect(await discovery.deploymentOf(connectionTo(site))).toBe("cloud");
  });
});

describe("the cloud id of a site", () => {
  it("is asked for at its origin, in lower case, and remembered", async () => {
    const { discovery, asked } = world({
      [`${site}/_edge/tenant_info`]: [{ cloudId: id.replace("5", "A") }],
    });
    const connection = connectionTo(`${site}/wiki`, { product: "confluence" });
    const wanted = id.replace("5", "a");
    expect(await discovery.cloudIdOf(connection)).toBe(wanted);
    expect(await discovery.cloudIdOf(connection)).toBe(wanted);
    expect(asked).toEqual([`${site}/_edge/tenant_info`]);
  });

  it.each([
    {},
    { cloudId: 1 },
    { cloudId: "../../x" },
    { cloudId: `${id}/x` },
    [],
    { cloudId: "" },
  ])("is not %j, and is asked for again", async (answer) => {
    const { discovery } = world({ [`${site}/_edge/tenant_info`]: [answer, { cloudId: id }] });
    expect(await discovery.cloudIdOf(connectionTo(site))).toBeUndefined();
    expect(await discovery.cloudIdOf(connectionTo(site))).toBe(id);
  });

  it("is unknown while the site cannot be asked, and without an address", async () => {
    const { discovery, asked } = world({ [`${site}/_edge/tenant_info`]: [down, { cloudId: id }] });
    expect(await discovery.cloudIdOf(connectionTo(undefined))).toBeUndefined();
    expect(asked).toHaveLength(0);
    expect(await discovery.cloudIdOf(connectionTo(site))).toBeUndefined();
    expect(await discovery.cloudIdOf(connectionTo(site))).toBe(id);
  });
});

describe("credentials of OAuth", () => {
  it("are asked for again after they could not be made", async () => {
    const { discovery } = world({});
    await expect(discovery.credentialsFor({ kind: "grant", app })).rejects.toThrow("not needed");
    await expect(discovery.credentialsFor({ kind: "grant", app })).rejects.toThrow("not needed");
  });
});

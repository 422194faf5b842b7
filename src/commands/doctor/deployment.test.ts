import { describe, expect, it } from "vitest";
import { fakeSite } from "../../../test/fakes/fake-site.ts";
import { AtlassianMcpError } from "../../errors.ts";
import { askVersion, deploymentFinding, readSiteFacts } from "./deployment.ts";

const probed = (text: string, status = 200) => ({ status, headers: {}, text, elapsedMs: 1 });

describe("what a site says in public", () => {
  it.each([
    [
      '{"version":"10.3.1","buildNumber":1030,"deploymentType":"Server"}',
      { version: "10.3.1", build: "1030", deployment: "datacenter" },
    ],
    ['{"deploymentType":"Cloud"}', { deployment: "cloud" }],
    ["<manifest><version>9.2.1</version></manifest>", { version: "9.2.1" }],
    ["[]", {}],
    ["nothing", {}],
  ])("%s", (text, facts) => {
    expect(readSiteFacts(probed(text))).toEqual(facts);
  });

  it("counts only where the answer is the one that was asked for", () => {
    expect(readSiteFacts(probed('{"version":"1"}', 401))).toEqual({});
  });
});

describe("the version", () => {
  it("is asked for with credentials where the public does not get it", async () => {
    const { client } = fakeSite({
      routes: { "GET /rest/api/server-information": { version: "10.2.1", buildNumber: 1 } },
    });
    const facts = await askVersion("confluence", "datacenter", {}, client);
    expect(facts).toMatchObject({ version: "10.2.1", build: "1" });
  });

  it("is not asked for twice, nor where there is none", async () => {
    const { client, sent } = fakeSite({ routes: {} });
    expect(await askVersion("jira", "cloud", { version: "1" }, client)).toEqual({ version: "1" });
    expect(await askVersion("confluence", "cloud", {}, client)).toEqual({});
    expect(sent).toEqual([]);
  });

  it("may stay unknown", async () => {
    const refused = new AtlassianMcpError("auth", "no");
    const { client } = fakeSite({ routes: { "GET /rest/api/server-information": refused } });
    expect(await askVersion("confluence", "datacenter", {}, client)).toEqual({});
  });
});

describe("the deployment", () => {
  const product = "jira";
  it.each([
    [{ url: new URL("https://a.atlassian.net") }, "cloud", /^Cloud, by its host name/],
    [{ url: new URL("https://jira.example.com") }, "cloud", /^Cloud, as the site says/],
    [
      { url: new URL("https://jira.example.com"), deployment: "datacenter" },
      "datacenter",
      /^Data Center, as JIRA_DEPLOYMENT says, version 9$/,
    ],
    [{}, "cloud", /^Cloud, named by its id alone/],
  ] as const)("%j", (own, deployment, text) => {
    const finding = deploymentFinding({ product, ...own }, deployment, { version: "9" });
    expect(finding.outcome).toBe("ok");
    expect(finding.text).toMatch(text);
  });

  it("is a problem where the site contradicts the settings", () => {
    const own = { product, url: new URL("https://jira.example.com"), deployment: "cloud" } as const;
    const finding = deploymentFinding(own, "cloud", { deployment: "datacenter" });
    expect(finding).toMatchObject({ outcome: "problem", setting: "JIRA_DEPLOYMENT" });
    expect(finding.remedy).toContain("JIRA_DEPLOYMENT=datacenter");
  });
});

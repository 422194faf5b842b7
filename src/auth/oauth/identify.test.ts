import { describe, expect, it } from "vitest";
import { identify, signInSite, subjectOf } from "./identify.ts";
import { cloudApp, dataCenterApp } from "./oauth.fixtures.ts";
import type { Fetch } from "./types.ts";

const id = "11111111-2222-3333-4444-555555555555";
const site = { id, name: "Acme", url: "https://acme.atlassian.net", scopes: [] };
const { issuer: cloud } = cloudApp();
const { issuer: jira } = dataCenterApp();
const confluence = { ...jira, product: "confluence" } as typeof jira;

/** Answers by path; a number is a status without a body. */
function siteThat(answers: Record<string, object | number>): Fetch & { asked: string[] } {
  const asked: string[] = [];
  const serve: Fetch = async (url) => {
    const { pathname } = new URL(url);
    asked.push(pathname);
    const answer = answers[pathname] ?? 404;
    return typeof answer === "number"
      ? new Response("", { status: answer })
      : Response.json(answer);
  };
  return Object.assign(serve, { asked });
}

const sitesPath = "/oauth/token/accessible-resources";
const jiraPath = `/ex/jira/${id}/rest/api/3/myself`;
const confluencePath = `/ex/confluence/${id}/wiki/rest/api/user/current`;

describe("who has signed in", () => {
  it("on Cloud is whom the profile names", async () => {
    const fetch = siteThat({
      [sitesPath]: [site],
      "/me": { account_id: "a1", name: "Ada", email: "ada@example.com" },
    });
    const account = { id: "a1", name: "Ada", email: "ada@example.com" };
    expect(await identify(fetch, cloud, "token")).toEqual({ account, sites: [site] });
  });

  it.each([
    ["Jira", { [jiraPath]: { accountId: "a1", displayName: "Ada" } }],
    ["Confluence", { [jiraPath]: 403, [confluencePath]: { accountId: "a1", displayName: "Ada" } }],
  ])("on Cloud is asked of %s where the app may not read the profile", async (_name, products) => {
    const fetch = siteThat({ [sitesPath]: [site], "/me": 403, ...products });
    expect((await identify(fetch, cloud, "token")).account).toEqual({ id: "a1", name: "Ada" });
  });

  it("on Cloud cannot be told without any scope for it", async () => {
    const fetch = siteThat({
      [sitesPath]: [site],
      "/me": 403,
      [jiraPath]: 403,
      [confluencePath]: 403,
    });
    await expect(identify(fetch, cloud, "token")).rejects.toMatchObject({ code: "scope" });
  });

  it("on Cloud may reach no site", async () => {
    const fetch = siteThat({ [sitesPath]: [], "/me": { account_id: "a1" } });
    expect((await identify(fetch, cloud, "token")).sites).toEqual([]);
  });

  it("on Data Center is the instance's user, below its context path", async () => {
    const ofJira = siteThat({
      "/jira/rest/api/2/myself": { key: "JIRAUSER1", displayName: "Ada" },
    });
    expect(await identify(ofJira, jira, "token")).toMatchObject({ account: { id: "JIRAUSER1" } });
    const ofConfluence = siteThat({ "/jira/rest/api/user/current": { userKey: "u1" } });
    expect(await identify(ofConfluence, confluence, "token")).toEqual({
      account: { id: "u1", name: undefined },
    });
  });

  it("on Data Center is nobody without a key", async () => {
    const fetch = siteThat({ "/jira/rest/api/user/current": { type: "anonymous" } });
    await expect(identify(fetch, confluence, "token")).rejects.toMatchObject({ code: "shape" });
  });
});

describe("a subject", () => {
  it("is the same for the same person and tells nothing about them", () => {
    expect(subjectOf(cloud, "a1")).toBe(subjectOf(cloud, "a1"));
    expect(subjectOf(cloud, "a1")).not.toContain("a1");
  });

  it("differs by person, by kind of issuer and by instance", () => {
    const other = { ...jira, baseUrl: new URL("https://other.example.com") } as typeof jira;
    const all = [
      subjectOf(cloud, "a1"),
      subjectOf(cloud, "a2"),
      subjectOf(jira, "a1"),
      subjectOf(other, "a1"),
    ];
    expect(new Set(all).size).toBe(4);
  });
});

it("names the place of sign-in where there is one of the operator's own", () => {
  expect(signInSite(cloud)).toBeUndefined();
  expect(signInSite(jira)?.href).toBe("https://jira.example.com/jira");
});

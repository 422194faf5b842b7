import { describe, expect, it } from "vitest";
import { isCloudId } from "./cloud-id.ts";
import { allOf, failureOf, fakeFetch, secrets, secretText } from "./oauth.fixtures.ts";
import { accessibleResources, cloudIdOf, matchSite, profile } from "./sites.ts";

const api = new URL("https://api.atlassian.com");
const [one, two] = ["11111111-aaaa-bbbb-cccc-111111111111", "22222222-aaaa-bbbb-cccc-222222222222"];
const site = (id: string, url: string, scopes: string[]) => ({ id, name: "Acme", url, scopes });

describe("the sites of a token", () => {
  it("come as one entry per site, with the scopes of all its products", async () => {
    const { fetch, sent } = fakeFetch({
      body: [
        { ...site(one, "https://acme.atlassian.net", ["read:jira-work"]), avatarUrl: "x" },
        site(two, "https://other.atlassian.net/", []),
        site(one, "https://acme.atlassian.net", ["read:page:confluence", "read:jira-work"]),
      ],
    });
    expect(await accessibleResources(fetch, api, secrets.access)).toEqual([
      site(one, "https://acme.atlassian.net", ["read:jira-work", "read:page:confluence"]),
      site(two, "https://other.atlassian.net", []),
    ]);
    expect(sent[0]?.url).toBe("https://api.atlassian.com/oauth/token/accessible-resources");
    expect(sent[0]?.init.headers).toMatchObject({ authorization: `Bearer ${secrets.access}` });
  });

  it.each([
    [{ status: 401, body: {} }, "auth"],
    [{ status: 429, body: {} }, "rate_limited"],
    [{ status: 500, body: secrets.access }, "upstream"],
    [{ status: 302, body: "" }, "upstream"],
    [{ status: 200, body: "<html>" }, "shape"],
    [{ status: 200, body: [site("../../admin", "https://x.example", [])] }, "shape"],
    [new TypeError("fetch failed"), "network"],
  ])("%j is %s", async (answer, code) => {
    const { fetch } = fakeFetch(answer);
    const error = await failureOf(accessibleResources(fetch, api, secrets.access));
    expect(error).toMatchObject({ code });
    expect(allOf(error)).not.toMatch(secretText);
  });
});

describe("the person behind a token", () => {
  it("has an id, and a name and an address where they are told", async () => {
    const body = { account_id: "5b10", name: "Ada", email: null, picture: "x" };
    const { fetch } = fakeFetch({ body });
    expect(await profile(fetch, api, secrets.access)).toEqual({ id: "5b10", name: "Ada" });
  });

  it.each([401, 403])("stays unknown without the scope (%s)", async (status) => {
    const { fetch } = fakeFetch({ status, body: { code: status } });
    expect(await profile(fetch, api, secrets.access)).toBeUndefined();
  });

  it("is not guessed when the gateway fails", async () => {
    const { fetch } = fakeFetch({ status: 502, body: "" });
    expect(await failureOf(profile(fetch, api, "x"))).toMatchObject({ code: "upstream" });
  });
});

describe("the cloud id of a site", () => {
  it("is asked from the site without credentials, whatever product the address names", async () => {
    const { fetch, sent } = fakeFetch({ body: { cloudId: one } });
    expect(await cloudIdOf(fetch, new URL("https://acme.atlassian.net/wiki/x?y"))).toBe(one);
    expect(sent[0]?.url).toBe("https://acme.atlassian.net/_edge/tenant_info");
    expect(sent[0]?.init.headers).not.toHaveProperty("authorization");
  });

  it.each([
    { status: 404, body: "" },
    { status: 302, body: "" },
    { status: 200, body: "<html>" },
    { status: 200, body: {} },
    { status: 200, body: { cloudId: "x/../../y" } },
  ])("is unknown after %j", async (answer) => {
    const { fetch } = fakeFetch(answer);
    expect(await cloudIdOf(fetch, new URL("https://jira.example.com"))).toBeUndefined();
  });

  it.each([
    [one, true],
    [one.toUpperCase(), true],
    [`${one}/../x`, false],
    [`${one}\n`, false],
    ["11111111aaaabbbbcccc111111111111", false],
    ["", false],
  ])("%j is one: %s", (text, expected) => {
    expect(isCloudId(text)).toBe(expected);
  });
});

describe("finding the site of an address", () => {
  const sites = [site(one, "https://acme.atlassian.net", []), site(two, "no address", [])];

  it.each([
    ["https://acme.atlassian.net/wiki", one],
    ["https://ACME.atlassian.net", one],
    ["https://acme.atlassian.net.example.com", undefined],
    ["https://other.atlassian.net", undefined],
  ])("%s belongs to %s", (url, id) => {
    expect(matchSite(sites, new URL(url))?.id).toBe(id);
  });
});

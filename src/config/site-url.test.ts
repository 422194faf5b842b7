import { describe, expect, it } from "vitest";
import { deploymentOfHost, isLoopbackHost, siteBase } from "./site-url.ts";

describe("deploymentOfHost", () => {
  it.each([
    "your-company.atlassian.net",
    "ACME.Atlassian.Net.",
    "acme.jira.com",
    "acme.jira-dev.com",
    "api.atlassian.com",
    "acme.atlassian-us-gov-mod.net",
    "acme.atlassian-us-gov.net",
  ])("takes %s for Cloud", (host) => {
    expect(deploymentOfHost(host)).toBe("cloud");
  });

  it.each(["jira", "jira.corp", "jira.company.local", "wiki.internal", "jira.home.arpa"])(
    "takes %s, which no public name ends in, for Data Center",
    (host) => {
      expect(deploymentOfHost(host)).toBe("datacenter");
    },
  );

  it.each([
    "jira.example.com",
    "notatlassian.net",
    "atlassian.net.example.com",
    "localhost",
    "jira.localhost",
    "127.0.0.1",
    "10.1.2.3",
    "[::1]",
    "[fd00::1]",
    "host.docker.internal",
  ])("is unsure about %s", (host) => {
    expect(deploymentOfHost(host)).toBe("unsure");
  });
});

describe("isLoopbackHost", () => {
  it.each(["localhost", "LOCALHOST.", "a.localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]"])(
    "is true for %s",
    (host) => {
      expect(isLoopbackHost(host)).toBe(true);
    },
  );

  it.each(["0.0.0.0", "::", "10.0.0.1", "127.0.0.1.example.com", "localhost.example.com"])(
    "is false for %s",
    (host) => {
      expect(isLoopbackHost(host)).toBe(false);
    },
  );
});

describe("siteBase", () => {
  const cases: [string, "jira" | "confluence", "cloud" | "datacenter" | "unsure", string][] = [
    ["https://x.atlassian.net/", "jira", "cloud", "https://x.atlassian.net/"],
    ["https://x.atlassian.net", "confluence", "cloud", "https://x.atlassian.net/wiki"],
    ["https://x.atlassian.net/wiki/", "confluence", "cloud", "https://x.atlassian.net/wiki"],
    [
      "https://api.atlassian.com/ex/jira/id/",
      "jira",
      "cloud",
      "https://api.atlassian.com/ex/jira/id",
    ],
    [
      "https://api.atlassian.com/ex/confluence/id",
      "confluence",
      "cloud",
      "https://api.atlassian.com/ex/confluence/id/wiki",
    ],
    ["https://dc.example.com/jira//", "jira", "datacenter", "https://dc.example.com/jira"],
    ["https://dc.example.com/wiki", "confluence", "unsure", "https://dc.example.com/wiki"],
    ["https://dc.example.com", "confluence", "unsure", "https://dc.example.com/"],
    ["https://dc.example.com/jira?a=b#c", "jira", "unsure", "https://dc.example.com/jira"],
  ];

  it.each(cases)("uses %s as %s %s at %s", (written, product, deployment, base) => {
    const result = siteBase(new URL(written), product, deployment);
    expect(result.url.href).toBe(base);
    expect(result.dropped).toBeUndefined();
  });

  it("drops the rest of an address copied from the browser, and says so", () => {
    const jira = siteBase(new URL("https://x.atlassian.net/jira/projects"), "jira", "cloud");
    expect([jira.url.href, jira.dropped]).toEqual(["https://x.atlassian.net/", "/jira/projects"]);
    const wiki = siteBase(new URL("https://x.atlassian.net/wiki/home"), "confluence", "cloud");
    expect([wiki.url.href, wiki.dropped]).toEqual(["https://x.atlassian.net/wiki", "/wiki/home"]);
  });
});

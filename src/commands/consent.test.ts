import { describe, expect, it } from "vitest";
import { settingsOf } from "../../test/fakes/command-world.ts";
import { consentFor, shortfallOf, toolsOf } from "./consent.ts";
import { appOfDraft, type Draft, draftsOf } from "./drafts.ts";

const cloudApp = {
  JIRA_URL: "https://a.atlassian.net",
  ATLASSIAN_OAUTH_CLIENT_ID: "one",
  ATLASSIAN_OAUTH_CLIENT_SECRET: "s",
};
const atHome = { ...cloudApp, JIRA_URL: "https://jira.corp" };

function scene(env: Record<string, string>) {
  const settings = settingsOf(env);
  const [draft] = draftsOf(settings, undefined);
  const app = appOfDraft(draft as Draft, settings);
  const tools = toolsOf(draft as Draft, settings);
  return { app, tools, issuer: app.issuer };
}

describe("what a person is asked to consent to", () => {
  it("follows the tools in use", () => {
    const all = scene(cloudApp);
    const one = scene({ ...cloudApp, ENABLED_TOOLS: "jira_search" });
    expect(all.tools.length).toBeGreaterThan(one.tools.length);
    expect(consentFor(one.app, one.tools, false).scopes).toEqual(
      expect.arrayContaining(["offline_access", "read:me", "read:jira-work"]),
    );
    expect(consentFor(all.app, all.tools, false).scopes).toContain("write:jira-work");
    expect(all.tools.every(({ product }) => product === "jira")).toBe(true);
  });

  it("is granular on demand", () => {
    const { app, tools } = scene({ ...cloudApp, ENABLED_TOOLS: "jira_get_issue" });
    const { scopes } = consentFor(app, tools, true);
    expect(scopes).toContain("read:issue:jira");
    expect(scopes).not.toContain("read:jira-work");
  });

  it.each([
    [{}, ["WRITE"]],
    [{ READ_ONLY_MODE: "true" }, ["READ"]],
    [{ JIRA_OAUTH_SCOPE: "ADMIN" }, ["ADMIN"]],
  ])("is one word on Data Center: with %j %j", (env, expected) => {
    const { app, tools } = scene({ ...atHome, ...env });
    expect(consentFor(app, tools, false).scopes).toEqual(expected);
  });
});

describe("a grant", () => {
  it("that covers one kind of scopes leaves nothing short", () => {
    const { app, tools, issuer } = scene(cloudApp);
    for (const isGranular of [false, true]) {
      const { scopes } = consentFor(app, tools, isGranular);
      expect(shortfallOf(scopes, tools, issuer).tools).toEqual([]);
    }
  });

  it("that only reads leaves the writing tools short", () => {
    const cloud = scene(cloudApp);
    const short = shortfallOf(["read:jira-work"], cloud.tools, cloud.issuer);
    expect(short.tools).toContain("jira_create_issue");
    expect(short.scopes).toContain("write:jira-work");
    const home = scene(atHome);
    const { tools } = shortfallOf(["READ"], home.tools, home.issuer);
    expect(tools).toContain("jira_create_issue");
    expect(tools).not.toContain("jira_get_issue");
  });

  it("of which nothing is known is not judged", () => {
    const { tools, issuer } = scene(cloudApp);
    expect(shortfallOf([], tools, issuer)).toEqual({ tools: [], scopes: [] });
  });
});

import { describe, expect, it } from "vitest";
import {
  type Answers,
  fakeOutside,
  fakeTerminal,
  now,
  settingsOf,
} from "../../test/fakes/command-world.ts";
import { openGrantStore } from "../auth/oauth/grant-store.ts";
import type { Grant } from "../auth/oauth/types.ts";
import { silentLogger } from "../log.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import type { Store } from "../store/types.ts";
import { appOfDraft, draftsOf } from "./drafts.ts";
import { runLogout } from "./logout.ts";
import { runStatus } from "./status.ts";

const atHome = {
  JIRA_URL: "https://jira.corp",
  JIRA_OAUTH_CLIENT_ID: "j",
  JIRA_OAUTH_CLIENT_SECRET: "secret-of-jira",
  CONFLUENCE_URL: "https://wiki.corp",
  CONFLUENCE_OAUTH_CLIENT_ID: "c",
  CONFLUENCE_OAUTH_CLIENT_SECRET: "secret-of-confluence",
};
const grant: Grant = {
  version: 1,
  accessToken: "the-access-token",
  refreshToken: "the-refresh-token",
  expiresAt: now + 60_000,
  scopes: ["WRITE"],
  account: { id: "ann", name: "Ann" },
  signedInAt: now - 1000,
};

/** A store in which the first so many sign-ins of the settings are kept. */
async function storeWith(env: Record<string, string>, count: number, kept = grant): Promise<Store> {
  const store = createMemoryStore();
  const settings = settingsOf(env);
  for (const draft of draftsOf(settings, undefined).slice(0, count)) {
    const app = appOfDraft(draft, settings);
    await openGrantStore({ app, store, log: silentLogger }).save(kept);
  }
  return store;
}

async function status(env: Record<string, string>, store: Store, json = false) {
  const terminal = fakeTerminal();
  const outside = fakeOutside({}, store);
  const settings = settingsOf(env);
  const code = await runStatus({ settings, flags: { json }, terminal, outside });
  return { code, text: terminal.printed(), told: terminal.told() };
}

async function logout(env: Record<string, string>, store: Store, answers: Answers = {}) {
  const terminal = fakeTerminal();
  const outside = fakeOutside(answers, store);
  const code = await runLogout({ settings: settingsOf(env), flags: {}, terminal, outside });
  const { requests } = outside;
  return { code, requests, text: terminal.printed(), told: terminal.told() };
}

const revoked: Answers = {
  "POST https://jira.corp/rest/oauth2/latest/revoke": () => new Response(null, { status: 200 }),
  "POST https://wiki.corp/rest/oauth2/latest/revoke": () => new Response(null, { status: 200 }),
};

describe("auth status", () => {
  it.each([
    [2, 0],
    [1, 1],
    [0, 1],
  ])("with %i of 2 signed in ends with %i", async (count, code) => {
    expect((await status(atHome, await storeWith(atHome, count))).code).toBe(code);
  });

  it("never shows a token", async () => {
    const store = await storeWith(atHome, 2);
    const { text } = await status(atHome, store);
    const json = await status(atHome, store, true);
    expect(text).toContain("Ann");
    expect(text + json.text).not.toMatch(/the-(access|refresh)-token|secret-of/);
    expect(JSON.parse(json.text).apps[0]).toMatchObject({
      signedIn: true,
      isExpired: false,
      isRenewable: true,
      expiresAt: "2026-11-27T12:01:00.000Z",
    });
  });

  it("tells when the end is past", async () => {
    const store = await storeWith(atHome, 2, { ...grant, refreshToken: undefined, expiresAt: 0 });
    expect((await status(atHome, store)).text).toMatch(/past.*no refresh token/);
  });

  it("ends with 1 and says what is missing when no app is named", async () => {
    const { code, told } = await status({}, createMemoryStore());
    expect(code).toBe(1);
    expect(told).toContain("ATLASSIAN_OAUTH_CLIENT_ID");
  });
});

describe("auth logout", () => {
  it("revokes both tokens of each site after forgetting them", async () => {
    const store = await storeWith(atHome, 2);
    const { code, requests } = await logout(atHome, store, revoked);
    expect(code).toBe(0);
    expect(requests.map(({ body }) => new URLSearchParams(body).get("token"))).toEqual([
      "the-refresh-token",
      "the-access-token",
      "the-refresh-token",
      "the-access-token",
    ]);
    expect((await status(atHome, store)).text).not.toContain("Ann");
  });

  it("may be repeated, and then asks nobody", async () => {
    expect(await logout(atHome, createMemoryStore())).toMatchObject({ code: 0, requests: [] });
  });

  it("forgets all the same when a site cannot be told, and goes on with the other", async () => {
    const store = await storeWith(atHome, 2);
    const { code, told, text } = await logout(atHome, store, {
      ...revoked,
      "POST https://jira.corp/rest/oauth2/latest/revoke": () =>
        Response.json({ error: "invalid_client" }, { status: 401 }),
    });
    expect(code).toBe(1);
    expect(told).not.toContain("the-refresh-token");
    expect(text).toMatch(/Confluence.*revoked/);
    expect((await status(atHome, store)).text).not.toContain("Ann");
  });

  it("revokes nothing on Cloud and says where the person can", async () => {
    const env = {
      JIRA_URL: "https://a.atlassian.net",
      ATLASSIAN_OAUTH_CLIENT_ID: "one",
      ATLASSIAN_OAUTH_CLIENT_SECRET: "s",
    };
    const { code, requests, text } = await logout(env, await storeWith(env, 1));
    expect({ code, requests }).toEqual({ code: 0, requests: [] });
    expect(text).toContain("id.atlassian.com");
  });

  it("ends with 2 when nothing tells which sign-in is meant", async () => {
    expect((await logout({}, createMemoryStore())).code).toBe(2);
  });
});

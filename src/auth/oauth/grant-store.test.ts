import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../test/fakes/children.ts";
import { silentLogger } from "../../log.ts";
import { createMemoryStore } from "../../store/memory-store.ts";
import { openGrantStore } from "./grant-store.ts";
import { cloudApp, dataCenterApp, grantOf, listen, secrets, secretText } from "./oauth.fixtures.ts";
import type { OAuthApp } from "./types.ts";

const log = silentLogger;
const cloudId = "11111111-aaaa-bbbb-cccc-111111111111";

describe("where a grant is kept", () => {
  it("is the same place for the same app, whatever else changes", async () => {
    const store = createMemoryStore();
    const full = grantOf({
      cloudId,
      sites: [{ id: cloudId, name: "Acme", url: "https://acme.atlassian.net", scopes: ["a"] }],
      account: { id: "5b10", name: "Ada" },
    });
    await openGrantStore({ app: cloudApp(), store, log }).save(full);
    const app = { ...cloudApp(), scopes: ["other"], clientSecret: "new", redirectUri: undefined };
    expect((await openGrantStore({ app, store, log }).read())?.grant).toEqual(full);
  });

  it("is another one for each issuer, site and client", async () => {
    const store = createMemoryStore();
    const confluence = dataCenterApp();
    const apps: OAuthApp[] = [
      cloudApp(),
      { ...cloudApp(), clientId: "other" },
      cloudApp(new URL("https://auth.other.example")),
      dataCenterApp(),
      dataCenterApp("https://jira.example.com/other"),
      {
        ...confluence,
        issuer: {
          kind: "datacenter",
          product: "confluence",
          baseUrl: new URL("https://jira.example.com/jira"),
        },
      },
    ];
    for (const [index, app] of apps.entries()) {
      const grants = openGrantStore({ app, store, log });
      expect(await grants.read()).toBeUndefined();
      await grants.save(grantOf({ signedInAt: index }));
    }
  });

  it("does not mind a slash at the end of a site's address", async () => {
    const store = createMemoryStore();
    await openGrantStore({ app: dataCenterApp(), store, log }).save(grantOf());
    const app = dataCenterApp("https://jira.example.com/jira/");
    expect(await openGrantStore({ app, store, log }).read()).toBeDefined();
  });

  it.each(["no JSON", "{}", '{"version":2}', JSON.stringify({ ...grantOf(), expiresAt: "soon" })])(
    "tells %j from no grant at all",
    async (text) => {
      const store = createMemoryStore();
      await store.put("grant:cloud:auth.atlassian.com:app", text);
      const grants = openGrantStore({ app: cloudApp(), store, log });
      expect(await grants.read()).toEqual({ text, grant: undefined });
    },
  );
});

describe("a token file of the Python implementation", () => {
  const file = {
    refresh_token: secrets.refresh,
    access_token: secrets.access,
    expires_at: 1_700_000_000.25,
    cloud_id: cloudId,
    base_url: null as string | null,
  };
  const start = async (content: object | string, app: OAuthApp = cloudApp()) => {
    const legacyFolder = await temporaryFolder();
    const text = typeof content === "string" ? content : JSON.stringify(content);
    const path = join(legacyFolder, "oauth-app.json");
    await writeFile(path, text);
    const heard = listen();
    const options = { app, store: createMemoryStore(), log: heard.log, legacyFolder };
    return { ...heard, options, grants: openGrantStore(options), path, text, legacyFolder };
  };

  it("is taken over once, with a word in the log, and left as it was", async () => {
    const { grants, options, lines, path, text, legacyFolder } = await start(file);
    expect((await grants.read())?.grant).toEqual({
      version: 1,
      accessToken: secrets.access,
      refreshToken: secrets.refresh,
      expiresAt: 1_700_000_000_250,
      scopes: [],
      cloudId,
      signedInAt: expect.any(Number),
    });
    await grants.read();
    await openGrantStore(options).read();
    expect(lines).toHaveLength(1);
    expect(lines.join()).not.toMatch(secretText);
    expect(await readFile(path, "utf8")).toBe(text);
    expect(await readdir(legacyFolder)).toEqual(["oauth-app.json"]);
  });

  it("does not sign in again after a sign-out", async () => {
    const { grants, options } = await start(file);
    await grants.read();
    await grants.delete();
    expect(await grants.read()).toBeUndefined();
    const never = await start(file);
    await never.grants.delete();
    expect(await never.grants.read()).toBeUndefined();
    expect(await openGrantStore(options).read()).toBeUndefined();
  });

  it("does not replace what is there", async () => {
    const { grants } = await start(file);
    await grants.save(grantOf({ accessToken: "newer" }));
    expect((await grants.read())?.grant?.accessToken).toBe("newer");
  });

  it("is refreshed first when it has no access token", async () => {
    const { grants } = await start({ refresh_token: secrets.refresh });
    expect((await grants.read())?.grant).toMatchObject({
      refreshToken: secrets.refresh,
      expiresAt: 0,
    });
  });

  it.each([
    [
      "a Data Center grant for a Cloud app",
      { ...file, base_url: "https://jira.example.com" },
      cloudApp(),
    ],
    ["a Cloud grant for a Data Center app", file, dataCenterApp()],
    ["a grant of another site", { ...file, base_url: "https://jira.example.com" }, dataCenterApp()],
    ["a grant for another login host", file, cloudApp(new URL("https://login.example.com"))],
    ["half a file", JSON.stringify(file).slice(0, 40), cloudApp()],
    ["a file without tokens", { base_url: null }, cloudApp()],
    ["a file of another client", file, { ...cloudApp(), clientId: "other" }],
    ["a client id that is a path", file, { ...cloudApp(), clientId: "x/../oauth-app" }],
  ])("is not taken for %s", async (_what, content, app) => {
    const { grants, lines } = await start(content, app);
    expect(await grants.read()).toBeUndefined();
    expect(lines).toEqual([]);
  });

  it("is taken for the Data Center site it belongs to", async () => {
    const base_url = "https://jira.example.com/jira/";
    const { grants } = await start({ ...file, cloud_id: null, base_url }, dataCenterApp());
    expect((await grants.read())?.grant).toMatchObject({ accessToken: secrets.access });
  });

  it("is not missed when there is none", async () => {
    const { options } = await start(file);
    const legacyFolder = join(options.legacyFolder, "none");
    expect(await openGrantStore({ ...options, legacyFolder }).read()).toBeUndefined();
  });
});

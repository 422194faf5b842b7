import { describe, expect, it } from "vitest";
import { AtlassianMcpError } from "../../errors.ts";
import { createMemoryStore } from "../../store/memory-store.ts";
import type { Store } from "../../store/types.ts";
import { openGrantStore } from "./grant-store.ts";
import {
  allOf,
  cloudApp,
  dataCenterApp,
  failureOf,
  fakeFetch,
  grantOf,
  listen,
  secrets,
  secretText,
  tokens,
} from "./oauth.fixtures.ts";
import { createTokenManager } from "./token-manager.ts";
import type { Fetch, Grant, OAuthApp } from "./types.ts";

const command = "mcp-atlassian auth login";
const hour = 3_600_000;
const dead = { status: 403, body: { error: "invalid_grant", error_description: secrets.refresh } };
const offline = new TypeError("fetch failed");

interface Setup {
  readonly grant?: Grant | undefined;
  readonly app?: OAuthApp;
  readonly store?: Store;
}

async function start(fetch: Fetch, { grant, app = cloudApp(), store }: Setup = {}) {
  const clock = { now: 10 * hour };
  const kept = store ?? createMemoryStore({ clock: () => clock.now });
  const { log, lines } = listen();
  const grants = openGrantStore({ app, store: kept, log });
  if (grant !== undefined) await grants.save(grant);
  const open = () =>
    createTokenManager({ app, store: kept, fetch, clock: () => clock.now, log, command });
  return { manager: open(), open, grants, clock, lines, store: kept };
}

describe("the access token", () => {
  it("is the stored one while it is good for more than five minutes", async () => {
    const { fetch, sent } = fakeFetch(tokens(2));
    const grant = grantOf({ expiresAt: 10 * hour + 300_001 });
    const { manager, clock } = await start(fetch, { grant });
    expect(await manager.accessToken()).toBe(secrets.access);
    expect(sent).toHaveLength(0);
    clock.now += 1;
    expect(await manager.accessToken()).toBe("access-2-of-a-short-life");
    expect(sent[0]?.body.get("refresh_token")).toBe(secrets.refresh);
  });

  it("is refreshed with what the last refresh gave", async () => {
    const { fetch, sent } = fakeFetch(
      tokens(2),
      tokens(3, { refresh_token: undefined }),
      tokens(4),
    );
    const { manager, clock, grants } = await start(fetch, { grant: grantOf({ cloudId: "x" }) });
    await manager.accessToken();
    expect((await grants.read())?.grant).toEqual({
      ...grantOf({ cloudId: "x" }),
      accessToken: "access-2-of-a-short-life",
      refreshToken: "refresh-2-of-a-long-life",
      scopes: ["read:me", "offline_access"],
      expiresAt: 11 * hour,
    });
    clock.now += hour;
    await manager.accessToken();
    clock.now += hour;
    await manager.accessToken();
    expect(sent.map(({ body }) => body.get("refresh_token"))).toEqual([
      secrets.refresh,
      "refresh-2-of-a-long-life",
      // An issuer that sends none lets the old one live on.
      "refresh-2-of-a-long-life",
    ]);
  });

  it("is refreshed once for twenty callers", async () => {
    const { fetch, sent } = fakeFetch(tokens(2));
    const { manager } = await start(fetch, { grant: grantOf() });
    const all = await Promise.all(Array.from({ length: 20 }, () => manager.accessToken()));
    expect(new Set(all)).toEqual(new Set(["access-2-of-a-short-life"]));
    expect(sent).toHaveLength(1);
  });

  it("is refreshed once for managers that share a store", async () => {
    const { fetch, sent } = fakeFetch(tokens(2));
    const { open } = await start(fetch, { grant: grantOf() });
    const all = await Promise.all(Array.from({ length: 5 }, () => open().accessToken()));
    expect(new Set(all)).toEqual(new Set(["access-2-of-a-short-life"]));
    expect(sent).toHaveLength(1);
  });

  it("is saved before it is given to anybody", async () => {
    const order: string[] = [];
    const memory = createMemoryStore();
    const store: Store = {
      ...memory,
      async compareAndSet(...all) {
        await new Promise((resolve) => setTimeout(resolve, 10));
        order.push("saved");
        return memory.compareAndSet(...all);
      },
    };
    const { manager } = await start(fakeFetch(tokens(2)).fetch, { grant: grantOf(), store });
    await manager.accessToken().then(() => order.push("used"));
    expect(order).toEqual(["saved", "used"]);
  });

  it("is not given when it could not be saved, and not asked for again before that", async () => {
    const memory = createMemoryStore();
    let isFull = true;
    const full = new AtlassianMcpError("config", "The disk is full");
    const store: Store = {
      ...memory,
      compareAndSet: (...all) => (isFull ? Promise.reject(full) : memory.compareAndSet(...all)),
    };
    const { fetch, sent } = fakeFetch(tokens(2), dead);
    const { manager } = await start(fetch, { grant: grantOf(), store });
    expect(await failureOf(manager.accessToken())).toBe(full);
    expect(await failureOf(manager.accessToken())).toBe(full);
    isFull = false;
    expect(await manager.accessToken()).toBe("access-2-of-a-short-life");
    expect(sent).toHaveLength(1);
  });

  it("of an issuer with short-lived tokens is used to half of its life", async () => {
    const { fetch, sent } = fakeFetch(tokens(2, { expires_in: 120 }), tokens(3));
    const { manager, clock } = await start(fetch, { grant: grantOf() });
    await manager.accessToken();
    clock.now += 59_000;
    expect(await manager.accessToken()).toBe("access-2-of-a-short-life");
    clock.now += 1000;
    expect(await manager.accessToken()).toBe("access-3-of-a-short-life");
    expect(sent).toHaveLength(2);
  });

  it("without refresh token is used to its end", async () => {
    const { fetch, sent } = fakeFetch(tokens(2));
    const grant = grantOf({ refreshToken: undefined, expiresAt: 10 * hour + 1 });
    const { manager, clock } = await start(fetch, { grant });
    expect(await manager.accessToken()).toBe(secrets.access);
    clock.now += 1;
    expect(await failureOf(manager.accessToken())).toMatchObject({
      code: "auth",
      details: { next: expect.stringContaining(command) },
    });
    expect(sent).toEqual([]);
  });

  it.each([
    ["nobody has signed in", undefined],
    ["the stored grant is of another version", { ...grantOf(), version: 2 } as unknown as Grant],
  ])("is not to be had when %s", async (_why, grant) => {
    const { fetch, sent } = fakeFetch(tokens(2));
    const { manager } = await start(fetch, { grant });
    expect(await failureOf(manager.accessToken())).toMatchObject({
      code: "auth",
      details: { next: expect.stringContaining(command) },
    });
    expect(await manager.grant()).toBeUndefined();
    expect(sent).toEqual([]);
  });
});

describe("a caller that gives up", () => {
  it("does not stop the refresh the others wait for", async () => {
    let answer = (_response: Response) => {};
    let asked = () => {};
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const fetch: Fetch = () =>
      new Promise((resolve) => {
        answer = resolve;
        asked();
      });
    const { manager } = await start(fetch, { grant: grantOf() });
    const stop = new AbortController();
    const impatient = manager.accessToken(stop.signal);
    const patient = manager.accessToken();
    await isAsked;
    stop.abort(new Error("enough"));
    await expect(impatient).rejects.toThrow("enough");
    answer(Response.json(tokens(2)));
    expect(await patient).toBe("access-2-of-a-short-life");
  });

  it("before it begins asks nobody", async () => {
    const { fetch, sent } = fakeFetch(tokens(2));
    const { manager } = await start(fetch, { grant: grantOf() });
    const signal = AbortSignal.abort(new Error("before"));
    await expect(manager.accessToken(signal)).rejects.toThrow("before");
    await expect(manager.renew(secrets.access, signal)).rejects.toThrow("before");
    expect(sent).toEqual([]);
  });
});

describe("a dead grant", () => {
  it("gives one clear error and bothers the issuer once, until somebody signs in", async () => {
    const { fetch, sent } = fakeFetch(dead, tokens(5));
    const { manager, grants, clock } = await start(fetch, { grant: grantOf() });
    for (let times = 0; times < 3; times++) {
      expect(await failureOf(manager.accessToken())).toMatchObject({
        code: "auth",
        details: { next: expect.stringContaining(command) },
      });
    }
    expect(await failureOf(manager.renew(secrets.access))).toMatchObject({ code: "auth" });
    expect(sent).toHaveLength(1);
    await grants.save(grantOf({ accessToken: "new", expiresAt: clock.now + hour }));
    expect(await manager.accessToken()).toBe("new");
    expect(await grants.read()).toBeDefined();
  });

  it("is not one when the store holds a newer grant", async () => {
    const { fetch, sent } = fakeFetch(dead);
    const newer = grantOf({ accessToken: "newer", refreshToken: "r", expiresAt: 20 * hour });
    const slow: Fetch = async (...all) => {
      await grants.save(newer);
      return fetch(...all);
    };
    const { manager, grants } = await start(slow, { grant: grantOf() });
    expect(await manager.accessToken()).toBe("newer");
    expect(sent).toHaveLength(1);
  });

  it("is tried once more with a newer refresh token, and not for ever", async () => {
    const { fetch, sent } = fakeFetch(dead);
    const busy: Fetch = async (...all) => {
      await grants.save(grantOf({ refreshToken: `refresh-${sent.length}-of-others` }));
      return fetch(...all);
    };
    const { manager, grants } = await start(busy, { grant: grantOf() });
    expect(await failureOf(manager.accessToken())).toMatchObject({ code: "auth" });
    expect(sent).toHaveLength(2);
  });

  it("is not brought back by a refresh that was under way at a sign-out", async () => {
    const { fetch } = fakeFetch(tokens(2));
    const signingOut: Fetch = async (...all) => {
      await grants.delete();
      return fetch(...all);
    };
    const { manager, grants } = await start(signingOut, { grant: grantOf() });
    expect(await failureOf(manager.accessToken())).toMatchObject({ code: "auth" });
    expect(await grants.read()).toBeUndefined();
  });
});

describe("an issuer that cannot be asked", () => {
  it.each([
    ["is out of reach", offline],
    ["fails", { status: 503, body: "" }],
    ["is busy", { status: 429, body: "" }],
  ])("does not matter when it %s while the old token is good", async (_how, answer) => {
    const { fetch, sent } = fakeFetch(answer, tokens(2));
    const grant = grantOf({ expiresAt: 10 * hour + 200_000 });
    const { manager, clock, lines } = await start(fetch, { grant });
    expect(await manager.accessToken()).toBe(secrets.access);
    expect(await manager.accessToken()).toBe(secrets.access);
    expect(sent).toHaveLength(1);
    expect(lines.filter((line) => line.includes('"warn"'))).toHaveLength(1);
    clock.now += 60_000;
    expect(await manager.accessToken()).toBe("access-2-of-a-short-life");
  });

  it("is an error once the old token is over, which the next call tries to overcome", async () => {
    const { fetch } = fakeFetch(offline, tokens(2));
    const { manager } = await start(fetch, { grant: grantOf() });
    expect(await failureOf(manager.accessToken())).toMatchObject({ code: "network" });
    expect(await manager.accessToken()).toBe("access-2-of-a-short-life");
  });

  it("because of a wrong secret is an error at once", async () => {
    const { fetch } = fakeFetch({ status: 401, body: { error: "invalid_client" } });
    const { manager } = await start(fetch, { grant: grantOf({ expiresAt: 10 * hour + 200_000 }) });
    expect(await failureOf(manager.accessToken())).toMatchObject({ code: "config" });
  });
});

describe("renewing after a refusal", () => {
  const grant = grantOf({ expiresAt: 20 * hour });

  it("refreshes once for all callers with the same refused token", async () => {
    const { fetch, sent } = fakeFetch(tokens(2));
    const { manager } = await start(fetch, { grant });
    const all = Array.from({ length: 20 }, () => manager.renew(secrets.access));
    expect(new Set(await Promise.all(all))).toEqual(new Set([true]));
    expect(sent).toHaveLength(1);
    expect(await manager.renew(secrets.access)).toBe(true);
    expect(sent).toHaveLength(1);
  });

  it("uses what another process has stored meanwhile", async () => {
    const { fetch, sent } = fakeFetch(tokens(2));
    const { manager } = await start(fetch, { grant: grantOf({ ...grant, accessToken: "other" }) });
    expect(await manager.renew(secrets.access)).toBe(true);
    expect(sent).toHaveLength(0);
  });

  it("does not go round in circles when new tokens are refused as well", async () => {
    const { fetch, sent } = fakeFetch(tokens(2), tokens(3));
    const { manager, clock } = await start(fetch, { grant });
    expect(await manager.renew(secrets.access)).toBe(true);
    expect(await manager.renew("access-2-of-a-short-life")).toBe(false);
    expect(sent).toHaveLength(1);
    clock.now += 60_000;
    expect(await manager.renew("access-2-of-a-short-life")).toBe(true);
  });

  it("is no use when the issuer gives the same token again", async () => {
    const { fetch } = fakeFetch(tokens(1));
    const { manager } = await start(fetch, { grant });
    expect(await manager.renew(secrets.access)).toBe(false);
  });

  it.each([
    ["the grant is dead", dead, grant, "auth"],
    [
      "there is no refresh token",
      tokens(2),
      grantOf({ ...grant, refreshToken: undefined }),
      "auth",
    ],
    ["the issuer is out of reach", offline, grant, "network"],
    ["nobody is signed in", tokens(2), undefined, "auth"],
  ])("fails when %s", async (_why, answer, stored, code) => {
    const { manager } = await start(fakeFetch(answer).fetch, { grant: stored });
    expect(await failureOf(manager.renew(secrets.access))).toMatchObject({ code });
  });
});

describe("secrets", () => {
  const answers: [string, object][] = [
    ["tokens", tokens(2)],
    ["a refusal that repeats the token", dead],
    ["half an answer", { body: { access_token: 7, refresh_token: secrets.refresh } }],
    ["a page", { status: 403, body: `<p>${secrets.refresh} ${secrets.client}</p>` }],
    ["a failure", { status: 500, body: `{"error":"x","message":"${secrets.refresh}"}` }],
    ["nothing", offline],
  ];
  const cases = [cloudApp(), dataCenterApp()].flatMap((app) =>
    answers.map(([what, answer]) => [what, app.issuer.kind, app, answer] as const),
  );

  it.each(cases)("do not show after %s (%s)", async (_what, _kind, app, answer) => {
    for (const grant of [grantOf(), grantOf({ expiresAt: 10 * hour + 200_000 })]) {
      const { manager, lines } = await start(fakeFetch(answer).fetch, { grant, app });
      const outcomes = [
        await manager.accessToken().catch(allOf),
        await manager.renew(secrets.access).catch(allOf),
      ];
      const shown = outcomes.filter((outcome) => String(outcome).includes("Error"));
      expect([...lines, ...shown].join("\n")).not.toMatch(secretText);
    }
  });
});

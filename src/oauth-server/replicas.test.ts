import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import {
  approve,
  authorizeUrl,
  Browser,
  connect,
  csrfOf,
  locationOf,
  redeem,
  refreshWith,
  register,
  signInUpstream,
  startAuthorizationServer,
} from "../../test/fakes/oauth-server.ts";
import { type Sandbox, startSandbox } from "../sandbox/server.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { openStore } from "../store/open.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.reset());
afterAll(() => sandbox.close());

/** The keys of a server as anybody may read them. */
async function keysOf(base: string): Promise<string[]> {
  const { keys } = (await (await fetch(`${base}/jwks`)).json()) as { keys: { kid: string }[] };
  return keys.map(({ kid }) => kid);
}

describe("two servers with one store", () => {
  // With an odd number of requests before it, each step falls on the other server once.
  it.each([0, 1])("take turns at every step, beginning with number %d", async (first) => {
    const setup = await startAuthorizationServer(sandbox, { replicas: 2 });
    for (let index = 0; index < first; index += 1) await fetch(`${setup.base}/jwks`);
    const id = String((await register(setup)).body["client_id"]);
    const browser = new Browser();
    const callback = await signInUpstream(await approve(browser, authorizeUrl(setup, id)), {
      sites: "all",
    });
    const choice = new URL(locationOf(await browser.open(callback)), setup.base).href;
    const csrf = csrfOf(await (await browser.open(choice)).text());
    const chosen = await browser.post(choice, { csrf, site: sandbox.labsCloudId });
    const back = new URL(locationOf(await browser.open(locationOf(chosen))));
    const { body } = await redeem(setup, id, back.searchParams.get("code") ?? "");
    const again = await refreshWith(setup, id, body["refresh_token"] ?? "");
    const verified = await setup.server.verify(again.body["access_token"] ?? "");
    expect(await setup.server.userGrant(verified?.grantId ?? "")).toMatchObject({
      cloudId: sandbox.labsCloudId,
    });
  });

  it("give one answer to a code that comes to both at once", async () => {
    const setup = await startAuthorizationServer(sandbox, { replicas: 2 });
    const id = String((await register(setup)).body["client_id"]);
    const browser = new Browser();
    const callback = await signInUpstream(await approve(browser, authorizeUrl(setup, id)), {
      sites: sandbox.cloudId,
    });
    const back = new URL(locationOf(await browser.open(locationOf(await browser.open(callback)))));
    const code = back.searchParams.get("code") ?? "";
    const replies = await Promise.all([1, 2, 3, 4].map(() => redeem(setup, id, code)));
    expect(replies.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
    for (const { body } of replies) {
      expect(await setup.server.verify(body["access_token"] ?? "")).toBeUndefined();
    }
  });

  it("renew a user's login once, however many of them need it", async () => {
    let now = Date.now();
    const clock = () => now;
    const store = createMemoryStore({ clock });
    const setup = await startAuthorizationServer(sandbox, { store, clock, replicas: 2 });
    const { access } = await connect(setup);
    const id = (await setup.server.verify(access))?.grantId ?? "";
    now += 3_400_000;
    const grants = await Promise.all(setup.servers.map((server) => server.userGrant(id)));
    const tokens = await Promise.all(grants.map((grant) => grant?.manager.accessToken()));
    expect(tokens[0]).toMatch(/.{20}/);
    expect(tokens[0]).toBe(tokens[1]);
    const refreshes = sandbox.requests.filter(({ url }) => url.includes("/oauth/token"));
    // One for the code, one for both.
    expect(refreshes.filter(({ method }) => method === "POST")).toHaveLength(2);
  });

  it("have the same keys, whoever makes them", async () => {
    const store = createMemoryStore();
    const [one, other] = await Promise.all([
      startAuthorizationServer(sandbox, { store }),
      startAuthorizationServer(sandbox, { store }),
    ]);
    const [first, second] = await Promise.all([keysOf(one.base), keysOf(other.base)]);
    expect(first).toEqual(second);
  });
});

describe("a restart", () => {
  it("between any two steps is noticed by nobody", async () => {
    const folder = await mkdtemp(join(tmpdir(), "oauth-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    // A server for each request: nothing is left of the one before but the files.
    const open = () => openStore({ url: pathToFileURL(folder), keys: [], defaultFolder: folder });
    const setup = await startAuthorizationServer(sandbox, { store: open(), restart: open });
    const { access, refresh, clientId } = await connect(setup);
    expect(await setup.server.verify(access)).toBeDefined();
    expect((await refreshWith(setup, clientId, refresh)).status).toBe(200);
  });
});

describe("keys", () => {
  const dayMs = 86_400_000;

  it("are replaced after a month: published first, used later, kept for a while", async () => {
    let now = Date.now();
    const clock = () => now;
    const store = createMemoryStore({ clock });
    const setup = await startAuthorizationServer(sandbox, { clock, store });
    const kidOf = async () => {
      const { body } = await connect(setup, { change: { scope: "openid read:jira" } });
      const [head = ""] = (body["id_token"] ?? "").split(".");
      return JSON.parse(Buffer.from(head, "base64url").toString()).kid as string;
    };
    const [old = ""] = await keysOf(setup.base);
    expect(await kidOf()).toBe(old);
    now += 30 * dayMs;
    const [, young = ""] = await keysOf(setup.base);
    expect(young).toMatch(/./);
    expect(await kidOf()).toBe(old);
    now += 11 * 60_000;
    expect(await kidOf()).toBe(young);
    expect(await keysOf(setup.base)).toEqual([young, old]);
    now += 2 * dayMs;
    expect(await keysOf(setup.base)).toEqual([young]);
  });

  it("of cookies are replaced without ending the sign-ins under way", async () => {
    let now = Date.now();
    const clock = () => now;
    const store = createMemoryStore({ clock });
    const setup = await startAuthorizationServer(sandbox, { clock, store });
    const id = String((await register(setup)).body["client_id"]);
    now += 30 * dayMs - 60_000;
    const again = String((await register(setup)).body["client_id"]);
    void id;
    const browser = new Browser();
    const upstream = await approve(browser, authorizeUrl(setup, again));
    now += 120_000;
    const callback = await signInUpstream(upstream, { sites: sandbox.cloudId });
    const resumed = await browser.open(locationOf(await browser.open(callback)));
    expect(new URL(locationOf(resumed)).searchParams.get("code")).toMatch(/./);
  });

  it("say nothing private", async () => {
    const setup = await startAuthorizationServer(sandbox);
    const text = await (await fetch(`${setup.base}/jwks`)).text();
    expect(JSON.parse(text).keys[0]).not.toHaveProperty("d");
  });
});

it("keeps no token in the store under its own name or value", async () => {
  const seen: string[] = [];
  const inner = createMemoryStore();
  const store = {
    ...inner,
    put: (key: string, value: string, ttlMs?: number) => {
      seen.push(key, value);
      return inner.put(key, value, ttlMs);
    },
  };
  const setup = await startAuthorizationServer(sandbox, { store });
  const { access, refresh, code } = await connect(setup);
  for (const secret of [access, refresh, code]) {
    expect(secret).toMatch(/^[\w-]{30,}$/);
    expect(seen.some((text) => text.includes(secret))).toBe(false);
  }
});

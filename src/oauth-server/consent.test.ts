import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  approve,
  authorize,
  authorizeUrl,
  Browser,
  csrfOf,
  locationOf,
  openConsent,
  register,
  type Setup,
  signInUpstream,
  startAuthorizationServer,
} from "../../test/fakes/oauth-server.ts";
import { type Sandbox, startSandbox } from "../sandbox/server.ts";
import { createMemoryStore } from "../store/memory-store.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.reset());
afterAll(() => sandbox.close());

async function start(changes = {}) {
  const setup = await startAuthorizationServer(sandbox, changes);
  const id = String((await register(setup)).body["client_id"]);
  return { setup, id, url: authorizeUrl(setup, id) };
}

const isUpstream = (location: string) => location.startsWith(`${sandbox.urls.login}/authorize?`);

describe("CD-1: nobody goes to Atlassian unasked", () => {
  it("asks each time, also a user who let the client in a moment ago", async () => {
    const { setup, id, url } = await start();
    const browser = new Browser();
    await authorize(setup, id, { sites: sandbox.cloudId, browser });
    const started = await browser.open(url);
    expect(locationOf(started)).toMatch("/interaction/");
    expect((await openConsent(browser, url)).text).toContain("Test client");
  });

  it("goes straight to Atlassian where the operator wants it so", async () => {
    const { url } = await start({ requireConsent: false });
    const browser = new Browser();
    const started = await browser.open(url);
    expect(isUpstream(locationOf(await browser.open(new URL(locationOf(started), url).href)))).toBe(
      true,
    );
  });
});

describe("CD-2: the page says who asks for what", () => {
  it("names the client, its address and the scopes of both sides", async () => {
    const { url } = await start();
    const { text } = await openConsent(new Browser(), url);
    for (const words of ["Test client", "127.0.0.1:5555", "read:jira-work"])
      expect(text).toContain(words);
  });

  it("lets nobody write into it", async () => {
    const { setup } = await start();
    const client_name = "<script>alert(1)</script>";
    const { body } = await register(setup, { client_name });
    const { text } = await openConsent(
      new Browser(),
      authorizeUrl(setup, String(body["client_id"])),
    );
    expect(text).not.toContain("<script>alert");
  });
});

describe("CD-3: an answer counts only from the page itself", () => {
  it.each<[string, Record<string, string>, Record<string, string>]>([
    ["no token", { csrf: "" }, {}],
    ["another token", { csrf: "x".repeat(43) }, {}],
    ["another site", {}, { "sec-fetch-site": "cross-site" }],
    ["a sibling site", {}, { "sec-fetch-site": "same-site" }],
  ])("refuses %s", async (_name, fields, headers) => {
    const { url } = await start();
    const browser = new Browser();
    const { address, csrf } = await openConsent(browser, url);
    const answer = await browser.post(address, { csrf, decision: "approve", ...fields }, headers);
    expect(answer.status).toBe(403);
  });

  it("goes by Origin where the browser says no more", async () => {
    const { setup, url } = await start();
    const send = async (origin: string) => {
      const browser = new Browser();
      const { address, csrf } = await openConsent(browser, url);
      const body = new URLSearchParams({ csrf, decision: "approve" });
      return (await browser.open(address, { method: "POST", body, headers: { origin } })).status;
    };
    expect(await send("https://evil.example")).toBe(403);
    expect(await send("null")).toBe(403);
    expect(await send(setup.base)).toBe(303);
  });

  it("takes a token once, where a double click is one", async () => {
    let now = Date.now();
    const clock = () => now;
    const { url } = await start({ clock, store: createMemoryStore({ clock }) });
    const browser = new Browser();
    const { address, csrf } = await openConsent(browser, url);
    const click = () => browser.post(address, { csrf, decision: "approve" });
    const [first, second] = await Promise.all([click(), click()]);
    expect([first.status, second.status]).toEqual([303, 303]);
    now += 4000;
    expect((await click()).status).toBe(303);
    now += 2000;
    expect((await click()).status).toBe(403);
  });

  it("takes no token of another request", async () => {
    const { url } = await start();
    const browser = new Browser();
    const one = await openConsent(browser, url);
    const other = await openConsent(browser, url);
    const answer = await browser.post(one.address, { csrf: other.csrf, decision: "approve" });
    expect(answer.status).toBe(403);
  });

  it("does not show a request to another browser", async () => {
    const { url } = await start();
    const { address } = await openConsent(new Browser(), url);
    expect((await new Browser().open(address)).status).toBe(400);
  });

  it("tells the client of a no, and takes anything but a yes for it", async () => {
    const { setup, url } = await start();
    for (const decision of ["deny", "", "APPROVE"]) {
      const browser = new Browser();
      const { address, csrf } = await openConsent(browser, url);
      const resumed = await browser.open(
        locationOf(await browser.post(address, { csrf, decision })),
      );
      const { searchParams } = new URL(locationOf(resumed));
      expect(searchParams.get("error")).toBe("access_denied");
      expect(searchParams.get("iss")).toBe(setup.base);
    }
  });
});

describe("CD-4: pages cannot be framed", () => {
  it("forbids frames and scripts, and limits no redirect of the form", async () => {
    const { url } = await start();
    const { page } = await openConsent(new Browser(), url);
    const policy = page.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("form-action");
    expect(Object.fromEntries(page.headers)).toMatchObject({
      "x-frame-options": "DENY",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
    });
  });
});

describe("CD-5: no cookie remembers a consent", () => {
  it("sets cookies of this sign-in alone, out of reach for scripts", async () => {
    const { setup, id } = await start();
    const browser = new Browser();
    await authorize(setup, id, { sites: sandbox.cloudId, browser });
    for (const { name } of browser.cookies.values()) expect(name).not.toContain("session");
    const { address, csrf } = await openConsent(browser, authorizeUrl(setup, id));
    const answer = await browser.post(address, { csrf, decision: "approve" });
    const [cookie = ""] = answer.headers.getSetCookie();
    expect(cookie).toMatch(
      /^mcp-login-[\w-]{8}=[\w-]{43}; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax$/,
    );
  });
});

describe("CD-6: the address of the client is compared letter by letter", () => {
  it.each([
    "http://127.0.0.1:5555/callback/",
    "http://127.0.0.1:5555/callback?x=1",
    "http://127.0.0.1:5555/Callback",
    "http://127.0.0.1:5555/./callback",
    "https://127.0.0.1:5555/callback",
  ])("refuses %s", async (redirect_uri) => {
    const { setup, id } = await start();
    const answer = await new Browser().open(authorizeUrl(setup, id, { redirect_uri }));
    expect(answer.status).toBe(400);
  });
});

describe("CD-7: the state belongs to one approval in one browser", () => {
  it("is made after the approval, new each time, and has its own PKCE", async () => {
    const { url } = await start();
    const [one, other] = [await approve(new Browser(), url), await approve(new Browser(), url)].map(
      (location) => new URL(location).searchParams,
    );
    expect(one?.get("state")).toMatch(/^[\w-]{43}$/);
    expect(one?.get("state")).not.toBe(other?.get("state"));
    expect(one?.get("code_challenge_method")).toBe("S256");
    expect(one?.get("code_challenge")).not.toBe(other?.get("code_challenge"));
  });

  it("is good once", async () => {
    const { url } = await start();
    const browser = new Browser();
    const callback = await signInUpstream(await approve(browser, url), { sites: sandbox.cloudId });
    expect((await browser.open(callback)).status).toBe(303);
    expect((await browser.open(callback)).status).toBe(400);
  });

  it("is good for ten minutes", async () => {
    let now = Date.now();
    const clock = () => now;
    const { url } = await start({ clock, store: createMemoryStore({ clock }) });
    const browser = new Browser();
    const callback = await signInUpstream(await approve(browser, url), { sites: sandbox.cloudId });
    now += 601_000;
    expect((await browser.open(callback)).status).toBe(400);
  });
});

describe("CD-8: a callback without a match goes nowhere", () => {
  it("refuses another browser, and leaves the sign-in to the right one", async () => {
    const { url } = await start();
    const [victim, attacker] = [new Browser(), new Browser()];
    const callback = await signInUpstream(await approve(attacker, url), { sites: sandbox.cloudId });
    const answer = await victim.open(callback);
    expect(answer.status).toBe(400);
    expect(answer.headers.get("location")).toBeNull();
    expect((await attacker.open(callback)).status).toBe(303);
  });

  it.each(["", "?code=x", "?code=x&state=unknown", "?error=access_denied"])(
    "refuses %j",
    async (query) => {
      const { setup } = await start();
      const answer = await new Browser().open(`${setup.base}/callback${query}`);
      expect(answer.status).toBe(400);
      expect(answer.headers.get("location")).toBeNull();
    },
  );
});

describe("at Atlassian", () => {
  const back = async (setup: Setup, url: string, choice: object) => {
    const browser = new Browser();
    const callback = await signInUpstream(await approve(browser, url), choice);
    void setup;
    return { browser, answer: await browser.open(callback), callback };
  };

  it("a refusal goes back to the client", async () => {
    const { setup, url } = await start();
    const { browser, answer } = await back(setup, url, { decision: "refuse" });
    const resumed = await browser.open(locationOf(answer));
    expect(new URL(locationOf(resumed)).searchParams.get("error")).toBe("access_denied");
  });

  it("any other error is shown", async () => {
    const { url } = await start();
    const browser = new Browser();
    const upstream = new URL(await approve(browser, url));
    const { base } = { base: new URL(url).origin };
    const query = new URLSearchParams({
      state: upstream.searchParams.get("state") ?? "",
      error: "invalid_scope",
      error_description: "The app may not <b>do</b> that",
    });
    const answer = await browser.open(`${base}/callback?${query}`);
    const text = await answer.text();
    expect(answer.status).toBe(403);
    expect(text).toContain("invalid_scope");
    expect(text).not.toContain("<b>do</b>");
  });

  it("a code that does not work is explained without secrets", async () => {
    const { url } = await start();
    const browser = new Browser();
    const callback = new URL(
      await signInUpstream(await approve(browser, url), { sites: sandbox.cloudId }),
    );
    callback.searchParams.set("code", "stolen-or-late");
    const answer = await browser.open(callback.href);
    expect(answer.status).toBe(502);
    const text = await answer.text();
    expect(text).not.toContain("stolen-or-late");
    expect(text).not.toContain(sandbox.login.app.clientSecret);
  });

  it("somebody with several sites picks one, in the same browser", async () => {
    const { setup, url } = await start();
    const { browser, answer } = await back(setup, url, { sites: "all" });
    const address = new URL(locationOf(answer), setup.base).href;
    expect((await new Browser().open(address)).status).toBe(400);
    const text = await (await browser.open(address)).text();
    expect(text).toContain(sandbox.labsCloudId);
    const csrf = csrfOf(text);
    expect((await browser.post(address, { csrf: "x", site: sandbox.labsCloudId })).status).toBe(
      403,
    );
    const chosen = await browser.post(address, { csrf, site: sandbox.labsCloudId });
    const again = await browser.post(address, { csrf, site: sandbox.labsCloudId });
    expect(locationOf(again)).toBe(locationOf(chosen));
    const resumed = await browser.open(locationOf(chosen));
    expect(new URL(locationOf(resumed)).searchParams.get("code")).toMatch(/./);
  });

  it("a site that is not among them cannot be picked", async () => {
    const { setup, url } = await start();
    const { browser, answer } = await back(setup, url, { sites: "all" });
    const address = new URL(locationOf(answer), setup.base).href;
    const csrf = csrfOf(await (await browser.open(address)).text());
    const site = "00000000-0000-4000-8000-000000000000";
    expect((await browser.post(address, { csrf, site })).status).toBe(400);
  });

  it("the operator's only site is taken without a question", async () => {
    const { setup, url } = await start({ cloudId: sandbox.labsCloudId });
    const { answer } = await back(setup, url, { sites: "all" });
    expect(locationOf(answer)).toMatch("/authorize/");
  });

  it("somebody without the operator's site is told", async () => {
    const { setup, url } = await start({ cloudId: sandbox.labsCloudId });
    const { answer } = await back(setup, url, { sites: sandbox.cloudId });
    expect(answer.status).toBe(403);
  });
});

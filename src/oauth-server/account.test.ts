import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  Browser,
  connect,
  csrfOf,
  locationOf,
  refreshWith,
  register,
  type Setup,
  signInUpstream,
  startAuthorizationServer,
} from "../../test/fakes/oauth-server.ts";
import { type Sandbox, startSandbox } from "../sandbox/server.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.reset());
afterAll(() => sandbox.close());

async function signIn({ base }: Setup, user = "ada") {
  const browser = new Browser();
  const text = await (await browser.open(`${base}/account`)).text();
  const started = await browser.post(`${base}/account/sign-in`, { csrf: csrfOf(text) });
  const callback = await signInUpstream(locationOf(started), { user });
  expect(locationOf(await browser.open(callback))).toBe("/account");
  const page = async () => (await browser.open(`${base}/account`)).text();
  return { browser, page };
}

const clientsOn = (text: string) =>
  [...text.matchAll(/name="client" value="([^"]+)"/g)].map((match) => match[1] ?? "");

describe("the account page", () => {
  it("shows users what they let in, and nothing of others", async () => {
    const setup = await startAuthorizationServer(sandbox);
    await connect(setup, {
      clientId: String((await register(setup, { client_name: "Client of Ada" })).body["client_id"]),
    });
    await connect(setup, {
      clientId: String((await register(setup, { client_name: "Client of Ben" })).body["client_id"]),
      user: "ben",
    });
    const text = await (await signIn(setup)).page();
    expect(text).toContain("Client of Ada");
    expect(text).not.toContain("Client of Ben");
  });

  it("is out of reach for a page that opens it in a window of its own", async () => {
    const setup = await startAuthorizationServer(sandbox);
    const { browser } = await signIn(setup);
    for (const who of [browser, new Browser()]) {
      const { headers } = await who.open(`${setup.base}/account`);
      expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
    }
  });

  it("ends one client's access and leaves the others", async () => {
    const setup = await startAuthorizationServer(sandbox);
    const first = await connect(setup);
    const second = await connect(setup);
    const { browser, page } = await signIn(setup);
    const text = await page();
    // The latest comes first.
    const [client = ""] = clientsOn(text);
    const answer = await browser.post(`${setup.base}/account/revoke`, {
      csrf: csrfOf(text),
      client,
    });
    expect(answer.status).toBe(303);
    expect(await setup.server.verify(second.access)).toBeUndefined();
    expect((await refreshWith(setup, second.clientId, second.refresh)).status).toBe(400);
    expect(await setup.server.verify(first.access)).toBeDefined();
    expect(clientsOn(await page())).toHaveLength(1);
  });

  it("ends everything at once", async () => {
    const setup = await startAuthorizationServer(sandbox);
    const [one, other] = [await connect(setup), await connect(setup)];
    const grantId = (await setup.server.verify(one.access))?.grantId ?? "";
    const { browser, page } = await signIn(setup);
    await browser.post(`${setup.base}/account/revoke-all`, { csrf: csrfOf(await page()) });
    for (const { access } of [one, other])
      expect(await setup.server.verify(access)).toBeUndefined();
    expect(await setup.server.userGrant(grantId)).toBeUndefined();
  });

  it.each([
    ["no token", { csrf: "" }, {}],
    ["another site", {}, { "sec-fetch-site": "cross-site" }],
  ])("does nothing for a form with %s", async (_name, fields, headers) => {
    const setup = await startAuthorizationServer(sandbox);
    const { access } = await connect(setup);
    const { browser, page } = await signIn(setup);
    const csrf = csrfOf(await page());
    const answer = await browser.post(
      `${setup.base}/account/revoke-all`,
      { csrf, ...fields },
      headers as Record<string, string>,
    );
    expect(answer.status).toBe(403);
    expect(await setup.server.verify(access)).toBeDefined();
  });

  it("lets nobody end another user's access", async () => {
    const setup = await startAuthorizationServer(sandbox);
    const { access } = await connect(setup);
    const [client = ""] = clientsOn(await (await signIn(setup)).page());
    const { browser, page } = await signIn(setup, "ben");
    await browser.post(`${setup.base}/account/revoke`, { csrf: csrfOf(await page()), client });
    expect(await setup.server.verify(access)).toBeDefined();
  });

  it("forgets who signed out", async () => {
    const setup = await startAuthorizationServer(sandbox);
    await connect(setup);
    const { browser, page } = await signIn(setup);
    const cookies = new Map(browser.cookies);
    await browser.post(`${setup.base}/account/sign-out`, { csrf: csrfOf(await page()) });
    expect(await page()).not.toContain("Test client");
    for (const [key, cookie] of cookies) browser.cookies.set(key, cookie);
    expect(await page()).not.toContain("Test client");
  });
});

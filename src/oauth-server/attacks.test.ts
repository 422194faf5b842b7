import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  approve,
  authorize,
  authorizeUrl,
  Browser,
  connect,
  documents,
  locationOf,
  randomVerifier,
  redeem,
  register,
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

describe("somebody who intercepts a code", () => {
  it("cannot use it without the verifier, and the client still can", async () => {
    const setup = await startAuthorizationServer(sandbox);
    const id = String((await register(setup)).body["client_id"]);
    const code =
      (await authorize(setup, id, { sites: sandbox.cloudId })).searchParams.get("code") ?? "";
    expect((await redeem(setup, id, code, { code_verifier: randomVerifier() })).status).toBe(400);
    expect((await redeem(setup, id, code)).status).toBe(200);
  });
});

describe("a mix-up", () => {
  it("shows in the issuer of every answer, good or bad", async () => {
    const [one, other] = [
      await startAuthorizationServer(sandbox),
      await startAuthorizationServer(sandbox),
    ];
    expect(one.base).not.toBe(other.base);
    const id = String((await register(other)).body["client_id"]);
    const refused = await new Browser().open(
      authorizeUrl(other, id, { code_challenge: undefined }),
    );
    expect(new URL(locationOf(refused)).searchParams.get("iss")).toBe(other.base);
    sandbox.login.register({ redirectUri: `${other.base}/callback` });
    const back = await authorize(other, id, { sites: sandbox.cloudId });
    expect(back.searchParams.get("iss")).toBe(other.base);
  });
});

describe("a token for somebody else", () => {
  it("is not accepted: of another audience in the same store", async () => {
    const store = createMemoryStore();
    const one = await startAuthorizationServer(sandbox, { store });
    const { access } = await connect(one);
    const other = await startAuthorizationServer(sandbox, { store });
    expect(await one.server.verify(access)).toBeDefined();
    expect(await other.server.verify(access)).toBeUndefined();
  });

  it("is not accepted: Atlassian's own", async () => {
    const setup = await startAuthorizationServer(sandbox);
    expect(await setup.server.verify(sandbox.tokens.oauth.value)).toBeUndefined();
  });
});

describe("a confused deputy", () => {
  it("is none: consent at Atlassian for one client lets no other in", async () => {
    const setup = await startAuthorizationServer(sandbox);
    const victim = new Browser();
    const good = String((await register(setup)).body["client_id"]);
    await authorize(setup, good, { sites: sandbox.cloudId, browser: victim });
    const redirect_uris = ["http://localhost:9/callback"];
    const evil = String((await register(setup, { redirect_uris })).body["client_id"]);
    const url = authorizeUrl(setup, evil, { redirect_uri: redirect_uris[0] });
    const page = await victim.open(new URL(locationOf(await victim.open(url)), url).href);
    // The page that asks, not a way to Atlassian or to the client.
    expect(page.status).toBe(200);
    expect(page.headers.get("location")).toBeNull();
  });

  it("is none: a victim's browser does not finish what an attacker began", async () => {
    const setup = await startAuthorizationServer(sandbox);
    const id = String((await register(setup)).body["client_id"]);
    const attacker = new Browser();
    const upstream = await approve(attacker, authorizeUrl(setup, id));
    const callback = await signInUpstream(upstream, { user: "ada", sites: sandbox.cloudId });
    expect((await new Browser().open(callback)).status).toBe(400);
  });

  it("is none: the way back to the client is open to the browser that began alone", async () => {
    const setup = await startAuthorizationServer(sandbox);
    const id = String((await register(setup)).body["client_id"]);
    const browser = new Browser();
    const callback = await signInUpstream(await approve(browser, authorizeUrl(setup, id)), {
      sites: sandbox.cloudId,
    });
    const resume = locationOf(await browser.open(callback));
    const stolen = await new Browser().open(resume);
    expect(stolen.status).toBe(400);
    expect(stolen.headers.get("location")).toBeNull();
  });
});

describe("a client that poses as another", () => {
  it("is shown without a voucher, whatever it calls itself", async () => {
    const setup = await startAuthorizationServer(sandbox);
    const { body } = await register(setup, { client_name: "Claude" });
    const browser = new Browser();
    const url = authorizeUrl(setup, String(body["client_id"]));
    const text = await (
      await browser.open(new URL(locationOf(await browser.open(url)), url).href)
    ).text();
    expect(text).toContain("127.0.0.1:5555");
  });

  it("cannot take over the id of one that is registered", async () => {
    const setup = await startAuthorizationServer(sandbox);
    const id = String((await register(setup)).body["client_id"]);
    const { body } = await register(setup, { client_id: id });
    expect(body["client_id"]).not.toBe(id);
  });

  it("cannot be answered here by way of a free port", async () => {
    const setup = await startAuthorizationServer(sandbox);
    const { port } = new URL(setup.base);
    const own = await register(setup, { redirect_uris: [`http://localhost:${port}/callback`] });
    expect(own.body["error"]).toBe("invalid_redirect_uri");
    const id = String((await register(setup)).body["client_id"]);
    const answer = await new Browser().open(
      authorizeUrl(setup, id, { redirect_uri: `http://127.0.0.1:${port}/callback` }),
    );
    expect(answer.status).toBe(400);
  });
});

describe("a metadata document", () => {
  it("cannot make the server ask elsewhere: no keys, pictures or policies are fetched for a page", async () => {
    const id = "https://client.example.com/client.json";
    const documentFetch = documents({
      [id]: {
        client_id: id,
        client_name: "Nosy",
        redirect_uris: ["http://127.0.0.1/callback"],
        logo_uri: "https://10.0.0.1/logo.png",
        jwks_uri: "https://169.254.169.254/latest/meta-data",
      },
    });
    const setup = await startAuthorizationServer(sandbox, { documentFetch });
    await connect(setup, { clientId: id });
    expect(documentFetch.asked).toEqual([id]);
  });
});

describe("a login that Atlassian no longer accepts", () => {
  it("ends the client's grant, so that it is asked to sign in again", async () => {
    let now = Date.now();
    const clock = () => now;
    const setup = await startAuthorizationServer(sandbox, {
      clock,
      store: createMemoryStore({ clock }),
    });
    const { access } = await connect(setup);
    const verified = await setup.server.verify(access);
    const grant = await setup.server.userGrant(verified?.grantId ?? "");
    const upstream = (await grant?.manager.accessToken()) ?? "";
    sandbox.login.revoke(upstream);
    now += 1000;
    await expect(grant?.manager.renew(upstream)).rejects.toMatchObject({ code: "auth" });
    expect(await setup.server.verify(access)).toBeUndefined();
    expect(await setup.server.userGrant(verified?.grantId ?? "")).toBeUndefined();
  });
});

describe("a request of a strange kind", () => {
  it.each([
    ["the same parameter twice", "&client_id=other"],
    ["an encoded null", "&state=%00"],
    ["a request object", "&request=eyJhbGciOiJub25lIn0.e30."],
    ["an address of a request object", "&request_uri=https%3A%2F%2F169.254.169.254%2F"],
  ])("does no harm: %s", async (_name, more) => {
    const documentFetch = documents({});
    const setup = await startAuthorizationServer(sandbox, { documentFetch });
    const id = String((await register(setup)).body["client_id"]);
    const answer = await new Browser().open(`${authorizeUrl(setup, id)}${more}`);
    expect([303, 400]).toContain(answer.status);
    expect(documentFetch.asked).toEqual([]);
  });

  it("that is too large is refused", async () => {
    const setup = await startAuthorizationServer(sandbox);
    const body = new URLSearchParams({ grant_type: "x".repeat(100_000) });
    const answer = await fetch(`${setup.base}/token`, { method: "POST", body });
    expect(answer.status).toBe(413);
  });
});

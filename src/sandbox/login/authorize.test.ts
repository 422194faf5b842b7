import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  callbackOf,
  cloudAuthorizeUrl,
  cloudCode,
  cloudToken,
  dataCenterAuthorizeUrl,
} from "../../../test/fakes/sandbox-login.ts";
import { type Sandbox, startSandbox } from "../server.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.reset());
afterAll(() => sandbox.close());

const open = (url: string, init: RequestInit = {}) => fetch(url, { redirect: "manual", ...init });

describe("a request that cannot be trusted", () => {
  it.each([
    ["an unknown app", { client_id: "unknown" }],
    ["the service account's credential", { client_id: "sandbox-service-client" }],
    ["another path", { redirect_uri: "http://localhost:8080/callback/" }],
    ["another port", { redirect_uri: "http://localhost:8081/callback" }],
    ["another host of the same machine", { redirect_uri: "http://127.0.0.1:8080/callback" }],
    ["no callback", { redirect_uri: undefined }],
  ])("is never sent back: %s", async (_name, change) => {
    for (const url of [
      cloudAuthorizeUrl(sandbox, { sandbox_user: "ada", ...change }),
      dataCenterAuthorizeUrl(sandbox, "jira", { sandbox_user: "ada", ...change }),
    ]) {
      const answer = await open(url);
      expect(answer.status).toBe(400);
      expect(answer.headers.get("location")).toBeNull();
      expect(await answer.text()).toContain("unauthorized_client");
    }
  });

  it("may come with the callback that was registered last", async () => {
    const redirectUri = "http://localhost:9999/done?from=sandbox";
    const app = sandbox.login.register({ redirectUri });
    expect(sandbox.login.app).toEqual(app);
    const answer = await open(cloudAuthorizeUrl(sandbox, { sandbox_user: "ada" }));
    expect(answer.headers.get("location")).toMatch(`${redirectUri}&code=`);
    sandbox.reset();
    expect(sandbox.login.app.redirectUri).toBe("http://localhost:8080/callback");
  });
});

describe("a request with a mistake", () => {
  it.each([
    ["no audience", { audience: undefined }, "invalid_request"],
    ["another audience", { audience: "example.com" }, "invalid_request"],
    ["no state", { state: undefined }, "invalid_request"],
    ["no prompt", { prompt: undefined }, "invalid_request"],
    ["no scope", { scope: undefined }, "invalid_request"],
    ["no response type", { response_type: undefined }, "invalid_request"],
    ["the implicit flow", { response_type: "token" }, "unsupported_response_type"],
    ["a plain challenge", { code_challenge: "x".repeat(43) }, "invalid_request"],
  ])("is told so at the callback: %s", async (_name, change, error) => {
    const back = await callbackOf(cloudAuthorizeUrl(sandbox, { sandbox_user: "ada", ...change }));
    expect(back.get("error")).toBe(error);
    expect(back.get("state")).toBe("state" in change ? null : "opaque state");
    expect(back.has("code")).toBe(false);
  });

  it("asks for a scope that the app does not have", async () => {
    sandbox.login.register({ scopes: ["read:me"] });
    const back = await callbackOf(cloudAuthorizeUrl(sandbox, { sandbox_user: "ada" }));
    expect(back.get("error")).toBe("invalid_scope");
  });

  it("asks a Data Center site for a scope that is none", async () => {
    const url = dataCenterAuthorizeUrl(sandbox, "confluence", { scope: "READ read:jira-work" });
    expect((await callbackOf(url)).get("error")).toBe("invalid_scope");
  });
});

describe("signing in without a page", () => {
  it("brings code and state for the sites that were named", async () => {
    const back = await callbackOf(
      cloudAuthorizeUrl(sandbox, { sandbox_user: "ben", sandbox_sites: sandbox.labsCloudId }),
    );
    expect(back.get("state")).toBe("opaque state");
    const { body } = await cloudToken(sandbox, {
      grant_type: "authorization_code",
      code: back.get("code") ?? "",
    });
    const list = await fetch(`${sandbox.urls.gateway}/oauth/token/accessible-resources`, {
      headers: { authorization: `Bearer ${body.access_token}` },
    });
    expect(await list.json()).toMatchObject([{ id: sandbox.labsCloudId }]);
  });

  it.each([
    ["somebody who left", { sandbox_user: "grace" }],
    ["a stranger", { sandbox_user: "mallory" }],
    ["an unknown site", { sandbox_user: "ada", sandbox_sites: "nowhere" }],
  ])("refuses %s", async (_name, change) => {
    expect((await open(cloudAuthorizeUrl(sandbox, change))).status).toBe(400);
  });

  it("can say no", async () => {
    const change = { sandbox_user: "ada", sandbox_decision: "refuse" };
    for (const url of [
      cloudAuthorizeUrl(sandbox, change),
      dataCenterAuthorizeUrl(sandbox, "jira", change),
    ]) {
      const back = await callbackOf(url);
      expect([back.get("error"), back.get("state")]).toEqual(["access_denied", "opaque state"]);
    }
  });
});

describe("the page", () => {
  const post = (url: string, fields: readonly (readonly [string, string])[]) => {
    const { origin, pathname, search } = new URL(url);
    const body = new URLSearchParams({ request: search.slice(1) });
    for (const [name, value] of fields) body.append(name, value);
    return open(origin + pathname, { method: "POST", body });
  };

  it("shows people, sites and scopes, needs no script and cannot be framed", async () => {
    const answer = await open(cloudAuthorizeUrl(sandbox, { scope: 'read:me <script>"' }));
    const html = await answer.text();
    expect(answer.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(html).not.toContain("<script");
    expect(html).toContain("&lt;script&gt;&quot;");
    expect(html).toContain("Ada Moreno");
    expect(html).not.toContain("Grace Novak");
    expect(html).toContain(`name="site" value="${sandbox.labsCloudId}"`);
    expect(html.match(/<label>/g)).toHaveLength(7 + 2);
  });

  it("sends back a code for what was ticked, and remembers who signed in", async () => {
    const url = cloudAuthorizeUrl(sandbox);
    const fields = [
      ["user", "emi"],
      ["site", sandbox.cloudId],
      ["decision", "accept"],
    ] as const;
    const answer = await post(url, fields);
    expect(answer.status).toBe(303);
    const location = new URL(answer.headers.get("location") ?? "");
    expect(location.searchParams.get("code")).toEqual(expect.any(String));
    const cookie = answer.headers.get("set-cookie")?.split(";", 1)[0] ?? "";
    const again = await (await open(url, { headers: { cookie } })).text();
    expect(again).toContain('value="emi" checked');
  });

  it("asks again when no site is ticked", async () => {
    const answer = await post(cloudAuthorizeUrl(sandbox), [
      ["user", "ada"],
      ["decision", "accept"],
    ]);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('role="alert"');
  });

  it("sends back a refusal", async () => {
    const answer = await post(cloudAuthorizeUrl(sandbox), [
      ["user", "ada"],
      ["decision", "refuse"],
    ]);
    expect(answer.headers.get("location")).toContain("error=access_denied");
  });

  it("checks what the form sends like the first request", async () => {
    const forged = cloudAuthorizeUrl(sandbox, { redirect_uri: "https://evil.example/" });
    const answer = await post(forged, [
      ["user", "ada"],
      ["decision", "accept"],
    ]);
    expect([answer.status, answer.headers.get("location")]).toEqual([400, null]);
  });

  it("asks for no sites on Data Center", async () => {
    const url = dataCenterAuthorizeUrl(sandbox, "jira");
    const html = await (await open(url)).text();
    expect(html).not.toContain('name="site"');
    expect(html).toContain(">Deny<");
    const answer = await post(url, [
      ["user", "ada"],
      ["decision", "accept"],
    ]);
    expect(answer.headers.get("location")).toContain("code=");
  });
});

it("knows no other page on the login host", async () => {
  for (const path of [
    "/.well-known/oauth-authorization-server",
    "/.well-known/openid-configuration",
    "/oauth/revoke",
    "/",
  ]) {
    expect((await open(sandbox.urls.login + path)).status).toBe(404);
  }
  expect(await cloudCode(sandbox)).not.toBe("");
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { basic, client } from "../../../test/fakes/sandbox-client.ts";
import { dataCenterBase } from "../../../test/fakes/sandbox-login.ts";
import { type Sandbox, startSandbox } from "../server.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.reset());
afterAll(() => sandbox.close());

type Product = "jira" | "confluence";

describe.each<Product>(["jira", "confluence"])("Basic authentication of %s", (product) => {
  const path = product === "jira" ? "/rest/api/2/myself" : "/rest/api/user/current";
  const ask = (authorization: string) =>
    client(dataCenterBase(sandbox, product), { authorization })("GET", path);
  const right = () => ask(basic("ada", "sandbox-password-ada"));
  const wrong = () => ask(basic("ada", "wrong"));

  it("can be switched off for everyone, and on again", async () => {
    expect((await right()).status).toBe(200);
    sandbox.dataCenter[product].allowBasic(false);
    for (const answer of [await right(), await wrong()]) {
      expect(answer).toMatchObject({
        status: 403,
        body: { message: "Basic Authentication has been disabled on this instance." },
      });
    }
    expect((await ask("Bearer sandbox-pat-ada")).status).toBe(200);
    sandbox.dataCenter[product].allowBasic(true);
    expect((await right()).status).toBe(200);
  });

  it("is off on the one site only", async () => {
    sandbox.dataCenter[product === "jira" ? "confluence" : "jira"].allowBasic(false);
    expect((await right()).status).toBe(200);
  });

  it("wants a CAPTCHA after some failures, even for the right password", async () => {
    sandbox.dataCenter[product].captchaAfter(2);
    await wrong();
    expect((await right()).status).toBe(200);
    await wrong();
    expect((await wrong()).headers.get("x-seraph-loginreason")).toBe("AUTHENTICATED_FAILED");
    const denied = await right();
    expect(denied.status).toBe(403);
    expect(denied.headers.get("x-seraph-loginreason")).toBe("AUTHENTICATION_DENIED");
    expect(denied.headers.get("x-authentication-denied-reason")).toMatch(
      new RegExp(`^CAPTCHA_CHALLENGE; login-url=${dataCenterBase(sandbox, product)}/login`),
    );
    expect((await ask(basic("ben", "sandbox-password-ben"))).status).toBe(200);
    expect((await ask("Bearer sandbox-pat-ada")).status).toBe(200);
    sandbox.dataCenter[product].passCaptcha("ada");
    expect((await right()).status).toBe(200);
  });

  it("forgets failures and switches on reset", async () => {
    sandbox.dataCenter[product].captchaAfter(1);
    await wrong();
    expect((await right()).status).toBe(403);
    sandbox.reset();
    expect((await right()).status).toBe(200);
  });
});

it("refuses switched-off Basic even where nobody needs to sign in", async () => {
  sandbox.dataCenter.jira.allowBasic(false);
  const ask = (headers: Readonly<Record<string, string>>) =>
    client(sandbox.urls.jiraDataCenter, headers)("GET", "/rest/api/2/serverInfo");
  expect((await ask({ authorization: basic("ada", "sandbox-password-ada") })).status).toBe(403);
  expect((await ask({})).status).toBe(200);
});

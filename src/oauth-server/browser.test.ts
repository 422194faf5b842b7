import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sendJson, startServer } from "../../test/fakes/loopback.ts";
import {
  authorizeUrl,
  redeem,
  register,
  startAuthorizationServer,
} from "../../test/fakes/oauth-server.ts";
import { type Sandbox, startSandbox } from "../sandbox/server.ts";

const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

/** Browsers hold policies against redirects, keep cookies and set headers in ways that no test of requests shows. */
describe.skipIf(!existsSync(executablePath))("in Chromium, which CHROMIUM names", () => {
  let sandbox: Sandbox;
  let browser: Browser;
  beforeAll(async () => {
    sandbox = await startSandbox();
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  });
  afterAll(async () => {
    await browser.close();
    await sandbox.close();
  });

  it("a user lets a client in, picks a site, and ends the access again", async () => {
    const setup = await startAuthorizationServer(sandbox);
    const client = await startServer((_request, response) => sendJson(response, {}));
    const redirect_uri = `http://127.0.0.1:${client.port}/callback`;
    const { body } = await register(setup, { redirect_uris: [redirect_uri] });
    const id = String(body["client_id"]);
    const page = await browser.newPage();

    await page.goto(authorizeUrl(setup, id, { redirect_uri }));
    await page.locator('button[value="approve"]').click();
    for (const site of await page.locator('input[name="site"]').all()) await site.check();
    await page.locator('button[value="accept"]').click();
    await page.waitForURL(/\/site$/);
    await page.locator('input[name="site"]').first().check();
    await page.locator("button").first().click();
    await page.waitForURL(/\/callback\?/);
    const code = new URL(page.url()).searchParams.get("code") ?? "";
    const tokens = await redeem(setup, id, code, { redirect_uri });
    const access = tokens.body["access_token"] ?? "";
    expect(await setup.server.verify(access)).toBeDefined();

    await page.goto(`${setup.base}/account`);
    await page.locator("button").first().click();
    await page.locator('button[value="accept"]').click();
    await page.waitForURL(/\/account$/);
    expect(await page.content()).toContain("Test client");
    await page.locator('form[action$="/revoke"] button').first().click();
    await page.getByText("no access any more").waitFor();
    expect(await setup.server.verify(access)).toBeUndefined();
    await page.close();
  });
});

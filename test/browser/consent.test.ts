import { connect } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { Browser, Frame, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { freePort, listenUntilTestEnds, tlsServer } from "../fakes/loopback.ts";
import { refreshWith, signInUpstream } from "../fakes/oauth-server.ts";
import { type HttpProgram, startHttpProgram, stop } from "../server/harness.ts";
import { proxyEnv } from "../server/onboarding.ts";
import { freshStore } from "../server/stored-login.ts";
import { chromiumPath, startChromium } from "./chromium.ts";
import { button, foreignPage, letIn, openWindow, startClient, steps, tabTo } from "./sign-in.ts";

let sandbox: Sandbox;
let base: string;
let server: HttpProgram;
let chromium: Browser;

const program = (atlassian: Sandbox, publicUrl: string, port: number) => {
  const env = { ...proxyEnv(atlassian, publicUrl), ...freshStore().env };
  return startHttpProgram(env, ["--port", String(port)]);
};

const overhang = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
const background = "getComputedStyle(document.body).backgroundColor";
const heading = (page: Page) => page.getByRole("heading", { level: 1 }).innerText();
const tokenOf = (page: Page) => page.locator("input[name=csrf]").inputValue();

describe.skipIf(chromiumPath === undefined)("in a browser", () => {
  beforeAll(async () => {
    [sandbox, chromium] = await Promise.all([startSandbox(), startChromium()]);
    const port = await freePort();
    base = `http://localhost:${port}`;
    server = await program(sandbox, base, port);
  });
  afterAll(async () => {
    await chromium.close();
    await stop(server);
    await sandbox.close();
  });

  const open = (options = {}) => openWindow(chromium, options);

  /** A window at the consent page of a client. */
  async function atConsent(metadata = {}) {
    const [client, window] = [await startClient(base, metadata), await open()];
    await window.page.goto(client.authorizeUrl());
    return { client, ...window };
  }

  describe("a sign-in", () => {
    it("ends, after nothing but clicks, with a code that the client makes tokens of", async () => {
      const client = await startClient(base);
      const { page, complaints } = await open();
      await letIn(page, client);
      const { status, body } = await client.redeem();
      expect([status, body["access_token"]]).toEqual([200, expect.stringMatching(/^mcpat_/)]);
      expect(client.answers.map((each) => each.get("iss"))).toEqual([base]);
      expect(complaints).toEqual([]);
    });

    it("needs no script", async () => {
      const client = await startClient(base);
      const { page } = await open({ javaScriptEnabled: false });
      await letIn(page, client);
      expect((await client.redeem()).status).toBe(200);
    });

    it("needs no mouse", async () => {
      const client = await startClient(base);
      const { page } = await open();
      await page.goto(client.authorizeUrl());
      for (const text of ["Approve", "Accept"]) {
        await tabTo(page, text);
        await page.keyboard.press("Enter");
        await button(page, text).waitFor({ state: "detached" });
      }
      await tabTo(page, "harbourpine");
      await page.keyboard.press("Space");
      await tabTo(page, "Continue");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "Back" }).waitFor();
      expect((await client.redeem()).status).toBe(200);
    });

    it("survives a second click and the way back", async () => {
      const { client, page } = await atConsent();
      // The second click finds the page still there while Atlassian takes its time.
      sandbox.inject({ match: "GET *authorize*", effect: { kind: "delay", ms: 500 } });
      const seen: string[] = [];
      page.on("request", (request) => seen.push(request.method()));
      await button(page, "Approve").dblclick({ delay: 20 });
      await button(page, "Accept").waitFor();
      expect(seen.filter((method) => method === "POST")).toHaveLength(2);
      await page.goBack();
      await steps.approve(page);
      await steps.signIn(page);
      await steps.chooseSite(page);
      expect((await client.redeem()).status).toBe(200);
    });

    it("that is denied tells the client, and nobody at Atlassian", async () => {
      const { client, page, visited, complaints } = await atConsent();
      await button(page, "Deny").click();
      await page.getByRole("heading", { name: "Back" }).waitFor();
      expect(client.answers.map((each) => each.get("error"))).toEqual(["access_denied"]);
      expect(visited.filter((url) => url.startsWith(sandbox.urls.login))).toEqual([]);
      expect(complaints).toEqual([]);
    });

    it("fits a window of 320 pixels, light and dark, with the style that the policy lets through", async () => {
      const client = await startClient(base, { client_name: "Wideband".repeat(8) });
      const { page, complaints } = await open({ viewport: { width: 320, height: 640 } });
      const looks: unknown[] = [];
      const look = async (name: string) => {
        // Atlassian's page, which is none of ours.
        if (name === "signIn") return;
        for (const colorScheme of ["light", "dark"] as const) {
          await page.emulateMedia({ colorScheme });
          looks.push([name, await page.evaluate(overhang), await page.evaluate(background)]);
        }
      };
      await letIn(page, client, look);
      for (const path of ["/callback", "/account"]) {
        await page.goto(`${base}${path}`);
        await look(path);
      }
      await button(page, "Continue to Atlassian").click();
      await button(page, "Accept").click();
      await button(page, "Sign out").waitFor();
      await look("clients");
      const names = ["approve", "chooseSite", "/callback", "/account", "clients"];
      const colours = ["rgb(244, 245, 247)", "rgb(18, 23, 29)"];
      expect(looks).toEqual(names.flatMap((name) => colours.map((colour) => [name, 0, colour])));
      // Chromium notes the status of the error page there, too.
      expect(complaints.filter((text) => !text.includes("status of 400"))).toEqual([]);
    });
  });

  describe("CD-1: nobody goes to Atlassian unasked", () => {
    it("asks again in the browser that let the client in a moment ago", async () => {
      const client = await startClient(base);
      const { page, visited } = await open();
      await letIn(page, client);
      const before = visited.length;
      await page.goto(client.authorizeUrl());
      expect(await heading(page)).toBe("Allow this client to act as you?");
      expect(visited.slice(before).every((url) => new URL(url).origin === base)).toBe(true);
    });
  });

  describe("CD-2: the page says who asks for what", () => {
    it("names client, address of the answer, and the scopes on both sides", async () => {
      const { client, page } = await atConsent({ client_name: "Acme Notes" });
      const text = await page.getByRole("main").innerText();
      expect(text).toContain("Acme Notes");
      expect(text).toContain("Unverified");
      expect(text).toContain(new URL(client.redirectUri).host);
      expect(text).toContain("See, create, change and delete in Jira");
      await page.getByText("What this server asks of Atlassian").click();
      expect(await page.getByText("read:jira-work", { exact: true }).isVisible()).toBe(true);
    });

    it("shows a name as text and runs nothing of it", async () => {
      const { page, complaints } = await open();
      for (const client_name of [
        "<script>document.title='owned'</script>",
        "<img src=x onerror=document.title='owned'>",
        "</strong><form action=//evil.example><button>Approve</button></form>",
        "&lt;script&gt;",
      ]) {
        await page.goto((await startClient(base, { client_name })).authorizeUrl());
        const shown = await page.locator(".name").innerText();
        expect(shown.slice(0, 59)).toBe(client_name.slice(0, 59));
        expect(await page.title()).not.toContain("owned");
        expect(await page.locator("form").count()).toBe(1);
        expect(await page.locator("script, img").count()).toBe(0);
      }
      expect(complaints).toEqual([]);
    });

    it("would run nothing even if a name got through", async () => {
      const { page, complaints } = await atConsent();
      const inject = `document.body.append(Object.assign(document.createElement("script"), { textContent: "document.title = 'owned'" }))`;
      await page.evaluate(inject);
      expect(await page.title()).not.toContain("owned");
      expect(complaints.join()).toContain("Content Security Policy");
    });
  });

  describe("CD-3: an answer counts only from the page itself", () => {
    it("refuses the form with no token, or with one that another browser was given", async () => {
      const { client, page } = await atConsent();
      const other = await open();
      await other.page.goto(client.authorizeUrl());
      for (const token of ["", await tokenOf(other.page)]) {
        await page.evaluate(`document.querySelector("input[name=csrf]").value = "${token}"`);
        const answer = page.waitForResponse((each) => each.request().method() === "POST");
        await button(page, "Approve").click();
        expect((await answer).status()).toBe(403);
        await page.goto(page.url());
      }
      await steps.approve(page);
    });

    it.each(["crossSite", "sameSite"] as const)(
      "refuses the form from a page of another origin, %s, whatever it knows",
      async (kind) => {
        const { page, context, visited } = await atConsent();
        const token = await tokenOf(page);
        const evil = await foreignPage(
          () => `<form method=post action="${page.url()}">
            <input name=csrf value="${token}"><button name=decision value=approve>Win</button></form>`,
        );
        const lure = await context.newPage();
        await lure.goto(evil[kind]);
        const answer = lure.waitForResponse((each) => each.request().method() === "POST");
        await button(lure, "Win").click();
        // Without its cookies the request is nobody's; with them it is a foreign one.
        expect((await answer).status()).toBe(kind === "crossSite" ? 400 : 403);
        expect(lure.url()).toBe(page.url());
        // The person's own page is as good as before.
        await steps.approve(page);
        expect(visited.filter((url) => url.startsWith(sandbox.urls.login))).toHaveLength(1);
      },
    );
  });

  describe("CD-4: pages cannot be framed", () => {
    it.each(["crossSite", "sameSite"] as const)("by a page of another origin, %s", async (kind) => {
      const { client, page, complaints } = await atConsent();
      const plain = await foreignPage(() => "<h1>Plain</h1>");
      const addresses = [plain[kind], client.authorizeUrl(), page.url(), `${base}/account`];
      const evil = await foreignPage(() =>
        addresses.map((url) => `<iframe src="${url.replaceAll("&", "&amp;")}"></iframe>`).join(""),
      );
      await page.goto(evil[kind], { waitUntil: "load" });
      const textOf = (frame: Frame) => frame.locator("body").innerText();
      const [plainFrame, ...ours] = page.mainFrame().childFrames();
      expect(plainFrame && (await textOf(plainFrame))).toBe("Plain");
      expect(ours.map((frame) => frame.url())).toEqual(
        Array.from({ length: 3 }, () => "chrome-error://chromewebdata/"),
      );
      expect(complaints.join()).toContain("frame-ancestors 'none'");
    });
  });

  describe("CD-5: no cookie remembers a consent", () => {
    it("keeps cookies of this sign-in alone, on its own paths, out of reach for scripts", async () => {
      const { page, context } = await atConsent();
      const id = new URL(page.url()).pathname.split("/").at(-1);
      await steps.approve(page);
      const cookies = (await context.cookies()).filter(({ name }) => name.startsWith("mcp"));
      const seen = cookies.map(({ name, path, httpOnly, sameSite }) => [
        name.replace(/-[\w-]{8}$/, "-*"),
        path,
        httpOnly,
        sameSite,
      ]);
      expect(seen.sort()).toEqual([
        ["mcp-login-*", "/", true, "Lax"],
        ["mcp_interaction", `/interaction/${id}`, true, "Lax"],
        ["mcp_interaction.sig", `/interaction/${id}`, true, "Lax"],
        ["mcp_resume", `/authorize/${id}`, true, "Lax"],
        ["mcp_resume.sig", `/authorize/${id}`, true, "Lax"],
      ]);
      const now = Date.now() / 1000;
      expect(cookies.every(({ expires }) => expires > now && expires <= now + 601)).toBe(true);
      await page.goto(`${base}/interaction/${id}`);
      expect(await page.evaluate("document.cookie")).toBe("");
    });

    it("keeps them for https and this host alone where that is how people come", async () => {
      const port = await freePort();
      const front = createTlsServer(tlsServer("site.pem"), (socket) => {
        const onward = connect(port, "localhost");
        socket.pipe(onward).pipe(socket);
        for (const end of [socket, onward]) end.on("error", () => {});
      });
      const publicUrl = `https://localhost:${await listenUntilTestEnds(front)}`;
      // Its one app has one callback address, and the other server needs that.
      const atlassian = await startSandbox();
      const secure = await program(atlassian, publicUrl, port);
      onTestFinished(async () => {
        await stop(secure);
        await atlassian.close();
      });
      const client = await startClient(`http://localhost:${port}`);
      const { page, context, complaints } = await open({ ignoreHTTPSErrors: true });
      const url = new URL(client.authorizeUrl({ resource: `${publicUrl}/mcp` }));
      await page.goto(`${publicUrl}${url.pathname}${url.search}`);
      await steps.approve(page);
      const cookies = (await context.cookies()).filter(({ name }) => name.includes("mcp"));
      expect(cookies.map(({ name }) => name)).toContainEqual(
        expect.stringMatching(/^__Host-mcp-login-/),
      );
      expect(cookies.every((each) => each.secure && each.httpOnly)).toBe(true);
      await steps.signIn(page);
      await steps.chooseSite(page);
      expect(client.answers.map((each) => each.get("iss"))).toEqual([publicUrl]);
      expect(complaints).toEqual([]);
    });
  });

  describe("CD-6: the address of the client is compared letter by letter", () => {
    it("shows a page, and goes nowhere, for any other", async () => {
      const client = await startClient(base);
      const { page } = await open();
      const { redirectUri } = client;
      for (const redirect_uri of [
        `${redirectUri}/`,
        `${redirectUri}?x=1`,
        redirectUri.replace("127.0.0.1", "localhost"),
        redirectUri.replace("callback", "Callback"),
        "https://evil.example/callback",
      ]) {
        const answer = await page.goto(client.authorizeUrl({ redirect_uri }));
        expect([redirect_uri, answer?.status()]).toEqual([redirect_uri, 400]);
        expect(new URL(page.url()).origin).toBe(base);
      }
      expect(client.answers).toEqual([]);
    });
  });

  describe("CD-7: the state belongs to one approval in one browser", () => {
    it("is set when the user has approved, and not before", async () => {
      const { page, context, visited } = await atConsent();
      const ours = async () =>
        (await context.cookies()).filter(({ name }) => name.startsWith("mcp-login-"));
      expect(await ours()).toEqual([]);
      expect(visited.filter((url) => url.includes("state=state-of-the-client"))).toHaveLength(1);
      await steps.approve(page);
      expect(await ours()).toHaveLength(1);
      const { origin, searchParams } = new URL(page.url());
      expect(origin).toBe(new URL(sandbox.urls.login).origin);
      expect(searchParams.get("state")).toMatch(/^[\w-]{43}$/);
    });

    it("is good once", async () => {
      const client = await startClient(base);
      const { page, visited } = await open();
      await letIn(page, client);
      const callback = visited.find((url) => url.startsWith(`${base}/callback?`)) ?? "";
      expect((await page.goto(callback))?.status()).toBe(400);
      expect(page.url()).toBe(callback);
      expect(client.answers).toHaveLength(1);
    });
  });

  describe("CD-8: a callback without a match goes nowhere", () => {
    it("refuses a browser that has not approved, and leaves the sign-in to the one that has", async () => {
      const { client, page } = await atConsent();
      await steps.approve(page);
      const callback = await signInUpstream(page.url());
      const victim = await open();
      expect((await victim.page.goto(callback))?.status()).toBe(400);
      expect(victim.page.url()).toBe(callback);
      expect(await heading(victim.page)).toBe("This sign-in has expired");
      expect(client.answers).toEqual([]);
      await page.goto(callback);
      await steps.chooseSite(page);
      expect((await client.redeem()).status).toBe(200);
    });
  });

  describe("the account page", () => {
    it("shows a client that was let in, and ends its access", async () => {
      const client = await startClient(base, { client_name: "Soon gone" });
      const { page, complaints } = await open();
      await letIn(page, client);
      const { body } = await client.redeem();
      await page.goto(`${base}/account`);
      await button(page, "Continue to Atlassian").click();
      // Chosen already: the person who signed in a moment ago.
      await button(page, "Accept").click();
      const entry = page.getByRole("listitem").filter({ hasText: "Soon gone" });
      await entry.getByRole("button", { name: "Revoke" }).click();
      expect(await page.getByRole("status").innerText()).toBe("Soon gone has no access any more.");
      expect(await entry.count()).toBe(0);
      const refreshed = await refreshWith(
        { base, resource: `${base}/mcp` },
        client.id,
        body["refresh_token"] ?? "",
      );
      expect(refreshed.status).toBe(400);
      await button(page, "Sign out").click();
      await button(page, "Continue to Atlassian").waitFor();
      expect(complaints).toEqual([]);
    });
  });
});

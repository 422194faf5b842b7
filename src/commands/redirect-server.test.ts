import { describe, expect, it, onTestFinished } from "vitest";
import { freePort, startServer } from "../../test/fakes/loopback.ts";
import { failurePage, successPage } from "./page.ts";
import { openRedirectServer } from "./redirect-server.ts";

const state = "the-right-state";

async function open(host = "localhost") {
  const port = await freePort();
  const address = `http://${host}:${port}/callback`;
  let strangers = 0;
  const server = await openRedirectServer(new URL(address), state, () => strangers++);
  onTestFinished(() => server.close());
  return { server, address, port, strangers: () => strangers };
}

describe("the callback address", () => {
  it("answers the browser when it is known how the sign-in ended", async () => {
    const { server, address } = await open();
    const page = fetch(`${address}?code=c&state=${state}`);
    expect((await server.answered).get("code")).toBe("c");
    server.finish(successPage("Jira", "Ada"));
    const response = await page;
    expect(response.status).toBe(200);
    expect(response.headers.get("content-security-policy")).toMatch(/default-src 'none'/);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.text()).toContain("as Ada");
  });

  it("lets the first code count and shows the same end to all that follow", async () => {
    const { server, address } = await open();
    const first = fetch(`${address}?code=first&state=${state}`);
    expect((await server.answered).get("code")).toBe("first");
    const second = fetch(`${address}?code=second&state=${state}`);
    server.finish(failurePage("No luck", undefined));
    server.finish(successPage("Jira", "Ada"));
    const third = fetch(`${address}?code=third&state=${state}`);
    const pages = await Promise.all([first, second, third]);
    expect(pages.map(({ status }) => status)).toEqual([400, 400, 400]);
    expect((await server.answered).get("code")).toBe("first");
  });

  it.each([
    ["/", "GET", 404],
    ["/callback/", "GET", 404],
    ["/callback", "GET", 404],
    ["/callback?code=c&state=the-right-state", "POST", 405],
    ["/callback?code=c&state=wrong", "GET", 400],
    ["/callback?error=access_denied", "GET", 400],
  ])("does not take %s by %s for the end", async (path, method, status) => {
    const { server, address } = await open();
    const response = await fetch(new URL(path, address), { method });
    expect(response.status).toBe(status);
    const page = fetch(`${address}?code=right&state=${state}`);
    expect((await server.answered).get("code")).toBe("right");
    server.finish(successPage("Jira", undefined));
    expect((await page).status).toBe(200);
  });

  it("tells of answers to other sign-ins", async () => {
    const { address, strangers } = await open();
    await fetch(`${address}?code=c&state=old`);
    expect(strangers()).toBe(1);
  });

  it("is bound to 127.0.0.1 for localhost, and free again at once", async () => {
    const { server, port } = await open();
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
    await server.close();
    const again = await openRedirectServer(
      new URL(`http://localhost:${port}/callback`),
      state,
      () => {},
    );
    await again.close();
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  });

  it.runIf(process.platform === "linux")(
    "leaves other addresses of the machine alone",
    async () => {
      const { port } = await open();
      const beside = await openRedirectServer(
        new URL(`http://127.0.0.2:${port}/callback`),
        state,
        () => {},
      );
      await beside.close();
    },
  );

  it("is refused with the setting's name when another program has the port", async () => {
    const other = await startServer((_, response) => response.end());
    const address = new URL(`http://localhost:${other.port}/callback`);
    await expect(openRedirectServer(address, state, () => {})).rejects.toMatchObject({
      code: "config",
      details: { setting: "ATLASSIAN_OAUTH_REDIRECT_URI" },
    });
  });

  it("closes although a browser still waits", async () => {
    const { server, address } = await open();
    const page = fetch(`${address}?code=c&state=${state}`);
    await server.answered;
    await server.close();
    await expect(page).rejects.toThrow();
  });
});

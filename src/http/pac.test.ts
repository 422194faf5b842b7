import { describe, expect, it } from "vitest";
import {
  type Answerer,
  sendJson,
  startServer,
  tlsFile,
  tlsServer,
} from "../../test/fakes/loopback.ts";
import { startConnectProxy, startSocksProxy } from "../../test/fakes/proxies.ts";
import { testClient, testPool } from "../../test/fakes/test-client.ts";
import type { ApiClientOptions } from "./client.ts";
import { createFetch } from "./fetch.ts";
import { loadPacScript, parseRoutes } from "./pac-script.ts";
import { apiPath } from "./path.ts";
import type { ProxyValues } from "./proxy.ts";
import { defaultRetry } from "./retry.ts";

const setting = "ATLASSIAN_PROXY_WPAD_URL";
const deadPort = 9;
const retry = { ...defaultRetry, retries: 0 };

/** A server that offers a script with the given body of `FindProxyForURL`. */
function startPac(body: string | (() => string), type = "application/x-ns-proxy-autoconfig") {
  return startServer((_, response) => {
    const text = typeof body === "string" ? body : body();
    response.setHeader("content-type", type);
    response.end(`function FindProxyForURL(url, host) { ${text} }`);
  });
}

interface Given extends Partial<ApiClientOptions> {
  readonly values?: ProxyValues;
}

function call(pacUrl: URL, target: URL, { values = {}, ...options }: Given = {}) {
  const proxy = { product: values, environment: {}, pac: { url: pacUrl.href, setting } };
  return testClient(target, { retry, proxy, ...options }).client.json({
    path: apiPath`/rest/api/2/secret-path`,
    query: { jql: "secret-query" },
  });
}

const ok: Answerer = (_, response) => sendJson(response, { ok: true });

describe("proxies by script", () => {
  it("goes where the script says, and tells it no more than the origin", async () => {
    const site = await startServer(ok);
    const proxy = await startConnectProxy();
    const pac = await startPac(`
      if (url !== "http://jira.test:${site.port}/" || host !== "jira.test") return "PROXY 127.0.0.1:${deadPort}";
      return "PROXY 127.0.0.1:${proxy.port}";`);
    expect(await call(pac.url, new URL(`http://jira.test:${site.port}/ctx`))).toEqual({ ok: true });
    expect(proxy.tunnels).toEqual([`jira.test:${site.port}`]);
  });

  it("falls through dead proxies to SOCKS and to a direct connection", async () => {
    const site = await startServer(ok);
    const socks = await startSocksProxy();
    const dead = `SOCKS4 a:1; PROXY 127.0.0.1:${deadPort}`;
    const bySocks = await startPac(`return "${dead}; SOCKS5 127.0.0.1:${socks.port}; DIRECT";`);
    expect(await call(bySocks.url, site.url)).toEqual({ ok: true });
    expect(socks.tunnels).toHaveLength(1);
    const direct = await startPac(`return "${dead}; DIRECT";`, "text/plain");
    expect(await call(direct.url, site.url)).toEqual({ ok: true });
  });

  it("names the proxy that was tried last when none can be reached", async () => {
    const site = await startServer(ok);
    const pac = await startPac(`return "PROXY 127.0.0.1:${deadPort}";`);
    await expect(call(pac.url, site.url)).rejects.toMatchObject({
      code: "network",
      message: expect.stringContaining(`127.0.0.1:${deadPort}`),
    });
  });

  it("does not send again what may have reached the site", async () => {
    const site = await startServer((_, response) => response.destroy());
    const pac = await startPac(`return "DIRECT; DIRECT";`);
    await expect(call(pac.url, site.url)).rejects.toMatchObject({ code: "network" });
    expect(site.seen).toHaveLength(1);
  });

  it("is not asked where a proxy is set, or the host is exempt", async () => {
    const site = await startServer(ok);
    const proxy = await startConnectProxy();
    const pac = await startPac(`return "PROXY 127.0.0.1:${deadPort}";`);
    const http = `http://127.0.0.1:${proxy.port}`;
    expect(await call(pac.url, site.url, { values: { http } })).toEqual({ ok: true });
    expect(await call(pac.url, site.url, { values: { noProxy: "127.0.0.0/8" } })).toEqual({
      ok: true,
    });
    expect([proxy.tunnels.length, pac.seen.length]).toEqual([1, 0]);
  });

  it("fetches the script once, again after an hour, and keeps it when that fails", async () => {
    const site = await startServer(ok);
    let broken = false;
    const pac = await startServer((_, response) => {
      if (broken) response.writeHead(500).end();
      else response.end('function FindProxyForURL() { return "DIRECT"; }');
    });
    let now = 0;
    const clock = () => now;
    const options = { clock, pool: testPool({ clock }) };
    await call(pac.url, site.url, options);
    await call(pac.url, site.url, options);
    expect(pac.seen).toHaveLength(1);
    now += 61 * 60_000;
    broken = true;
    expect(await call(pac.url, site.url, options)).toEqual({ ok: true });
    expect(pac.seen).toHaveLength(2);
  });

  it("waits a minute before it asks again for a script that it could not get", async () => {
    const site = await startServer(ok);
    let status = 404;
    const pac = await startServer((_, response) =>
      response.writeHead(status).end("function FindProxyForURL() { return 'DIRECT'; }"),
    );
    let now = 0;
    const clock = () => now;
    const options = { clock, pool: testPool({ clock }) };
    const failure = { code: "network", details: { setting } };
    await expect(call(pac.url, site.url, options)).rejects.toMatchObject(failure);
    status = 200;
    await expect(call(pac.url, site.url, options)).rejects.toMatchObject(failure);
    expect(pac.seen).toHaveLength(1);
    now += 61_000;
    expect(await call(pac.url, site.url, options)).toEqual({ ok: true });
  });

  it.each([
    ["nobody serves", () => new URL(`http://127.0.0.1:${deadPort}/wpad.dat`), "network"],
    ["is a web page", async () => (await startServer((_, r) => r.end("<html>"))).url, "config"],
    ["does not parse", async () => (await startPac("return (")).url, "config"],
    ["throws", async () => (await startPac("throw new Error('x')")).url, "config"],
    ["never ends", async () => (await startPac("for (;;) {}")).url, "config"],
    ["names nothing usable", async () => (await startPac("return 'SOCKS4 a:1'")).url, "config"],
    ["is too large", async () => (await startPac(`/*${"x".repeat(1_100_000)}*/`)).url, "network"],
  ])("explains a script that %s", async (_, start, code) => {
    const site = await startServer(ok);
    const failure = call(await start(), site.url);
    await expect(failure).rejects.toMatchObject({ code, details: { setting } });
    expect(site.seen).toHaveLength(0);
  });

  it("fetches an https script from a site of the operator's own authority", async () => {
    const site = await startServer(ok);
    const pac = await startServer(
      (_, response) => response.end('function FindProxyForURL() { return "DIRECT"; }'),
      tlsServer("site.pem"),
    );
    const caFiles = [{ setting: "ATLASSIAN_CA_BUNDLE", path: tlsFile("ca.pem") }];
    const tls = { prefix: "JIRA", verify: true, caFiles };
    expect(await call(pac.url, site.url, { tls })).toEqual({ ok: true });
  });

  it("serves the function for signing in, too", async () => {
    const site = await startServer(ok);
    const proxy = await startConnectProxy();
    const pac = await startPac(`return "PROXY 127.0.0.1:${proxy.port}";`);
    const send = createFetch({
      pool: testPool(),
      address: "ATLASSIAN_AUTH_URL",
      proxy: { product: {}, environment: {}, pac: { url: pac.url.href, setting } },
      timeoutMs: 20_000,
      userAgent: "t",
    });
    expect((await send(site.url.href)).status).toBe(200);
    expect(proxy.tunnels).toHaveLength(1);
  });
});

describe("a script's world", () => {
  it("has neither the machine nor the network in it", async () => {
    const names = ["process", "require", "fetch", "console", "globalThis.process", "WebAssembly"];
    const kinds = names.map((name) => `typeof ${name}`).join(" + ' ' + ");
    const script = await loadPacScript(
      `function FindProxyForURL() { alert("x"); return ${kinds}; }`,
    );
    const said = await script.ask(new URL("https://jira.test"));
    expect(said).toBe(names.map(() => "undefined").join(" "));
  });

  it("survives a question that it could not answer", async () => {
    const script = await loadPacScript(
      'function FindProxyForURL(u, h) { for (; h == "a";) {} return isPlainHostName(h) ? "PROXY p:1" : "DIRECT"; }',
    );
    await expect(script.ask(new URL("https://a"))).rejects.toThrow();
    expect(await script.ask(new URL("https://b"))).toBe("PROXY p:1");
    expect(await script.ask(new URL("https://b.test"))).toBe("DIRECT");
  });
});

describe("parseRoutes", () => {
  it.each([
    ["", ["direct"]],
    [" DIRECT ", ["direct"]],
    ["PROXY a:8080; direct", ["http://a:8080", "direct"]],
    ["HTTPS a ;SOCKS b;socks5 [::1]:99", ["https://a:443", "socks5://b:1080", "socks5://[::1]:99"]],
    ["HTTP a:81;;", ["http://a:81"]],
    ["SOCKS4 a:1; PROXY ; PROXY u:p@a:1; PROXY a:99999; NONSENSE", []],
  ])("%j", (said, expected) => {
    expect(parseRoutes(said).map((each) => (each === "direct" ? each : each.uri))).toEqual(
      expected,
    );
  });
});

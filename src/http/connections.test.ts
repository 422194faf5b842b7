import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import type { TLSSocket } from "node:tls";
import { describe, expect, it } from "vitest";
import {
  listenUntilTestEnds,
  sendJson,
  startServer,
  tlsFile,
  tlsServer,
} from "../../test/fakes/loopback.ts";
import { startConnectProxy, startSocksProxy } from "../../test/fakes/proxies.ts";
import { testClient, testPool } from "../../test/fakes/test-client.ts";
import type { ApiClientOptions } from "./client.ts";
import { apiPath } from "./path.ts";
import type { ProxySettings } from "./proxy.ts";
import { defaultRetry } from "./retry.ts";
import type { TlsSettings } from "./trust.ts";

const myself = { path: apiPath`/rest/api/2/myself` };
const trusting: TlsSettings = {
  prefix: "JIRA",
  verify: true,
  caFiles: [{ setting: "ATLASSIAN_CA_BUNDLE", path: tlsFile("ca.pem") }],
};
const withoutRepeats = { ...defaultRetry, retries: 0 };

function call(url: URL, options: Partial<ApiClientOptions> = {}): Promise<unknown> {
  return testClient(url, { retry: withoutRepeats, ...options }).client.json(myself);
}

function through(https: string): { readonly proxy: ProxySettings } {
  return { proxy: { product: { https, http: https }, environment: {} } };
}

/** What `next` of the error mentions decides what a user tries. */
function failsWith(code: string, hint: RegExp) {
  return expect.objectContaining({
    code,
    details: expect.objectContaining({ next: expect.stringMatching(hint) }),
  });
}

describe("TLS", () => {
  const ok = (_: unknown, response: Parameters<typeof sendJson>[0]) =>
    sendJson(response, { ok: true });

  it("trusts an authority from the CA bundle, also by IP address", async () => {
    const server = await startServer(ok, tlsServer("site.pem"));
    expect(await call(server.url, { tls: trusting })).toEqual({ ok: true });
    const byName = new URL(`https://localhost:${server.port}`);
    expect(await call(byName, { tls: trusting })).toEqual({ ok: true });
  });

  it("names the CA settings for an unknown authority", async () => {
    const server = await startServer(ok, tlsServer("site.pem"));
    await expect(call(server.url)).rejects.toEqual(
      failsWith("network", /ATLASSIAN_CA_BUNDLE.*NODE_EXTRA_CA_CERTS.*JIRA_SSL_VERIFY/),
    );
  });

  it("tells a certificate for another host from an expired one", async () => {
    const other = await startServer(ok, tlsServer("other-host.pem"));
    await expect(call(other.url, { tls: trusting })).rejects.toEqual(
      failsWith("network", /name on the certificate/),
    );
    const expired = await startServer(ok, tlsServer("expired.pem"));
    await expect(call(expired.url, { tls: trusting })).rejects.toEqual(
      failsWith("network", /renew/),
    );
  });

  it("verifies other origins on the same pool although one product's check is off", async () => {
    const lax = await startServer(ok, tlsServer("site.pem"));
    const strict = await startServer(ok, tlsServer("site.pem"));
    const pool = testPool();
    const off = { prefix: "JIRA", verify: false, caFiles: [] };
    const on = { prefix: "CONFLUENCE", verify: true, caFiles: [] };
    expect(await call(lax.url, { pool, tls: off })).toEqual({ ok: true });
    await expect(call(strict.url, { pool, tls: on })).rejects.toMatchObject({ code: "network" });
    await expect(call(lax.url, { pool, tls: on })).rejects.toMatchObject({ code: "network" });
    expect([lax.seen.length, strict.seen.length]).toEqual([1, 0]);
  });

  it("verifies an https proxy although the site's own check is off", async () => {
    const server = await startServer(ok, tlsServer("site.pem"));
    const proxy = await startConnectProxy({ tls: tlsServer("site.pem") });
    const settings = through(`https://localhost:${proxy.port}`);
    const off = { prefix: "JIRA", verify: false, caFiles: [] };
    const url = new URL(`https://localhost:${server.port}`);
    await expect(call(url, { ...settings, tls: off })).rejects.toMatchObject({ code: "network" });
    const known = { ...off, caFiles: trusting.caFiles };
    expect(await call(url, { ...settings, tls: known })).toEqual({ ok: true });
  });

  it("accepts any certificate when verification is off", async () => {
    const server = await startServer(ok, tlsServer("expired.pem"));
    const tls = { ...trusting, verify: false, caFiles: [] };
    expect(await call(server.url, { tls })).toEqual({ ok: true });
  });

  it.each([
    [
      "PEM with an encrypted key",
      { certFile: tlsFile("client-cert.pem"), keyFile: tlsFile("client-key.pem") },
    ],
    ["PKCS#12", { certFile: tlsFile("client.p12") }],
  ])("shows the client certificate: %s", async (_, files) => {
    const names: unknown[] = [];
    const server = await startServer(ok, {
      ...tlsServer("site.pem"),
      requestCert: true,
      rejectUnauthorized: false,
    });
    const tls = { ...trusting, ...files, passphrase: "correct-horse" };
    const { client } = testClient(server.url, { tls });
    await client.json(myself);
    const plain = testClient(server.url, { tls: trusting }).client;
    await plain.json(myself);
    for (const each of server.seen)
      names.push((each.socket as TLSSocket).getPeerCertificate().subject?.CN);
    expect(names).toEqual(["test client", undefined]);
  });

  it("explains plain HTTP behind an https address and TLS behind an http one", async () => {
    const plain = await startServer(ok);
    await expect(call(new URL(`https://127.0.0.1:${plain.port}`))).rejects.toEqual(
      failsWith("network", /scheme and port/),
    );
    const secure = await startServer(ok, tlsServer("site.pem"));
    await expect(call(new URL(`http://127.0.0.1:${secure.port}`))).rejects.toMatchObject({
      code: "network",
    });
  });
});

describe("failures to connect", () => {
  it("tells a refused connection from an unknown name", async () => {
    const port = await closedPort();
    await expect(call(new URL(`http://127.0.0.1:${port}`))).rejects.toEqual(
      failsWith("network", /port in JIRA_URL/),
    );
    await expect(call(new URL("http://no-such-host.invalid"))).rejects.toEqual(
      failsWith("network", /DNS/),
    );
  });

  it("tries again after a refused connection, even for a write", async () => {
    const port = await closedPort();
    const { client, waits } = testClient(new URL(`http://127.0.0.1:${port}`));
    await expect(client.json({ ...myself, method: "POST" })).rejects.toMatchObject({
      code: "network",
    });
    expect(waits).toHaveLength(3);
  });

  it("reports something that does not speak HTTP", async () => {
    const port = await listenUntilTestEnds(createServer((socket) => socket.end("SSH-2.0-x\r\n")));
    await expect(call(new URL(`http://127.0.0.1:${port}`))).rejects.toEqual(
      failsWith("network", /scheme and port/),
    );
  });

  it("warns that a write may have happened when the answer is lost", async () => {
    const server = await startServer((_, response) => response.destroy());
    const { client } = testClient(server.url);
    await expect(client.json({ ...myself, method: "POST" })).rejects.toEqual(
      failsWith("network", /may have been made/),
    );
  });

  it("refuses headers that HTTP cannot carry", async () => {
    const server = await startServer((_, response) => sendJson(response, {}));
    await expect(call(server.url, { headers: { "x-bad": "a\r\nb: c" } })).rejects.toMatchObject({
      code: "config",
    });
    expect(server.seen).toEqual([]);
  });
});

describe("CONNECT proxy", () => {
  it("carries https and http, resolves the name, and gets its own login only", async () => {
    const proxy = await startConnectProxy();
    const secure = await startServer(
      (_, response) => sendJson(response, { via: "tunnel" }),
      tlsServer("other-host.pem"),
    );
    const options = { tls: trusting, ...through(`http://us%40er:p%3Aw@127.0.0.1:${proxy.port}`) };
    expect(await call(new URL(`https://other.example:${secure.port}`), options)).toEqual({
      via: "tunnel",
    });
    const plain = await startServer((_, response) => sendJson(response, {}));
    await call(new URL(`http://plain.example:${plain.port}`), options);
    expect(proxy.tunnels).toEqual([`other.example:${secure.port}`, `plain.example:${plain.port}`]);
    expect(proxy.logins).toEqual(["us@er:p:w", "us@er:p:w"]);
    expect(secure.seen[0]?.headers["proxy-authorization"]).toBeUndefined();
  });

  it("may itself speak TLS, and never sees the client certificate meant for the site", async () => {
    const proxy = await startConnectProxy({ tls: tlsServer("site.pem") });
    const site = await startServer((_, response) => sendJson(response, {}), {
      ...tlsServer("other-host.pem"),
      ca: readFileSync(tlsFile("ca.pem")),
      requestCert: true,
    });
    const tls = { ...trusting, certFile: tlsFile("client.p12"), passphrase: "correct-horse" };
    const options = { tls, ...through(`https://127.0.0.1:${proxy.port}`) };
    await call(new URL(`https://other.example:${site.port}`), options);
    expect(proxy.tunnels).toHaveLength(1);
    expect(proxy.clients).toEqual([undefined]);
    expect(site.seen).toHaveLength(1);
  });

  it.each(["http", "socks5"])(
    "does not weaken the check of the site's name: %s",
    async (scheme) => {
      const proxy = scheme === "http" ? await startConnectProxy() : await startSocksProxy();
      const site = await startServer(
        (_, response) => sendJson(response, {}),
        tlsServer("site.pem"),
      );
      const options = { tls: trusting, ...through(`${scheme}://127.0.0.1:${proxy.port}`) };
      const failure = call(new URL(`https://other.example:${site.port}`), options);
      await expect(failure).rejects.toEqual(failsWith("network", /name on the certificate/));
      expect(site.seen).toEqual([]);
    },
  );

  it("is passed by for exempt hosts", async () => {
    const proxy = await startConnectProxy();
    const server = await startServer((_, response) => sendJson(response, {}));
    const values = { http: `http://127.0.0.1:${proxy.port}`, noProxy: "127.0.0.0/8" };
    await call(server.url, { proxy: { product: {}, environment: values } });
    expect(proxy.tunnels).toEqual([]);
    expect(server.seen).toHaveLength(1);
  });

  it.each([
    [407, /user:password@host/],
    [403, /NO_PROXY/],
    [502, /resolves the name/],
  ])("explains its %i", async (status, hint) => {
    const proxy = await startConnectProxy({ refuseWith: status });
    const failure = call(
      new URL("https://jira.example"),
      through(`http://127.0.0.1:${proxy.port}`),
    );
    await expect(failure).rejects.toEqual(failsWith("network", hint));
  });

  it("is named when it cannot be reached", async () => {
    const port = await closedPort();
    const failure = call(new URL("https://jira.example"), through(`http://127.0.0.1:${port}`));
    await expect(failure).rejects.toMatchObject({
      code: "network",
      message: expect.stringContaining(`proxy 127.0.0.1:${port}`),
    });
  });
});

describe("SOCKS5 proxy", () => {
  it("carries https to a name that only the proxy resolves, with a login of odd characters", async () => {
    const proxy = await startSocksProxy({ login: "us@er:p:w d" });
    const server = await startServer(
      (_, response) => sendJson(response, { ok: 1 }),
      tlsServer("other-host.pem"),
    );
    const options = {
      tls: trusting,
      ...through(`socks5://us%40er:p%3Aw%20d@127.0.0.1:${proxy.port}`),
    };
    expect(await call(new URL(`https://other.example:${server.port}`), options)).toEqual({ ok: 1 });
    expect(proxy.tunnels).toEqual([`other.example:${server.port}`]);
  });

  it("carries plain http without a login", async () => {
    const proxy = await startSocksProxy();
    const server = await startServer((_, response) => sendJson(response, { ok: 1 }));
    expect(await call(server.url, through(`socks5h://127.0.0.1:${proxy.port}`))).toEqual({ ok: 1 });
  });

  it("explains a refused login and a refused target", async () => {
    const guarded = await startSocksProxy({ login: "a:b" });
    const wrong = call(
      new URL("http://jira.example"),
      through(`socks5://a:c@127.0.0.1:${guarded.port}`),
    );
    await expect(wrong).rejects.toEqual(failsWith("network", /user:password@host/));
    const strict = await startSocksProxy({ refuseWith: 2 });
    const refused = call(
      new URL("http://jira.example"),
      through(`socks5://127.0.0.1:${strict.port}`),
    );
    await expect(refused).rejects.toEqual(failsWith("network", /NO_PROXY/));
  });
});

/** A port on which nothing listens: taken and given back. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

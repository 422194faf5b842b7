import * as oauth from "oauth4webapi";
import { describe, expect, it } from "vitest";
import { sendJson, startServer, tlsFile, tlsServer } from "../../test/fakes/loopback.ts";
import { startConnectProxy } from "../../test/fakes/proxies.ts";
import { testPool } from "../../test/fakes/test-client.ts";
import { createFetch, type FetchOptions } from "./fetch.ts";
import type { TlsSettings } from "./trust.ts";

const trusting: TlsSettings = {
  prefix: "JIRA",
  verify: true,
  caFiles: [{ setting: "ATLASSIAN_CA_BUNDLE", path: tlsFile("ca.pem") }],
};

function testFetch(options: Partial<FetchOptions> = {}) {
  const waits: number[] = [];
  const send = createFetch({
    pool: options.pool ?? testPool(),
    address: "ATLASSIAN_AUTH_URL",
    timeoutMs: 20_000,
    userAgent: "mcp-atlassian/test",
    sleep: async (ms) => {
      waits.push(ms);
    },
    ...options,
  });
  return { send, waits };
}

describe("createFetch", () => {
  it.each([
    ["in the body", oauth.ClientSecretPost("s3cret&"), undefined, "client_secret=s3cret%26"],
    ["as Basic", oauth.ClientSecretBasic("s3cret&"), "Basic YXBwOnMzY3JldCUyNg==", ""],
  ])("carries an OAuth library's refresh with the secret %s", async (_, auth, header, field) => {
    const server = await startServer((_request, response) =>
      sendJson(response, { access_token: "a", token_type: "bearer", expires_in: 3600 }),
    );
    const issuer = {
      issuer: "https://auth.example",
      token_endpoint: `${server.url.href}oauth/token`,
    };
    const { send } = testFetch();
    const options = { [oauth.customFetch]: send, [oauth.allowInsecureRequests]: true };
    const client = { client_id: "app" };
    const answer = await oauth.refreshTokenGrantRequest(issuer, client, auth, "r1", options);
    const tokens = await oauth.processRefreshTokenResponse(issuer, client, answer);
    expect(tokens.access_token).toBe("a");
    const [seen] = server.seen;
    expect(seen?.headers["content-type"]).toMatch(/^application\/x-www-form-urlencoded/);
    expect(seen?.headers["user-agent"]).toBe("mcp-atlassian/test");
    expect(seen?.headers.authorization).toBe(header);
    expect(seen?.body).toContain("refresh_token=r1");
    expect(seen?.body).toContain(field);
  });

  it("hands back redirects, refusals and empty answers as they came", async () => {
    const statuses = [302, 400, 204, 503];
    const server = await startServer((_, response, index) => {
      response.writeHead(statuses[index] ?? 200, { location: "/elsewhere" }).end();
    });
    const { send } = testFetch();
    for (const status of statuses) {
      const answer = await send(server.url.href);
      expect([answer.status, answer.headers.get("location")]).toEqual([status, "/elsewhere"]);
    }
    expect(server.seen).toHaveLength(statuses.length);
  });

  it("tries again when nobody listens, and names host and setting", async () => {
    const { send, waits } = testFetch();
    const failure = send("http://127.0.0.1:9/oauth/token", { method: "POST", body: "x" });
    await expect(failure).rejects.toMatchObject({
      code: "network",
      message: expect.stringContaining("127.0.0.1:9"),
      details: {
        operation: "POST /oauth/token",
        next: expect.stringContaining("ATLASSIAN_AUTH_URL"),
      },
    });
    expect(waits).toHaveLength(2);
  });

  it("does not repeat a request whose answer was lost", async () => {
    const server = await startServer((_, response) => response.destroy());
    const { send } = testFetch();
    const failure = send(server.url.href, { method: "POST", body: "grant" });
    await expect(failure).rejects.toMatchObject({ code: "network" });
    expect(server.seen).toHaveLength(1);
  });

  it("ends with its own deadline or with the caller", async () => {
    const server = await startServer(() => {});
    await expect(testFetch({ timeoutMs: 50 }).send(server.url.href)).rejects.toMatchObject({
      code: "timeout",
    });
    const reason = new Error("gone");
    const signal = AbortSignal.abort(reason);
    await expect(testFetch().send(server.url.href, { signal })).rejects.toBe(reason);
  });

  it("stops reading an answer that is too large", async () => {
    const server = await startServer((_, response) => response.end("x".repeat(2000)));
    const failure = testFetch({ maxBytes: 1000 }).send(server.url.href);
    await expect(failure).rejects.toMatchObject({ code: "upstream" });
  });

  it("goes through the product's proxy and trusts the product's authorities", async () => {
    const server = await startServer(
      (_, response) => sendJson(response, {}),
      tlsServer("site.pem"),
    );
    const proxy = await startConnectProxy();
    const https = `http://127.0.0.1:${proxy.port}`;
    const { send } = testFetch({
      tls: trusting,
      proxy: { product: { https }, environment: {} },
    });
    expect((await send(`https://localhost:${server.port}/oauth/token`)).status).toBe(200);
    expect(proxy.tunnels).toEqual([`localhost:${server.port}`]);
  });

  it("verifies the token endpoint although the product's own check is off", async () => {
    const server = await startServer(
      (_, response) => sendJson(response, {}),
      tlsServer("site.pem"),
    );
    const pool = testPool();
    const lax = testFetch({ pool, tls: { prefix: "JIRA", verify: false, caFiles: [] } });
    expect((await lax.send(server.url.href)).status).toBe(200);
    // The same origin, the same pool: an open connection that was not verified is not shared.
    await expect(testFetch({ pool }).send(server.url.href)).rejects.toMatchObject({
      code: "network",
      details: { next: expect.not.stringContaining("SSL_VERIFY") },
    });
  });

  it("refuses what it cannot send", async () => {
    const { send } = testFetch();
    await expect(send("http://127.0.0.1:9/", { method: "TRACE" })).rejects.toThrow(TypeError);
    const body = new Blob(["x"]);
    await expect(send("http://127.0.0.1:9/", { method: "POST", body })).rejects.toThrow(TypeError);
  });
});

import { describe, expect, it } from "vitest";
import { sendJson, startServer, tlsFile, tlsServer } from "../../test/fakes/loopback.ts";
import { startConnectProxy } from "../../test/fakes/proxies.ts";
import { testPool } from "../../test/fakes/test-client.ts";
import { type ProbeOptions, probe } from "./probe.ts";

const caFiles = [{ setting: "ATLASSIAN_CA_BUNDLE", path: tlsFile("ca.pem") }];

function options(apiBase: URL, more: Partial<ProbeOptions> = {}): ProbeOptions {
  const pool = more.pool ?? testPool();
  const userAgent = "mcp-atlassian/test";
  return { product: "jira", apiBase, pool, timeoutMs: 20_000, userAgent, ...more };
}

describe("probe", () => {
  it("tells status, headers and time of one request, whatever the status", async () => {
    const server = await startServer((_, response) =>
      sendJson(response, { no: 1 }, 302, { location: "/login", "x-arequestid": "1" }),
    );
    let now = 1000;
    const credentials = { headers: () => ({ authorization: "Bearer t" }) };
    const clock = () => (now += 7);
    const met = await probe(
      options(new URL("/jira/", server.url), { credentials, clock }),
      "/rest/api/2/myself?expand=groups",
    );
    expect(met).toMatchObject({ status: 302, text: '{"no":1}', headers: { "x-arequestid": "1" } });
    expect(met.elapsedMs).toBeGreaterThan(0);
    expect(met.tls).toBeUndefined();
    expect(server.seen.map(({ url, headers }) => [url, headers.authorization])).toEqual([
      ["/jira/rest/api/2/myself?expand=groups", "Bearer t"],
    ]);
  });

  it.each([
    ["straight", undefined],
    ["through a proxy", startConnectProxy],
  ])("tells what the site's certificate says, %s", async (_, start) => {
    const server = await startServer((_request, response) => response.end(), tlsServer("site.pem"));
    const via = await start?.();
    const https = via && `http://127.0.0.1:${via.port}`;
    const met = await probe(
      options(new URL(`https://localhost:${server.port}`), {
        tls: { prefix: "JIRA", verify: true, caFiles },
        proxy: { product: { https }, environment: {} },
      }),
      "/status",
    );
    expect(met.tls).toMatchObject({ protocol: "TLSv1.3", trusted: true });
    expect(met.tls?.validTo).toBeGreaterThan(Date.parse("2100-01-01"));
    expect(met.proxy).toBe(via && `127.0.0.1:${via.port}`);
  });

  it("says so when an unverified certificate would not have passed", async () => {
    const server = await startServer((_, response) => response.end(), tlsServer("expired.pem"));
    const tls = { prefix: "JIRA", verify: false, caFiles: [] };
    expect((await probe(options(server.url, { tls }), "/")).tls?.trusted).toBe(false);
  });

  it("fails as calls do when there is no answer", async () => {
    const failure = probe(options(new URL("http://127.0.0.1:9")), "/status?x=1");
    await expect(failure).rejects.toMatchObject({
      code: "network",
      details: { operation: "GET /status", next: expect.stringContaining("JIRA_URL") },
    });
  });
});

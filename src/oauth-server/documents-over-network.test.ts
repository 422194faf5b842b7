import { afterAll, afterEach, beforeAll, expect, it, onTestFinished } from "vitest";
import { sendJson, startServer, tlsServer } from "../../test/fakes/loopback.ts";
import {
  authorizeUrl,
  Browser,
  connect,
  startAuthorizationServer,
} from "../../test/fakes/oauth-server.ts";
import { parseAllowedHosts } from "../http/allowed-hosts.ts";
import { createFetch } from "../http/fetch.ts";
import { createHttpPool } from "../http/pool.ts";
import { type Sandbox, startSandbox } from "../sandbox/server.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.reset());
afterAll(() => sandbox.close());

/** As documents are fetched in earnest: public addresses alone, checked when the connection is made. */
function publicFetch() {
  const pool = createHttpPool();
  onTestFinished(() => pool.close({ force: true }));
  return createFetch({
    pool,
    guard: parseAllowedHosts(["*"]).addresses,
    timeoutMs: 5000,
    userAgent: "test",
    address: "client_id",
  });
}

it("never reaches a server of this machine, whatever name it has", async () => {
  const inside = await startServer(
    (_request, response) => sendJson(response, {}),
    tlsServer("site.pem"),
  );
  const setup = await startAuthorizationServer(sandbox, { documentFetch: publicFetch() });
  for (const host of ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]"]) {
    const id = new URL(`https://${host}:${inside.port}/client.json`).href;
    const answer = await new Browser().open(authorizeUrl(setup, id));
    expect(answer.status).toBe(400);
    expect(answer.headers.get("location")).toBeNull();
  }
  expect(inside.seen).toEqual([]);
  expect(inside.connections).toBe(0);
});

it("reads a document from a server and lets its client in", async () => {
  const id = "https://client.example.com/oauth/client.json";
  const host = await startServer((_request, response) =>
    sendJson(response, {
      client_id: id,
      client_name: "Served client",
      redirect_uris: ["http://127.0.0.1/callback"],
      grant_types: ["authorization_code", "refresh_token"],
    }),
  );
  const setup = await startAuthorizationServer(sandbox, {
    documentFetch: (url, init) => fetch(new URL(new URL(url).pathname, host.url), init),
  });
  const { access } = await connect(setup, { clientId: id });
  expect(await setup.server.verify(access)).toMatchObject({ clientId: id });
  expect(host.seen).toMatchObject([{ method: "GET", url: "/oauth/client.json" }]);
  expect(host.seen[0]?.headers["accept"]).toBe("application/json");
});

import { Agent, request } from "node:https";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Sandbox, startSandbox } from "../server.ts";
import {
  clientCertificate,
  clientKey,
  clientPkcs12,
  combinedClientPem,
  encryptedClientKey,
  foreignCertificate,
  foreignKey,
  passphrase,
} from "./client-certificates.ts";
import { authority } from "./server-certificates.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ tls: true });
});
afterAll(() => sandbox.close());

interface Reply {
  readonly status: number | undefined;
  readonly text: string;
}

function get(
  url: string,
  identity: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  const agent = new Agent({ ca: authority, ...identity });
  return new Promise<Reply>((resolve, reject) => {
    const sent = request(url, { agent, headers }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on("end", () => resolve({ status: response.statusCode, text }));
      response.on("error", reject);
    });
    sent.on("error", reject);
    sent.end();
  }).finally(() => agent.destroy());
}

const jira = () => `${sandbox.tlsUrls?.jira}/rest/api/2/myself`;

describe("the port that wants client certificates", () => {
  it.each([
    ["certificate and key", { cert: clientCertificate, key: clientKey }],
    ["an encrypted key", { cert: clientCertificate, key: encryptedClientKey, passphrase }],
    ["one PEM file", { cert: combinedClientPem, key: combinedClientPem }],
    ["a PKCS#12 file", { pfx: clientPkcs12, passphrase }],
  ])("takes %s as the only credential", async (_name, identity) => {
    const answer = await get(jira(), identity);
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toMatchObject({
      name: "ada",
      self: expect.stringContaining(`${sandbox.tlsUrls?.jira}/rest/`),
    });
  });

  it("serves Confluence and the tokens of its users too", async () => {
    const identity = { cert: clientCertificate, key: clientKey };
    const base = sandbox.tlsUrls?.confluence ?? "";
    const me = await get(`${base}/rest/api/user/current`, identity);
    expect(JSON.parse(me.text)).toMatchObject({ username: "ada" });
    expect((await get(`${base}/rest/pat/latest/tokens`, identity)).text).toBe("[]");
    expect(sandbox.requests.at(-1)).toMatchObject({ site: "confluence-data-center", user: "ada" });
  });

  it("lets an Authorization header decide where there is one", async () => {
    const identity = { cert: clientCertificate, key: clientKey };
    const ben = await get(jira(), identity, { authorization: "Bearer sandbox-pat-ben" });
    expect(JSON.parse(ben.text)).toMatchObject({ name: "ben" });
    const wrong = await get(jira(), identity, { authorization: "Bearer wrong" });
    expect(wrong.status).toBe(401);
  });

  it.each([
    ["without a certificate", {}],
    ["with a foreign one", { cert: foreignCertificate, key: foreignKey }],
  ])("ends the handshake %s", async (_name, identity) => {
    await expect(get(jira(), identity)).rejects.toThrow();
  });

  it("shows a certificate that only the test authority vouches for", async () => {
    const identity = { ca: undefined, cert: clientCertificate, key: clientKey };
    await expect(get(jira(), identity)).rejects.toThrow(/certificate/);
  });
});

it("is there only when asked for", async () => {
  const plain = await startSandbox();
  expect(plain.tlsUrls).toBeUndefined();
  await plain.close();
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { startServer, tlsFile, tlsServer } from "../../test/fakes/loopback.ts";
import { testClient } from "../../test/fakes/test-client.ts";
import { certificateInfo, checkIdentity, type IdentitySettings } from "./identity.ts";
import { apiPath } from "./path.ts";
import { defaultRetry } from "./retry.ts";
import type { TlsSettings } from "./trust.ts";

const passphrase = "correct-horse";
const certFile = tlsFile("client-cert.pem");
const keyFile = tlsFile("client-key.pem");
const settings = (more: Partial<IdentitySettings>): IdentitySettings => ({
  prefix: "JIRA",
  ...more,
});

/** A file of the given name that lives as long as the test. */
function tempFile(name: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "identity-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe("checkIdentity", () => {
  it.each<[string, Partial<IdentitySettings>]>([
    ["no certificate at all", {}],
    ["PKCS#8 with AES", { certFile, keyFile, passphrase }],
    [
      "the traditional form",
      { certFile, keyFile: tlsFile("client-key-traditional.pem"), passphrase },
    ],
    ["one file, key in the clear", { certFile: tlsFile("client-combined.pem") }],
    ["a passphrase that is not needed", { certFile: tlsFile("client-combined.pem"), passphrase }],
    ["PKCS#12", { certFile: tlsFile("client.p12"), passphrase }],
  ])("accepts %s", async (_, given) => {
    await expect(checkIdentity(settings(given))).resolves.toBeUndefined();
  });

  it("gives each defect a message and a setting of its own", async () => {
    const noPem = tempFile("no.pem", "nothing here");
    const noP12 = tempFile("no.p12", "nothing here");
    const broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    const brokenPem = tempFile("broken.pem", broken);
    const cases: [Partial<IdentitySettings>, string][] = [
      [{ keyFile }, "JIRA_CLIENT_KEY"],
      [{ certFile: "/nowhere.pem" }, "JIRA_CLIENT_CERT"],
      [{ certFile: tmpdir() }, "JIRA_CLIENT_CERT"],
      [{ certFile: noPem }, "JIRA_CLIENT_CERT"],
      [{ certFile: noP12, passphrase }, "JIRA_CLIENT_CERT"],
      [{ certFile: brokenPem, keyFile, passphrase }, "JIRA_CLIENT_CERT"],
      [{ certFile }, "JIRA_CLIENT_CERT"],
      [{ certFile, keyFile: "/nowhere.pem" }, "JIRA_CLIENT_KEY"],
      [{ certFile, keyFile: noPem }, "JIRA_CLIENT_KEY"],
      [{ certFile, keyFile: tlsFile("stranger.pem") }, "JIRA_CLIENT_KEY"],
      [{ certFile, keyFile }, "JIRA_CLIENT_KEY_PASSWORD"],
      [{ certFile, keyFile, passphrase: "wrong" }, "JIRA_CLIENT_KEY_PASSWORD"],
      [{ certFile: tlsFile("client-outdated.p12"), passphrase }, "JIRA_CLIENT_CERT"],
      [{ certFile: tlsFile("expired.pem") }, "JIRA_CLIENT_CERT"],
    ];
    const met = await Promise.all(
      cases.map(async ([given]) => checkIdentity(settings(given)).catch((cause) => cause)),
    );
    expect(met.map(({ code, details }) => [code, details?.setting])).toEqual(
      cases.map(([, setting]) => ["config", setting]),
    );
    expect(new Set(met.map(({ message }) => message)).size).toBe(cases.length);
    expect(JSON.stringify(met)).not.toContain(passphrase);
  });

  it.each([
    ["client-key-traditional.pem", undefined],
    ["client-key-traditional.pem", "wrong"],
  ])("blames the passphrase of a traditional key: %s, %s", async (name, wrong) => {
    const given = settings({ certFile, keyFile: tlsFile(name), passphrase: wrong });
    await expect(checkIdentity(given)).rejects.toMatchObject({
      details: { setting: "JIRA_CLIENT_KEY_PASSWORD" },
    });
  });

  it.each([undefined, "wrong"])("blames the passphrase of a PKCS#12 file: %s", async (wrong) => {
    const given = settings({ certFile: tlsFile("client.p12"), passphrase: wrong });
    await expect(checkIdentity(given)).rejects.toMatchObject({
      details: { setting: "JIRA_CLIENT_KEY_PASSWORD" },
    });
  });

  it("refuses a certificate from the future", async () => {
    const given = settings({ certFile: tlsFile("client-combined.pem") });
    const failure = checkIdentity(given, () => Date.parse("2001-01-01"));
    await expect(failure).rejects.toMatchObject({
      code: "config",
      details: { setting: "JIRA_CLIENT_CERT" },
    });
  });
});

describe("certificateInfo", () => {
  it.each([
    ["PEM", { certFile: tlsFile("client-combined.pem") }],
    ["PKCS#12", { certFile: tlsFile("client.p12"), passphrase }],
  ])("tells whom a %s file is about and for how long", async (_, given) => {
    const info = await certificateInfo(settings(given));
    expect(info?.subject).toBe("CN=test client");
    expect(info?.issuer).toContain("CN=");
    expect(info?.validFrom).toBe(Date.parse("2026-11-23T07:42:14Z"));
    expect(info?.validTo).toBeGreaterThan(Date.parse("2120-01-01"));
  });

  it("tells the dates of an expired one, and nothing without one", async () => {
    const info = await certificateInfo(settings({ certFile: tlsFile("expired.pem") }));
    expect(info?.validTo).toBe(Date.parse("2020-02-01T00:00:00Z"));
    expect(await certificateInfo(settings({}))).toBeUndefined();
  });
});

describe("a site that insists on client certificates", () => {
  const caFiles = [{ setting: "ATLASSIAN_CA_BUNDLE", path: tlsFile("ca.pem") }];
  const myself = { path: apiPath`/rest/api/2/myself` };

  async function callAs(maxVersion: "TLSv1.2" | "TLSv1.3", files: Partial<TlsSettings>) {
    const site = tlsServer("site.pem");
    const server = await startServer((_, response) => response.end("{}"), {
      ...site,
      ca: tlsServer("ca.pem").cert,
      requestCert: true,
      rejectUnauthorized: true,
      maxVersion,
    });
    const tls = { prefix: "JIRA", verify: true, caFiles, ...files };
    const { client } = testClient(server.url, { tls, retry: { ...defaultRetry, retries: 0 } });
    return client.json(myself);
  }

  describe.each(["TLSv1.2", "TLSv1.3"] as const)("%s", (version) => {
    it("lets in who has one", async () => {
      expect(await callAs(version, { certFile: tlsFile("client-combined.pem") })).toEqual({});
    });

    it("is not mistaken for a site with an unknown authority", async () => {
      const files = [
        {},
        { certFile: tlsFile("stranger.pem") },
        { certFile: tlsFile("expired.pem") },
      ];
      for (const each of files) {
        await expect(callAs(version, each)).rejects.toMatchObject({
          details: {
            next: expect.stringMatching(/JIRA_CLIENT_CERT/),
          },
        });
        await expect(callAs(version, each)).rejects.not.toMatchObject({
          details: { next: expect.stringContaining("ATLASSIAN_CA_BUNDLE") },
        });
      }
    });
  });
});

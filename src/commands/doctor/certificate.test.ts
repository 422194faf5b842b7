import { expect, it } from "vitest";
import { tlsFile } from "../../../test/fakes/loopback.ts";
import { checkCertificate } from "./certificate.ts";

const certificate = {
  certFile: tlsFile("client-cert.pem"),
  keyFile: tlsFile("client-key.pem"),
  passphrase: "correct-horse",
};
const product = "jira";
/** What the fixture says. */
const validTo = Date.UTC(2126, 9, 30, 7, 42, 14);
const dayMs = 86_400_000;

it.each([
  ["lasts", validTo - 31 * dayMs, "ok"],
  ["ends within a month", validTo - 29 * dayMs, "warning"],
  ["has ended", validTo, "problem"],
  ["is not valid yet", Date.UTC(2020, 0, 1), "problem"],
])("a certificate that %s", async (_, nowMs, outcome) => {
  const [finding] = await checkCertificate({ product, certificate }, nowMs);
  expect(finding?.outcome).toBe(outcome);
  expect(finding?.text).toMatch(/test client.* to 2126-10-30/);
  expect(JSON.stringify(finding)).not.toContain("correct-horse");
});

it("says nothing where there is none", async () => {
  expect(await checkCertificate({ product, certificate: undefined }, validTo)).toEqual([]);
});

it.each([
  [{ ...certificate, passphrase: "wrong" }, "JIRA_CLIENT_KEY_PASSWORD"],
  [{ ...certificate, certFile: "/nowhere.pem" }, "JIRA_CLIENT_CERT"],
])("names the setting of a certificate that cannot be used: %j", async (broken, setting) => {
  const [finding] = await checkCertificate({ product, certificate: broken }, validTo);
  expect(finding).toMatchObject({ outcome: "problem", code: "config", setting });
});

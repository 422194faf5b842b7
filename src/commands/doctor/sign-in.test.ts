import { expect, it, onTestFinished } from "vitest";
import type { Method } from "../../auth/connection.ts";
import { loadSettings } from "../../config/load.ts";
import { silentLogger } from "../../log.ts";
import { compose } from "../../server/compose.ts";
import { chooseConnection, signInFinding } from "./sign-in.ts";

const jira = { JIRA_URL: "https://jira.example.com", JIRA_DEPLOYMENT: "datacenter" };
const basic = { JIRA_USERNAME: "ann", JIRA_API_TOKEN: "password-of-ann" };
const app = { JIRA_OAUTH_CLIENT_ID: "client", JIRA_OAUTH_CLIENT_SECRET: "secret-of-client" };

function partsFor(env: Record<string, string>) {
  const readFile = (): never => {
    throw Object.assign(new Error("no file"), { code: "ENOENT" });
  };
  const loaded = loadSettings({ argv: [], env, cwd: "/", readFile });
  if (loaded.kind !== "settings") throw new Error(JSON.stringify(loaded));
  const { settings, origins } = loaded;
  const { runtime, close } = compose(settings, silentLogger);
  onTestFinished(close);
  return { settings, origins, runtime };
}

function signIn(env: Record<string, string>, settledAt?: Method) {
  const parts = partsFor(env);
  const { connection } = chooseConnection("jira", parts);
  if (connection === undefined) throw new Error("no connection");
  return signInFinding(connection, settledAt ?? connection.method, parts);
}

it("names the method, its settings and where they come from, not their values", () => {
  expect(signIn({ ...jira, ...basic }).text).toBe(
    "by user name and API token (or password) (JIRA_USERNAME, JIRA_API_TOKEN from environment)",
  );
});

it("names the methods that are complete and not used, and why", () => {
  const env = { ...jira, ...basic, JIRA_PERSONAL_TOKEN: "a-token-of-ann" };
  expect(signIn(env)).toMatchObject({ facts: { method: "pat", ignored: ["basic"] } });
  expect(signIn(env).text).toMatch(/not used: user name .* \(the first complete one is used\)/);
  const forced = signIn({ ...env, JIRA_AUTH: "basic" });
  expect(forced).toMatchObject({ facts: { method: "basic", ignored: ["pat"] } });
  expect(forced.text).toMatch(/\(JIRA_AUTH decides\)/);
});

it("warns where OAuth is set up and another method stands in for it", () => {
  const finding = signIn({ ...jira, ...basic, ...app }, "basic");
  expect(finding).toMatchObject({ outcome: "warning", facts: { ignored: ["oauth"] } });
  expect(finding.remedy).toMatch(/auth login.*JIRA_AUTH=basic/);
});

it("names shared OAuth settings where they are used", () => {
  const shared = { ATLASSIAN_OAUTH_CLIENT_ID: "c", ATLASSIAN_OAUTH_CLIENT_SECRET: "secret-of-c" };
  expect(signIn({ ...jira, ...shared }).facts?.["settings"]).toEqual(Object.keys(shared));
});

it("reaches a site as nobody where callers bring their credentials", () => {
  const chosen = chooseConnection("jira", partsFor({ ...jira, TRANSPORT: "streamable-http" }));
  expect(chosen).toMatchObject({ isOperator: false, finding: { outcome: "ok" } });
  expect(chosen.connection).toMatchObject({ method: "external", credential: { kind: "none" } });
});

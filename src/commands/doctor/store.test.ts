import { chmodSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { loadSettings } from "../../config/load.ts";
import { openStore } from "../../store/open.ts";
import { examineStore } from "./store.ts";

const app = {
  JIRA_URL: "https://acme.atlassian.net",
  ATLASSIAN_OAUTH_CLIENT_ID: "client",
  ATLASSIAN_OAUTH_CLIENT_SECRET: "secret-of-client",
};

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "mcp-atlassian-doctor-store-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

async function examined(env: Record<string, string>, home = "/nowhere") {
  const readFile = (): never => {
    throw Object.assign(new Error("no file"), { code: "ENOENT" });
  };
  const input = { argv: [], env, cwd: "/", readFile, home, platform: "linux" } as const;
  const loaded = loadSettings(input);
  if (loaded.kind !== "settings") throw new Error(JSON.stringify(loaded));
  const sections = await examineStore(loaded.settings, 5000);
  return sections.flatMap(({ findings }) => findings);
}

it("is not looked at where nothing needs it", async () => {
  const env = { JIRA_USERNAME: "ann", JIRA_API_TOKEN: "token-of-ann" };
  expect(await examined({ JIRA_URL: app.JIRA_URL, ...env })).toEqual([]);
});

it("is made at the first login, not before", async () => {
  const home = folder();
  const [place, key] = await examined(app, home);
  expect(place).toMatchObject({ outcome: "ok", facts: { exists: false } });
  expect(key?.outcome).toBe("ok");
  expect(readdirSync(home)).toEqual([]);
});

it("tells where its key is", async () => {
  const place = folder();
  const url = pathToFileURL(place);
  const store = openStore({ url, keys: [], defaultFolder: "" });
  await store.put("name", "value");
  await store.close();
  const [, key] = await examined({ ...app, ATLASSIAN_STORE_URL: url.href });
  expect(key).toMatchObject({ outcome: "ok", facts: { source: "file" } });
});

it("is a problem with the wrong key", async () => {
  const url = pathToFileURL(folder());
  const store = openStore({ url, keys: ["the-right-key-of-all"], defaultFolder: "" });
  await store.put("name", "value");
  await store.close();
  const env = { ...app, ATLASSIAN_STORE_URL: url.href, ATLASSIAN_STORE_KEY: "another-wrong-key" };
  const findings = await examined(env);
  expect(findings.at(-1)).toMatchObject({ outcome: "problem", code: "config" });
  expect(JSON.stringify(findings)).not.toMatch(/right-key|wrong-key/);
});

it("is worth a warning where it forgets", async () => {
  const [place] = await examined({ ...app, ATLASSIAN_STORE_URL: "memory:" });
  expect(place?.outcome).toBe("warning");
});

// Nothing is unwritable for root.
it.skipIf(process.getuid?.() === 0)("is a problem where nothing can be written", async () => {
  const place = folder();
  chmodSync(place, 0o500);
  const [finding] = await examined({ ...app, ATLASSIAN_STORE_URL: pathToFileURL(place).href });
  expect(finding).toMatchObject({ outcome: "problem", setting: "ATLASSIAN_STORE_URL" });
});

import { describe, expect, it, onTestFinished } from "vitest";
import { tlsFile } from "../../test/fakes/loopback.ts";
import { hasRedis, startRedis } from "../../test/fakes/redis.ts";
import { loadSettings } from "../config/load.ts";
import { openTokenStore } from "./token-store.ts";

function storeWith(env: Readonly<Record<string, string>>) {
  const site = { JIRA_URL: "https://jira.example.com", JIRA_PERSONAL_TOKEN: "token" };
  const loaded = loadSettings({ argv: [], env: { ...site, ...env }, cwd: "/" });
  if (loaded.kind !== "settings") return expect.unreachable(JSON.stringify(loaded));
  const store = openTokenStore(loaded.settings);
  onTestFinished(() => store.close());
  return store;
}

describe.skipIf(!hasRedis)("a token store in Redis", () => {
  const key = { ATLASSIAN_STORE_KEY: "a passphrase" };

  it("trusts the authorities that the operator names", async () => {
    const { url } = await startRedis({ certificate: "site.pem" });
    const env = { ...key, ATLASSIAN_STORE_URL: url.href };
    await expect(storeWith(env).get("a")).rejects.toMatchObject({
      code: "config",
      details: { setting: "ATLASSIAN_CA_BUNDLE" },
    });
    const store = storeWith({ ...env, ATLASSIAN_CA_BUNDLE: tlsFile("ca.pem") });
    await store.put("a", "1");
    expect(await store.get("a")).toBe("1");
  });
});

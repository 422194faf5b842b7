import { describe, expect, it } from "vitest";
import { hasRedis } from "../../test/fakes/redis.ts";
import {
  aboutAddress,
  openRedisStore,
  sharedKey,
  startRedisStore,
} from "../../test/fakes/redis-store.ts";
import { newStoreKey } from "../../test/fakes/store-key.ts";

const aboutKey = { code: "config", details: { setting: "ATLASSIAN_STORE_KEY" } };

describe.skipIf(!hasRedis)("records in Redis", () => {
  const passphrase = "correct horse battery staple";

  it("show neither key nor value", async () => {
    const { server, store } = await startRedisStore();
    await store.put("grant:ann", "refresh-token");
    const [name] = (await server.command("KEYS", "*")) as string[];
    expect(name).toMatch(/^mcp-atlassian:value:[\w-]{43}$/);
    expect(await server.command("GET", name ?? "")).not.toMatch(/refresh-token|grant/);
  });

  it("open on every replica with the same passphrase, even after the server was emptied", async () => {
    const { server, store } = await startRedisStore({ keys: [passphrase] });
    await store.put("a", "1");
    await server.command("FLUSHALL");
    await store.put("a", "2");
    expect(await openRedisStore(server.url, { keys: [passphrase] }).get("a")).toBe("2");
  });

  it("stay as they are when the key is another", async () => {
    const { server, store } = await startRedisStore();
    await store.put("a", "1");
    const stranger = openRedisStore(server.url, { keys: [newStoreKey()] });
    await expect(stranger.get("a")).rejects.toMatchObject(aboutKey);
    await expect(stranger.take("a")).rejects.toMatchObject(aboutKey);
    await expect(stranger.compareAndSet("a", "1", "2")).rejects.toMatchObject(aboutKey);
    expect(await stranger.compareAndSet("a", undefined, "2")).toBe(false);
    expect(await store.take("a")).toBe("1");
  });

  it("move to a new key as they are written, and lock no replica out", async () => {
    const newKey = newStoreKey();
    const { server, store: before } = await startRedisStore();
    await before.put("old", "1");
    await before.put("swapped", "1");
    const during = openRedisStore(server.url, { keys: [newKey, sharedKey] });
    expect(await during.get("old")).toBe("1");
    expect(await during.compareAndSet("swapped", "1", "2")).toBe(true);
    const after = openRedisStore(server.url, { keys: [newKey] });
    expect(await after.get("swapped")).toBe("2");
    await expect(after.get("old")).rejects.toMatchObject(aboutKey);
    expect(await openRedisStore(server.url, { keys: [sharedKey, newKey] }).take("swapped")).toBe(
      "2",
    );
  });

  it("that were changed or swapped are refused and left", async () => {
    const { server, store } = await startRedisStore();
    await store.put("a", "1");
    const [name = ""] = (await server.command("KEYS", "*")) as string[];
    await server.command("COPY", name, "kept");
    await store.put("b", "1");
    const names = (await server.command("KEYS", "*:value:*")) as string[];
    for (const each of names) await server.command("COPY", "kept", each, "REPLACE");
    expect(await store.get("a")).toBe("1");
    await expect(store.take("b")).rejects.toMatchObject(aboutAddress);
    await server.command("SETRANGE", name, "30", "xx");
    await expect(store.get("a")).rejects.toMatchObject(aboutAddress);
    await server.command("SET", name, "short");
    await expect(store.take("a")).rejects.toMatchObject(aboutAddress);
    expect(await server.command("DBSIZE")).toBe(3);
  });

  it("are replaced by comparison although an equal text was put meanwhile", async () => {
    const { server, store } = await startRedisStore();
    const other = openRedisStore(server.url);
    await store.put("a", "same");
    const racing = Array.from({ length: 30 }, () => other.put("a", "same"));
    const isSet = store.compareAndSet("a", "same", "new");
    await Promise.all(racing);
    expect(await isSet).toBe(true);
  });
});

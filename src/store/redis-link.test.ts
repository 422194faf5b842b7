import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { listenUntilTestEnds, tlsFile } from "../../test/fakes/loopback.ts";
import { hasRedis, type RedisServer, startCutting, startRedis } from "../../test/fakes/redis.ts";
import {
  aboutAddress,
  away,
  expectAllToFail,
  openRedisStore,
  operations,
  startRedisStore,
  untilItWorks,
} from "../../test/fakes/redis-store.ts";
import { AtlassianMcpError } from "../errors.ts";

describe.skipIf(!hasRedis)("a Redis server that goes away", () => {
  it("fails every operation at once, and all work again when it is back", async () => {
    const { server, store } = await startRedisStore();
    await store.put("a", "1");
    await server.stop();
    await expectAllToFail(store, away);
    await server.start();
    await untilItWorks(() => store.get("a"));
    expect(await store.get("a")).toBe("1");
    for (const [, operation] of operations) await operation(store);
  });

  it("does not have to be there first", async () => {
    const { server, store } = await startRedisStore();
    await server.stop();
    await expectAllToFail(store, away);
    await server.start();
    await untilItWorks(() => store.put("a", "1"));
    expect(await store.get("a")).toBe("1");
  });

  it.each(operations)(
    "that only stands still does not hold up %s for long",
    async (_name, operation) => {
      const { server, store } = await startRedisStore({ timeoutMs: 200 });
      await untilItWorks(() => store.put("a", "1"));
      server.pause();
      await expect(operation(store)).rejects.toMatchObject(away);
      await expect(operation(store)).rejects.toMatchObject(away);
      server.resume();
      await untilItWorks(() => operation(store));
    },
  );

  it("that is killed has all that was acknowledged", async () => {
    const { server, store } = await startRedisStore();
    const names = Array.from({ length: 50 }, (_, index) => `name ${index}`);
    await Promise.all(names.map((name) => store.put(name, name)));
    await server.kill();
    await server.start();
    await untilItWorks(() => store.get("a"));
    expect(await Promise.all(names.map((name) => store.get(name)))).toEqual(names);
  });

  it("in the middle of a race gives no value twice", async () => {
    const { server, store } = await startRedisStore();
    const stores = [store, openRedisStore(server.url), openRedisStore(server.url)];
    const names = Array.from({ length: 200 }, (_, index) => `name ${index}`);
    await Promise.all(names.map((name) => store.put(name, name)));
    const taken: string[] = [];
    const race = () =>
      Promise.all(
        stores.flatMap((each) =>
          names.map(async (name) => {
            const value = await each.take(name).catch(() => undefined);
            if (value !== undefined) taken.push(value);
          }),
        ),
      );
    const running = race();
    await server.kill();
    await running;
    await server.start();
    for (const each of stores) await untilItWorks(() => each.get("a"));
    await race();
    expect(new Set(taken).size).toBe(taken.length);
    for (const name of names) expect(await store.get(name)).toBeUndefined();
  });

  it.each([
    ["take", "DEL", undefined],
    ["compare and set", "SET", "2"],
    ["be first", "NX", "1"],
  ])("while it answers is never asked again to %s", async (name, word, left) => {
    const { server, store } = await startRedisStore();
    const key = name === "be first" ? "c" : "a";
    if (key === "a") await store.put(key, "1");
    const url = await startCutting(server.url, (commands) =>
      new RegExp(`\\b${word}\\b`).test(commands),
    );
    const cut = openRedisStore(url);
    const [, operation] = operations.find(([each]) => each === name) ?? [];
    // Neither "absent" nor "not replaced", which is what a second attempt would find.
    await expect(operation?.(cut)).rejects.toMatchObject(away);
    expect(await store.get(key)).toBe(left);
    await untilItWorks(() => cut.put("b", "1"));
  });

  it("without a word is left for a new connection", async () => {
    const { server } = await startRedisStore();
    const url = await startCutting(server.url, (text) => /\bget\b/i.test(text), { silently: true });
    const store = openRedisStore(url, { timeoutMs: 200 });
    await untilItWorks(() => store.put("a", "1"));
    await expect(store.get("a")).rejects.toMatchObject(away);
    await untilItWorks(() => store.get("a"));
  });

  it("is not connected to before the store is used", async () => {
    let connections = 0;
    const port = await listenUntilTestEnds(
      createServer(() => {
        connections += 1;
      }),
    );
    const store = openRedisStore(new URL(`redis://127.0.0.1:${port}`), { timeoutMs: 100 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(connections).toBe(0);
    await expect(store.get("a")).rejects.toMatchObject(away);
    expect(connections).toBeGreaterThan(0);
  });
});

describe.skipIf(!hasRedis)("TLS to Redis", () => {
  const trusting = { tls: async () => ({ ca: readFileSync(tlsFile("ca.pem")) }) };
  const aboutTrust = { code: "config", details: { setting: "ATLASSIAN_CA_BUNDLE" } };

  it("works with the operator's authority", async () => {
    const { store } = await startRedisStore(trusting, { certificate: "site.pem" });
    await store.put("a", "1");
    expect(await store.get("a")).toBe("1");
  });

  it.each([
    ["an unknown authority", {}, "site.pem"],
    ["another host's certificate", trusting, "other-host.pem"],
    ["an outdated certificate", trusting, "expired.pem"],
  ])("refuses %s", async (_what, options, certificate) => {
    const { store } = await startRedisStore(options, { certificate });
    await expectAllToFail(store, aboutTrust);
  });

  it("is not waited for when only one side speaks it", async () => {
    const plain = await startRedis();
    const asTls = new URL(plain.url.href.replace("redis:", "rediss:"));
    await expectAllToFail(openRedisStore(asTls, { ...trusting, timeoutMs: 200 }), away);
    const secure = await startRedis({ certificate: "site.pem" });
    const asPlain = new URL(secure.url.href.replace("rediss:", "redis:"));
    await expectAllToFail(openRedisStore(asPlain, { timeoutMs: 200 }), away);
  });

  it("is named as the trouble when the other side answers without", async () => {
    const port = await listenUntilTestEnds(
      createServer((socket) => socket.end("-ERR Protocol\r\n")),
    );
    const store = openRedisStore(new URL(`rediss://127.0.0.1:${port}`), trusting);
    await expectAllToFail(store, aboutAddress);
  });

  it("is tried again when it could not be set up", async () => {
    let isBroken = true;
    const tls = async () => (isBroken ? { cert: "no certificate" } : trusting.tls());
    const { store } = await startRedisStore({ tls }, { certificate: "site.pem" });
    await expectAllToFail(store, away);
    isBroken = false;
    await store.put("a", "1");
  });

  it("is tried again when the authority could not be read", async () => {
    let isThere = false;
    const tls = async () => {
      if (!isThere) throw new AtlassianMcpError("config", "no such file");
      return trusting.tls();
    };
    const { store } = await startRedisStore({ tls }, { certificate: "site.pem" });
    await expectAllToFail(store, { code: "config" });
    isThere = true;
    await store.put("a", "1");
  });
});

describe.skipIf(!hasRedis)("closing a store in Redis", () => {
  const clientsOf = async (server: RedisServer) =>
    String(await server.command("CLIENT", "LIST", "TYPE", "normal"))
      .trim()
      .split("\n").length;

  it("ends the connection after what is under way", async () => {
    const { server, store } = await startRedisStore();
    await store.put("a", "1");
    expect(await clientsOf(server)).toBe(2);
    const putting = store.put("a", "2");
    await putting;
    await store.close();
    await untilItWorks(async () => expect(await clientsOf(server)).toBe(1));
    await expect(store.get("a")).rejects.toMatchObject({ code: "upstream" });
    await store.close();
  });

  it("needs neither a use before nor a server", async () => {
    const { server, store } = await startRedisStore();
    await openRedisStore(server.url).close();
    await store.put("a", "1");
    await server.stop();
    await store.close();
  });
});

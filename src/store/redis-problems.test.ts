import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { hasRedis, startAnswering, startRedis } from "../../test/fakes/redis.ts";
import {
  aboutAddress,
  away,
  expectAllToFail,
  openRedisStore,
  operations,
  startRedisStore,
  untilItWorks,
} from "../../test/fakes/redis-store.ts";

const password = "pass/word@1 ä";

async function errorOf(result: Promise<unknown>): Promise<unknown> {
  return result.then(
    () => expect.unreachable(),
    (error: unknown) => error,
  );
}

describe.skipIf(!hasRedis)("what Redis answers", () => {
  const withUser = (url: URL, user: string, secret: string, path = "") =>
    new URL(`redis://${user}:${encodeURIComponent(secret)}@${url.host}${path}`);

  it("to user, password, database and prefix of the address", async () => {
    const server = await startRedis();
    const rules = ["on", `>${password}`, "~mine:*", "+@all"];
    await server.command("ACL", "SETUSER", "ann", ...rules);
    await openRedisStore(withUser(server.url, "ann", password, "/3?prefix=mine:")).put("a", "1");
    await server.command("SELECT", "3");
    expect(await server.command("KEYS", "*")).toEqual([expect.stringMatching(/^mine:value:/)]);
  });

  it.each(["", "default"])("to the password of the user %j", async (user) => {
    const { url } = await startRedis({ password });
    await openRedisStore(withUser(url, user, password)).put("a", "1");
    expect(await openRedisStore(withUser(url, user, password)).get("a")).toBe("1");
  });

  it.each(["", "ann"])("to a wrong password of the user %j, which is never told", async (user) => {
    const { url } = await startRedis({ password });
    const store = openRedisStore(withUser(url, user, "wrong-secret-1"));
    for (const [, operation] of operations) {
      const error = await errorOf(operation(store));
      expect(error).toMatchObject(aboutAddress);
      expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/wrong-secret-1/);
    }
  });

  it("to a password that has changed, and to the right one again", async () => {
    const server = await startRedis({ password });
    const store = openRedisStore(withUser(server.url, "", password));
    await store.put("a", "1");
    await server.command("CONFIG", "SET", "requirepass", "other");
    await server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
    await untilItWorks(() => expect(store.get("a")).rejects.toMatchObject(aboutAddress));
    await server.command("CONFIG", "SET", "requirepass", password);
    await untilItWorks(() => store.get("a"));
  });

  it("without a password where one is needed", async () => {
    const { url } = await startRedis({ password });
    await expectAllToFail(openRedisStore(url), aboutAddress);
  });

  it("to a user who may not do what is needed", async () => {
    const server = await startRedis();
    await server.command("ACL", "SETUSER", "ann", "on", ">pw", "~*", "+info");
    await expectAllToFail(openRedisStore(withUser(server.url, "ann", "pw")), aboutAddress);
  });

  it("to a database that does not exist, without writing into another", async () => {
    const server = await startRedis();
    const store = openRedisStore(new URL("/99", server.url));
    await expectAllToFail(store, aboutAddress);
    expect(await server.command("DBSIZE")).toBe(0);
  });

  it("as a replica, until it is the primary", async () => {
    const { server, store } = await startRedisStore();
    await store.put("a", "1");
    await server.command("REPLICAOF", "127.0.0.1", "1");
    await expect(store.put("a", "2")).rejects.toMatchObject(away);
    await expect(store.ping?.()).rejects.toMatchObject({ code: "upstream" });
    await server.command("REPLICAOF", "NO", "ONE");
    await untilItWorks(() => store.put("a", "3"));
    expect(await store.get("a")).toBe("3");
  });

  it("when it is out of memory, and when it has some again", async () => {
    const { server, store } = await startRedisStore();
    await store.put("a", "1");
    await server.command("CONFIG", "SET", "maxmemory", "1");
    await expect(store.put("a", "2")).rejects.toMatchObject(away);
    await expect(store.ping?.()).rejects.toMatchObject(away);
    expect(await store.get("a")).toBe("1");
    await server.command("CONFIG", "SET", "maxmemory", "0");
    await store.put("a", "2");
  });
});

describe("an answer that is no value", () => {
  it.each([
    ["-LOADING Redis is loading the dataset in memory", away],
    ["-MISCONF Redis is configured to save RDB snapshots", away],
    ["-MASTERDOWN Link with MASTER is down", away],
    ["-CLUSTERDOWN The cluster is down", away],
    ["-BUSY Redis is busy running a script", away],
    ["-NOREPLICAS Not enough good replicas to write.", away],
    ["-ERR max number of clients reached", away],
    ["-ERR unknown command 'SET', with args beginning with: 'secret' ", away],
    ["-ERR invalid password", aboutAddress],
    [
      "-ERR Error running script (call to f_1): @user_script:1: @user_script: 1: -NOPERM no such right",
      aboutAddress,
    ],
    ["-MOVED 3999 127.0.0.1:6381", aboutAddress],
    ["this is not Redis", away],
  ])("%s", async (answer, error) => {
    const store = openRedisStore(await startAnswering(answer), { timeoutMs: 1000 });
    await expectAllToFail(store, error);
    expect(String(await errorOf(store.get("a")))).not.toMatch(/secret|Reached|Stream/);
  });
});

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/fakes/children.ts";
import { defaultStoreFolder, legacyFolder } from "./folders.ts";
import { openStore } from "./open.ts";
import { redisAddress } from "./redis-address.ts";

describe("opening a store", () => {
  it("uses the folder of a file: address", async () => {
    const folder = join(await temporaryFolder(), "mit Umlaut ä");
    const options = { url: pathToFileURL(folder), keys: [], defaultFolder: "/nowhere/at/all" };
    await openStore(options).put("a", "1");
    expect(await openStore(options).get("a")).toBe("1");
  });

  it("uses the default folder without an address", async () => {
    const defaultFolder = await temporaryFolder();
    await openStore({ keys: [], defaultFolder }).put("a", "1");
    expect(await openStore({ keys: [], defaultFolder }).get("a")).toBe("1");
  });

  it("keeps memory: to itself", async () => {
    const options = { url: new URL("memory:"), keys: [], defaultFolder: "/nowhere" };
    await openStore(options).put("a", "1");
    expect(await openStore(options).get("a")).toBeUndefined();
  });

  it.each([
    "https://user:s3cr3t@host/",
    "file://host/x",
    "redis+sentinel://user:s3cr3t@host:26379/name",
    "rediss-cluster://user:s3cr3t@host",
    "redis:",
    "redis:///0",
    "redis://user:s3cr3t@host/name",
    "redis://user:s3cr3t@host/-1",
    "redis://user:s3cr%3t@host",
    "rediss://user:s3cr3t@host?tls=false",
  ])("refuses %s, without repeating what may be secret in it", (url) => {
    const options = { url: new URL(url), keys: ["a key"], defaultFolder: "/nowhere" };
    const details = expect.objectContaining({ setting: "ATLASSIAN_STORE_URL" });
    expect(() => openStore(options)).toThrow(expect.objectContaining({ code: "config", details }));
    expect(() => openStore(options)).not.toThrow(/s3cr/);
  });

  it.each([[[]], [[" "]]])("refuses Redis with the keys %j", (keys) => {
    const options = { url: new URL("redis://host"), keys, defaultFolder: "/nowhere" };
    const details = expect.objectContaining({
      setting: "ATLASSIAN_STORE_KEY",
      next: expect.stringContaining("openssl rand -base64 32"),
    });
    expect(() => openStore(options)).toThrow(expect.objectContaining({ code: "config", details }));
  });
});

describe("the address of a Redis server", () => {
  const plain = {
    host: "host",
    port: 6379,
    isTls: false,
    username: undefined,
    password: undefined,
    database: 0,
    prefix: "mcp-atlassian:",
  };

  it.each([
    ["redis://host", {}],
    ["redis://host/", {}],
    ["rediss://host:6380/12", { isTls: true, port: 6380, database: 12 }],
    ["redis://:p%40ss%2Fw@host", { password: "p@ss/w" }],
    ["redis://%C3%A4nn:pw@host", { username: "änn", password: "pw" }],
    ["redis://ann@host", { username: "ann" }],
    ["redis://[::1]:1/0", { host: "::1", port: 1 }],
    ["redis://host?prefix=team%2F:", { prefix: "team/:" }],
    ["redis://host/1?prefix=", { database: 1, prefix: "" }],
  ])("%s", (url, expected) => {
    expect(redisAddress(new URL(url))).toEqual({ ...plain, ...expected });
  });
});

describe("folders", () => {
  it.each([
    ["linux", {}, "/home/ada", "/home/ada/.local/state/mcp-atlassian"],
    ["linux", { XDG_STATE_HOME: "/state" }, "/home/ada", "/state/mcp-atlassian"],
    ["linux", { XDG_DATA_HOME: "/data" }, "/home/ada", "/data/mcp-atlassian"],
    ["linux", { XDG_STATE_HOME: "relative" }, "/h", "/h/.local/state/mcp-atlassian"],
    ["darwin", {}, "/Users/ada", "/Users/ada/Library/Application Support/mcp-atlassian"],
    ["win32", { LOCALAPPDATA: "D:\\Local" }, "C:\\Users\\ada", "D:\\Local\\mcp-atlassian"],
    ["win32", {}, "C:\\Users\\ada", "C:\\Users\\ada\\AppData\\Local\\mcp-atlassian"],
  ] as const)("on %s with %j and %s: %s", (platform, env, home, folder) => {
    expect(defaultStoreFolder({ platform, env, home })).toBe(folder);
  });

  it("finds the token files of the Python implementation", () => {
    expect(legacyFolder({ platform: "linux", home: "/home/ada" })).toBe("/home/ada/.mcp-atlassian");
  });
});

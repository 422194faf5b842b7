import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/fakes/children.ts";
import { defaultStoreFolder, legacyFolder } from "./folders.ts";
import { openStore } from "./open.ts";

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

  it.each(["redis://user:password@host:6379", "rediss://host", "https://host/", "file://host/x"])(
    "refuses %s, without repeating what may be secret in it",
    (url) => {
      const open = () => openStore({ url: new URL(url), keys: [], defaultFolder: "/nowhere" });
      const details = expect.objectContaining({ setting: "ATLASSIAN_STORE_URL" });
      expect(open).toThrow(expect.objectContaining({ code: "config", details }));
      expect(open).not.toThrow(/password/);
    },
  );
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

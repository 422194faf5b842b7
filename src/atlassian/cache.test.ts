import { describe, expect, it } from "vitest";
import { ConnectionCache } from "./cache.ts";

describe("what an identity remembers", () => {
  it("is made once, also for callers at the same time, and made anew after its time", async () => {
    let now = 0;
    let made = 0;
    const cache = new ConnectionCache(100, () => now);
    const ask = () => cache.remember("fields", async () => ++made);
    expect(await Promise.all([ask(), ask()])).toEqual([1, 1]);
    now = 99;
    expect(await ask()).toBe(1);
    now = 101;
    expect(await ask()).toBe(2);
    expect(await cache.remember("fields", async () => ++made, { refresh: true })).toBe(3);
  });

  it("is no failure", async () => {
    const cache = new ConnectionCache();
    await expect(cache.remember("x", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await cache.remember("x", async () => "yes")).toBe("yes");
  });

  it("is bounded", async () => {
    const cache = new ConnectionCache();
    for (let index = 0; index <= 500; index++)
      await cache.remember(String(index), async () => "old");
    expect(await cache.remember("0", async () => "new")).toBe("new");
    expect(await cache.remember("500", async () => "new")).toBe("old");
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { collectOffset, collectTokens } from "./paging.ts";

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

describe("an offset-paged list", () => {
  it("gives every item once, whatever page size the site prefers", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(40),
        fc.integer({ min: 1, max: 15 }),
        fc.integer({ min: 1, max: 15 }),
        async (count, pageSize, sitesMost) => {
          const all = numbers(count);
          const { items, isLast } = await collectOffset({
            pageSize,
            fetch: async (at, most) => ({
              items: all.slice(at, at + Math.min(most, sitesMost)),
              total: count,
            }),
          });
          expect(items).toEqual(all);
          expect(isLast).toBe(true);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("stops at the limit and says that more follows", async () => {
    const asked: number[] = [];
    const result = await collectOffset({
      startAt: 5,
      limit: 3,
      pageSize: 2,
      fetch: async (at, most) => {
        asked.push(at, most);
        return { items: numbers(20).slice(at, at + most), total: 20 };
      },
    });
    expect(result).toEqual({ items: [5, 6, 7], total: 20, isLast: false });
    expect(asked).toEqual([5, 2, 7, 1]);
  });

  it("ends on an empty page where the site counts wrong", async () => {
    const { items } = await collectOffset({
      pageSize: 2,
      fetch: async (at) => ({ items: at === 0 ? [1] : [], total: 9 }),
    });
    expect(items).toEqual([1]);
  });

  it("ends where the site says so", async () => {
    const { items, isLast } = await collectOffset({
      pageSize: 2,
      fetch: async () => ({ items: [1, 2], isLast: true }),
    });
    expect(items).toEqual([1, 2]);
    expect(isLast).toBe(true);
  });
});

describe("a token-paged list", () => {
  it("continues where the last call stopped", async () => {
    const all = numbers(7);
    const fetch = async (token: string | undefined, most: number) => {
      const at = Number(token ?? 0);
      const end = at + Math.min(most, 2);
      return { items: all.slice(at, end), next: end < all.length ? String(end) : undefined };
    };
    const first = await collectTokens({ limit: 3, pageSize: 5, fetch });
    expect(first).toEqual({ items: [0, 1, 2], next: "3" });
    const rest = await collectTokens({ token: first.next, limit: 50, pageSize: 5, fetch });
    expect(rest).toEqual({ items: [3, 4, 5, 6], next: undefined });
  });

  it("gives up on a site that sends empty pages for ever", async () => {
    let calls = 0;
    const fetch = async () => {
      calls += 1;
      return { items: [], next: "again" };
    };
    await expect(collectTokens({ limit: 5, pageSize: 5, fetch })).resolves.toEqual({
      items: [],
      next: "again",
    });
    expect(calls).toBe(3);
  });
});

import { describe, expect, it } from "vitest";
import { createLimits, type LimitKeys } from "./limits.ts";

const write: LimitKeys = {
  credential: "alice",
  method: "PUT",
  template: "/issue/{}",
  order: "A-1",
};

function limited(
  reason: string | undefined,
  headers: Record<string, string> = { "retry-after": "60" },
) {
  let now = 1_000_000;
  const limits = createLimits(() => now);
  const told = reason === undefined ? headers : { ...headers, "ratelimit-reason": reason };
  limits.learn(told, write);
  return {
    limits,
    wait: (ms: number) => {
      now += ms;
    },
    blocks: (more: Partial<LimitKeys>) => limits.blockedMs({ ...write, ...more }) > 0,
  };
}

describe("what a 429 rules out", () => {
  it.each<[string | undefined, Record<string, [Partial<LimitKeys>, boolean]>]>([
    [
      "jira-quota-global-based",
      {
        "another call of the user": [{ method: "GET", template: "/x", order: undefined }, true],
        "another user": [{ credential: "bob" }, false],
      },
    ],
    [
      "jira-burst-based",
      {
        "another user": [{ credential: "bob", order: "B-2" }, true],
        "another method": [{ method: "GET" }, false],
        "another path": [{ template: "/x" }, false],
      },
    ],
    [
      "jira-per-issue-on-write",
      {
        "another path, same issue": [{ credential: "bob", template: "/issue/{}/comment" }, true],
        "another issue": [{ order: "A-2" }, false],
      },
    ],
    [
      "something-new",
      {
        "the same call": [{ order: "A-2" }, true],
        "another user": [{ credential: "bob" }, false],
        "another path": [{ template: "/x" }, false],
      },
    ],
    [undefined, { "the same call": [{}, true], "another user": [{ credential: "bob" }, false] }],
  ])("%s", (reason, cases) => {
    const { blocks } = limited(reason);
    expect(blocks({})).toBe(true);
    const found = Object.entries(cases).map(([name, [keys]]) => [name, blocks(keys)]);
    expect(Object.fromEntries(found)).toEqual(
      Object.fromEntries(Object.entries(cases).map(([name, [, expected]]) => [name, expected])),
    );
  });

  it("ends when the server said so", () => {
    const { limits, wait } = limited("jira-burst-based");
    expect(limits.blockedMs(write)).toBe(60_000);
    wait(59_999);
    expect(limits.blockedMs(write)).toBe(1);
    wait(1);
    expect(limits.blockedMs(write)).toBe(0);
  });

  it("is nothing when the server names no time, and an hour at most", () => {
    expect(limited("jira-burst-based", { "retry-after": "0" }).limits.blockedMs(write)).toBe(0);
    expect(limited("jira-burst-based", { "retry-after": "99999999" }).limits.blockedMs(write)).toBe(
      3_600_000,
    );
  });

  it("is not shortened by a later, smaller answer", () => {
    const { limits } = limited("jira-burst-based");
    limits.learn({ "retry-after": "5", "ratelimit-reason": "jira-burst-based" }, write);
    expect(limits.blockedMs(write)).toBe(60_000);
  });

  it("stays bounded however many calls are limited", () => {
    const { limits } = limited("jira-per-issue-on-write");
    for (let issue = 0; issue < 1500; issue++) {
      limits.learn(
        { "retry-after": "60", "ratelimit-reason": "jira-per-issue-on-write" },
        { ...write, order: `B-${issue}` },
      );
    }
    expect(limits.blockedMs(write)).toBe(0);
    expect(limits.blockedMs({ ...write, order: "B-1499" })).toBe(60_000);
  });
});

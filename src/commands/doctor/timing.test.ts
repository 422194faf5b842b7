import { describe, expect, it } from "vitest";
import { anonymous } from "../../auth/credentials.ts";
import { AtlassianMcpError } from "../../errors.ts";
import type { Probe } from "../../http/probe.ts";
import type { ApiTarget } from "../../server/runtime.ts";
import { checkClock, checkLatency } from "./timing.ts";

const answer = (elapsedMs: number, headers: Record<string, string> = {}): Probe => ({
  status: 200,
  text: "",
  ...{ headers, elapsedMs },
});
const base = new URL("https://jira.example.com");

describe("the latency", () => {
  it.each([
    [[900, 30, 40], 40, "ok"],
    [[2500, 100, 2100], 2100, "warning"],
  ])("of %j ms is the median %i: %s", async (times, median, outcome) => {
    const left = [...times];
    const probe = async () => answer(left.shift() ?? 0);
    const finding = await checkLatency("jira", base, { probe, limitMs: 1000 });
    expect(finding).toMatchObject({ outcome, facts: { median_ms: median } });
  });

  it("is measured without anybody's credentials", async () => {
    const targets: ApiTarget[] = [];
    const probe = async (target: ApiTarget) => {
      targets.push(target);
      return answer(1);
    };
    await checkLatency("confluence", base, { probe, limitMs: 1000 });
    expect(targets.map(({ credentials }) => credentials)).toEqual([
      anonymous,
      anonymous,
      anonymous,
    ]);
  });

  it("is a problem where the site stops answering", async () => {
    const probe = async () => {
      throw new AtlassianMcpError("timeout", "late");
    };
    const finding = await checkLatency("jira", base, { probe, limitMs: 1000 });
    expect(finding).toMatchObject({ outcome: "problem", code: "timeout" });
  });
});

describe("the clock", () => {
  const received = Date.UTC(2026, 10, 1, 12, 0, 0, 600);
  const at = (skewMs: number) => new Date(received - skewMs).toUTCString();

  it.each([
    [0, "ok"],
    [-59_000, "ok"],
    [62_000, "warning"],
    [-299_000, "warning"],
    [302_000, "problem"],
    [-86_400_000, "problem"],
  ])("off by %i ms: %s", (skewMs, outcome) => {
    expect(checkClock(answer(20, { date: at(skewMs) }), received).outcome).toBe(outcome);
  });

  it("says in which direction it is off", () => {
    expect(checkClock(answer(0, { date: at(120_000) }), received).text).toMatch(/ahead of/);
    expect(checkClock(answer(0, { date: at(-120_000) }), received).text).toMatch(/behind/);
  });

  it.each([[{}], [{ date: "yesterday" }], [{ date: at(0), age: "40" }]])(
    "cannot be compared with %j",
    (headers) => {
      expect(checkClock(answer(0, headers), received).outcome).toBe("skipped");
    },
  );
});

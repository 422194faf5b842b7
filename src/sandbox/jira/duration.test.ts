import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatDuration, jiraDate, parseDuration, parseJiraDate } from "./duration.ts";

describe("durations", () => {
  it.each([
    ["1w", 144_000],
    ["1w 2d 3h 4m", 212_640],
    ["1.5h", 5400],
    ["90", 5400],
    [" 2h ", 7200],
  ])("reads %j", (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  it.each(["", "2 h", "h", "1y", "-1h", "1h30m"])("does not read %j", (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  it("reads what it writes, to the minute", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), (minutes) => {
        return parseDuration(formatDuration(minutes * 60)) === minutes * 60;
      }),
    );
    expect(formatDuration(0)).toBe("0m");
  });
});

describe("times", () => {
  it("are written with an offset without a colon, and read only so", () => {
    const at = new Date("2026-03-01T09:00:00.500Z");
    expect(jiraDate(at)).toBe("2026-03-01T09:00:00.500+0000");
    expect(parseJiraDate("2026-03-01T10:00:00.500+0100")).toEqual(at);
    for (const wrong of [
      "2026-03-01T09:00:00.500Z",
      "2026-03-01T09:00:00+0000",
      "2026-13-01T09:00:00.500+0000",
    ]) {
      expect(parseJiraDate(wrong)).toBeUndefined();
    }
  });
});

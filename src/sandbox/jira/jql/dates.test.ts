import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { calendarEdge, parseJqlDate, parsePeriod } from "./dates.ts";

const now = Date.parse("2026-03-11T12:00:00Z");
const iso = (instant: number | undefined) =>
  instant === undefined ? undefined : new Date(instant).toISOString();

describe("dates in queries", () => {
  it("reads both notations in the time zone", () => {
    expect(iso(parseJqlDate("2026-03-01", now, "Asia/Tokyo"))).toBe("2026-02-28T15:00:00.000Z");
    expect(iso(parseJqlDate("2026/3/1 9:05", now, "America/New_York"))).toBe(
      "2026-03-01T14:05:00.000Z",
    );
  });

  it("follows the clock changes", () => {
    expect(iso(parseJqlDate("2026-03-29", now, "Europe/Berlin"))).toBe("2026-03-28T23:00:00.000Z");
    expect(iso(parseJqlDate("2026-03-30", now, "Europe/Berlin"))).toBe("2026-03-29T22:00:00.000Z");
  });

  it("reads periods from now", () => {
    expect(iso(parseJqlDate("-2d", now, "UTC"))).toBe("2026-03-09T12:00:00.000Z");
    expect(parsePeriod("1w 2d 3h 4m")).toBe(((9 * 24 + 3) * 60 + 4) * 60_000);
  });

  it.each(["yesterday", "2026-13-01", "", "2d ago", "-"])("does not read %j", (text) => {
    expect(parseJqlDate(text, now, "UTC")).toBeUndefined();
  });

  it("finds the edges of calendar units", () => {
    const edge = (which: "start" | "end", unit: "day" | "week" | "month" | "year", move?: string) =>
      iso(calendarEdge(which, unit, move, now, "UTC"));
    expect(edge("start", "day")).toBe("2026-03-11T00:00:00.000Z");
    expect(edge("end", "day", "-1")).toBe("2026-03-10T23:59:59.999Z");
    expect(edge("start", "week")).toBe("2026-03-08T00:00:00.000Z");
    expect(edge("end", "month", "-1")).toBe("2026-02-28T23:59:59.999Z");
    expect(edge("start", "year", "1M")).toBe("2026-02-01T00:00:00.000Z");
    expect(edge("start", "day", "soon")).toBeUndefined();
  });

  it("never puts the start of a unit after its end", () => {
    const units = fc.constantFrom("day", "week", "month", "year");
    const zones = fc.constantFrom("Europe/Berlin", "America/New_York", "Asia/Tokyo", "UTC");
    const instants = fc.integer({ min: 0, max: 4e12 });
    fc.assert(
      fc.property(units, zones, instants, (unit, zone, instant) => {
        const start = calendarEdge("start", unit, undefined, instant, zone) ?? Number.NaN;
        const end = calendarEdge("end", unit, undefined, instant, zone) ?? Number.NaN;
        return start <= instant && instant <= end;
      }),
      { numRuns: 200 },
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isoDate, toJiraDate, toJiraDateTime } from "./dates.ts";

describe("dates of the site", () => {
  it.each([
    ["2026-01-31T09:00:00.000+0100", "2026-01-31T09:00:00+01:00"],
    ["2026-01-31T09:00:00.123-0730", "2026-01-31T09:00:00.123-07:30"],
    ["2026-01-31T09:00:00.000Z", "2026-01-31T09:00:00Z"],
    ["2026-01-31T09:00:00.000+0000", "2026-01-31T09:00:00Z"],
    ["2026-01-31T09:00:00+00:00", "2026-01-31T09:00:00Z"],
    ["2026-01-31", "2026-01-31"],
    ["soon", "soon"],
  ])("%s is shown as %s", (given, shown) => {
    expect(isoDate(given)).toBe(shown);
  });
});

describe("times of a caller", () => {
  it.each([
    ["2026-01-31T09:00:00+01:00", "2026-01-31T09:00:00.000+0100"],
    ["2026-01-31T09:00:00.5Z", "2026-01-31T09:00:00.500+0000"],
    ["2026-01-31 09:00", "2026-01-31T09:00:00.000+0000"],
    ["2026-01-31", "2026-01-31T00:00:00.000+0000"],
    ["2026-01-31T09:00-0730", "2026-01-31T09:00:00.000-0730"],
    ["2026-01-31T09:00:00+02", "2026-01-31T09:00:00.000+0200"],
  ])("%s is sent as %s", (given, sent) => {
    expect(toJiraDateTime(given, "started")).toBe(sent);
  });

  it.each(["yesterday", "31.01.2026", "2026-13-01", "2026-01-31T25:00"])(
    "%s is refused",
    (text) => {
      expect(() => toJiraDateTime(text, "started")).toThrow(
        expect.objectContaining({ code: "input" }),
      );
    },
  );

  it("name the same moment on the way out and back", () => {
    fc.assert(
      fc.property(
        fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }),
        (date) => {
          const sent = toJiraDateTime(date.toISOString(), "started");
          expect(new Date(isoDate(sent)).getTime()).toBe(date.getTime());
        },
      ),
    );
  });
});

describe("dates of a caller", () => {
  it("lose their time", () => {
    expect(toJiraDate("2026-02-28T23:00:00Z", "Due date")).toBe("2026-02-28");
  });

  it.each(["2026-02-30", "tomorrow", "2026-2-3"])("%s is refused", (text) => {
    expect(() => toJiraDate(text, "Due date")).toThrow(expect.objectContaining({ code: "input" }));
  });
});

import { describe, expect, it } from "vitest";
import { readDate } from "./dates.ts";
import type { Operand } from "./parse.ts";
import { CqlSyntaxError } from "./tokens.ts";

const now = new Date("2026-11-23T12:34:56.000Z");

function read(operand: Operand, timeZone = "Europe/Berlin"): [string, string] {
  const { from, to } = readDate(operand, { now, timeZone });
  return [new Date(from).toISOString(), new Date(to).toISOString()];
}

const literal = (text: string): Operand => ({ kind: "value", text });
const call = (name: string, ...values: string[]): Operand => ({
  kind: "call",
  name,
  arguments: values,
});

describe("a date in CQL", () => {
  it.each([
    ["2026-11-20", "Europe/Berlin", "2026-11-19T23:00:00.000Z", "2026-11-20T23:00:00.000Z"],
    ["2026/11/20", "America/New_York", "2026-11-20T05:00:00.000Z", "2026-11-21T05:00:00.000Z"],
    ["2026-07-01", "Europe/Berlin", "2026-06-30T22:00:00.000Z", "2026-07-01T22:00:00.000Z"],
    ["2026-03-29", "Europe/Berlin", "2026-03-28T23:00:00.000Z", "2026-03-29T22:00:00.000Z"],
    ["2026-11-20 14:05", "Asia/Tokyo", "2026-11-20T05:05:00.000Z", "2026-11-20T05:06:00.000Z"],
  ])("%s is read on the calendar of %s", (text, timeZone, from, to) => {
    expect(read(literal(text), timeZone)).toEqual([from, to]);
  });

  it.each([
    ["now", [], "2026-11-23T12:34:56.000Z"],
    ["now", ["-7d"], "2026-11-16T12:34:56.000Z"],
    ["now", ["-30"], "2026-11-23T12:04:56.000Z"],
    ["now", ["2h"], "2026-11-23T14:34:56.000Z"],
    ["now", ["-1y"], "2025-11-23T12:34:56.000Z"],
    ["startofday", [], "2026-11-22T23:00:00.000Z"],
    ["startofday", ["-1"], "2026-11-21T23:00:00.000Z"],
    ["endofday", [], "2026-11-23T22:59:59.999Z"],
    ["startofweek", [], "2026-11-21T23:00:00.000Z"],
    ["startofweek", ["-1w"], "2026-11-14T23:00:00.000Z"],
    ["startofmonth", [], "2026-10-31T23:00:00.000Z"],
    ["endofmonth", [], "2026-11-30T22:59:59.999Z"],
    ["startofyear", [], "2025-12-31T23:00:00.000Z"],
    ["startofmonth", ["-1M"], "2026-09-30T22:00:00.000Z"],
  ] as const)("%s(%s) is that instant in Berlin", (name, values, from) => {
    expect(read(call(name, ...values))[0]).toBe(from);
  });

  it.each([
    literal("soon"),
    literal("2026-13-01"),
    literal("20-11-2026"),
    call("today"),
    call("now", "x"),
  ])("refuses $text$name", (operand) => {
    expect(() => read(operand)).toThrow(CqlSyntaxError);
  });
});

import { describe, expect, it } from "vitest";
import { SpaceGuard } from "./guard.ts";

function guardOf(allowed: readonly string[] | undefined, place = "DEV") {
  const asked: string[] = [];
  const space = async (id: string) => {
    asked.push(id);
    return { key: place, name: place };
  };
  return { guard: new SpaceGuard(allowed, { byKey: space, ofContent: space }), asked };
}

const forbidden = expect.objectContaining({ code: "forbidden" });

describe("without a limit", () => {
  const { guard, asked } = guardOf(undefined);

  it("allows everything and asks for nothing", async () => {
    guard.requireSpace({ key: "ANY" });
    await guard.requireContent("123");
    expect(guard.allows(undefined)).toBe(true);
    expect(asked).toEqual([]);
  });

  it("searches where the caller wants", () => {
    expect(guard.searchable(undefined)).toBeUndefined();
    expect(guard.searchable([])).toBeUndefined();
    expect(guard.searchable(["A", "B"])).toEqual(["A", "B"]);
  });
});

describe("with a limit", () => {
  it.each(["DEV", "dev", "Dev"])("compares %s without case", (key) => {
    guardOf([" DEV "]).guard.requireSpace({ key });
  });

  it("refuses other spaces and content without one", () => {
    const { guard } = guardOf(["DEV"]);
    expect(() => guard.requireSpace({ key: "DEVOPS" })).toThrowError(forbidden);
    expect(guard.allows(undefined)).toBe(false);
  });

  it("looks the space of content up", async () => {
    const inside = guardOf(["DEV"]);
    await inside.guard.requireContent("123");
    expect(inside.asked).toEqual(["123"]);
    await expect(guardOf(["DEV"], "HR").guard.requireContent("123")).rejects.toEqual(forbidden);
  });

  it("lets the caller narrow a search but not widen it", () => {
    const { guard } = guardOf(["DEV", "OPS"]);
    expect(guard.searchable(undefined)).toEqual(["DEV", "OPS"]);
    expect(guard.searchable(["ops", "HR"])).toEqual(["ops"]);
    expect(() => guard.searchable(["HR"])).toThrowError(forbidden);
  });

  it("allows nothing when the list is empty", () => {
    const { guard } = guardOf([]);
    expect(guard.allows("DEV")).toBe(false);
    expect(() => guard.requireSpace({ key: "DEV" })).toThrowError(forbidden);
  });
});

import { describe, expect, it } from "vitest";
import { toCustomValue } from "./custom-value.ts";

const show = (value: unknown) => toCustomValue(value, () => "**text**");

describe("a custom value", () => {
  it.each([
    ["option", { self: "https://x/1", value: "Red", id: "1" }, "Red"],
    ["cascade", { value: "EU", child: { value: "DE" } }, { value: "EU", child: "DE" }],
    ["version", { self: "https://x/2", name: "1.0", id: "2" }, "1.0"],
    ["list of options", [{ value: "A" }, { value: "B" }], ["A", "B"]],
    ["number", 3, 3],
    ["date", "2026-01-31T09:00:00.000+0100", "2026-01-31T09:00:00+01:00"],
    ["document", { type: "doc", version: 1, content: [] }, "**text**"],
    ["issue", { id: "1", key: "A-1", fields: { summary: "x" } }, "A-1"],
    ["unknown object", { foo: 1, bar: null }, { foo: 1 }],
  ])("shows a %s", (_, value, shown) => {
    expect(show(value)).toEqual(shown);
  });

  it.each([[null], [undefined], [""], [[]], [{}], [[null]]])(
    "has nothing to show for %j",
    (value) => {
      expect(show(value)).toBeUndefined();
    },
  );

  it("shows a person without pictures and addresses of the API", () => {
    const person = {
      self: "https://x",
      accountId: "1",
      displayName: "Ada",
      avatarUrls: { a: "b" },
    };
    expect(show(person)).toEqual({ account_id: "1", display_name: "Ada" });
  });

  it("shows a sprint in both of its forms alike", () => {
    const sprint = { id: 7, name: "Sprint 1, part 2", state: "active", boardId: 3, goal: "" };
    const text =
      "com.atlassian.greenhopper.service.sprint.Sprint@1f[id=7,rapidViewId=3,state=ACTIVE,name=Sprint 1, part 2,goal=,startDate=<null>]";
    const shown = { id: 7, name: "Sprint 1, part 2", state: "active", board_id: 3 };
    expect(show([sprint])).toEqual([shown]);
    expect(show([text])).toEqual([shown]);
  });
});

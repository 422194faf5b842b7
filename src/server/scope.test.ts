import { describe, expect, it } from "vitest";
import { isOurs } from "../errors.ts";
import type { ToolPolicy } from "./runtime.ts";
import { narrow } from "./scope.ts";

const open: ToolPolicy = { readOnly: false, surface: "core" };
const query = (text: string) => new URLSearchParams(text);

describe("narrowing by the address", () => {
  it("leaves the policy alone when nothing is asked", () => {
    expect(narrow(open, query(""))).toBe(open);
  });

  it("lists what is named, flat", () => {
    expect(narrow(open, query("toolsets=jira_agile,jira_links"))).toEqual({
      readOnly: false,
      toolsets: new Set(["jira_agile", "jira_links"]),
      names: undefined,
      surface: "flat",
    });
    expect(narrow(open, query("tools=jira_search"))).toMatchObject({
      names: new Set(["jira_search"]),
    });
  });

  it("can only take away", () => {
    const strict: ToolPolicy = {
      readOnly: true,
      toolsets: new Set(["jira_agile"]),
      names: new Set(["jira_search"]),
      surface: "flat",
    };
    expect(
      narrow(strict, query("readonly=false&toolsets=all&tools=jira_search,jira_delete_issue")),
    ).toEqual(strict);
    expect(narrow(strict, query("toolsets=jira_links")).toolsets).toEqual(new Set());
  });

  it("takes the narrower of what is said twice", () => {
    expect(narrow(open, query("readonly=false&readonly=true")).readOnly).toBe(true);
    expect(narrow(open, query("toolsets=all&toolsets=jira_users")).toolsets).toEqual(
      new Set(["jira_users"]),
    );
    expect(narrow(open, query("tools=a,b&tools=b,c")).names).toEqual(new Set(["b"]));
  });

  it.each(["readonly", "readonly=", "readonly=1", "readonly=ON"])("%s is read-only", (text) => {
    expect(narrow(open, query(text)).readOnly).toBe(true);
  });

  it.each([
    "readonly=maybe",
    "toolsets=jira_agil",
    "read_only=true",
    "READONLY=true",
    "toolset=jira_agile",
  ])("refuses %s", (text) => {
    try {
      narrow(open, query(text));
      expect.unreachable();
    } catch (error) {
      expect(isOurs(error, "input")).toBe(true);
    }
  });
});

import { expect, it } from "vitest";
import { fieldList } from "../../test/fakes/jira.ts";
import { closestNames, rankFields, similarity } from "./field-search.ts";

const ids = (words: string) => rankFields(fieldList, words).map((field) => field.id);

it("puts the exact name first", () => {
  expect(ids("summary")[0]).toBe("summary");
  expect(ids("story points")[0]).toBe("customfield_10001");
});

it("finds by id and by part of a name", () => {
  expect(ids("customfield_10004")[0]).toBe("customfield_10004");
  expect(ids("epic")).toEqual(["customfield_10006", "customfield_10007"]);
});

it("forgives a slip of the pen", () => {
  expect(closestNames(fieldList, "Story Pionts").map((field) => field.name)).toContain(
    "Story Points",
  );
});

it("leaves out what has nothing to do with the words", () => {
  expect(ids("xyzzy")).toEqual([]);
});

it("gives everything in its order for no words", () => {
  expect(ids(" ")).toEqual(fieldList.map((field) => field.id));
});

it("ranks equal over beginning over containing", () => {
  expect(similarity("Team", "team")).toBe(1);
  expect(similarity("Team name", "team")).toBeLessThan(1);
  expect(similarity("My team", "team")).toBeLessThan(similarity("Team name", "team"));
  expect(similarity("", "team")).toBe(0);
});

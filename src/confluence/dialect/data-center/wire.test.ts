import { describe, expect, it } from "vitest";
import { pageFacts, personOf, wireContent } from "./wire.ts";

const bare = { id: 5, type: "page" };

describe("a page of v1", () => {
  it("needs nothing but id and type", () => {
    expect(pageFacts(wireContent.parse(bare))).toMatchObject({
      id: "5",
      type: "page",
      status: "current",
      title: "",
    });
  });

  it("takes null for what was not expanded", () => {
    const empty = { ...bare, version: null, history: null, body: null, ancestors: null };
    expect(pageFacts(wireContent.parse(empty))).not.toHaveProperty("version.number");
  });

  it("has the last ancestor as its parent", () => {
    const ancestors = [{ id: "1", title: "Home" }, { id: 2 }];
    expect(pageFacts(wireContent.parse({ ...bare, ancestors }))).toMatchObject({
      parentId: "2",
      ancestors: [{ id: "1", title: "Home" }, { id: "2" }],
    });
  });

  it("gives the values of properties and nothing else", () => {
    const properties = { _expandable: {}, a: { key: "a", value: "x" }, b: "text", c: null };
    const wire = wireContent.parse({ ...bare, metadata: { properties } });
    expect(pageFacts(wire).properties).toEqual({ a: "x" });
  });
});

describe("a person of v1", () => {
  it.each([
    [
      { username: "ada", userKey: "k", displayName: "Ada" },
      { by: "user", id: "ada", name: "Ada" },
    ],
    [{ userKey: "k" }, { by: "userkey", id: "k" }],
    [{ displayName: "Anonymous" }, { by: "user", id: "Anonymous", name: "Anonymous" }],
    [{}, undefined],
    [null, undefined],
  ])("%j", (wire, expected) => expect(personOf(wire)).toEqual(expected));
});

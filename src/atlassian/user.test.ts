import { describe, expect, it } from "vitest";
import { bareIdentifier, exactMatches, isMe, looksLikeAccountId } from "./user.ts";

it.each(["me", " Me ", "myself", "currentUser()"])("takes %s for the caller", (word) => {
  expect(isMe(word)).toBe(true);
});

it("does not take other names for the caller", () => {
  expect(isMe("melanie")).toBe(false);
});

describe("account ids", () => {
  it.each([
    "5b10a2844c20165700ede21g".replace("g", "0"),
    "557058:0867a421-a9ee-4659-801a-bc0ee4a4487e",
    "712020:0867a421-a9ee-4659-801a-bc0ee4a4487e",
    "qm:0867a421-a9ee-4659-801a-bc0ee4a4487e:1234",
  ])("are known by their form: %s", (id) => {
    expect(looksLikeAccountId(id)).toBe(true);
  });

  it.each(["ada", "ada@example.com", "Ada Lovelace", "JIRAUSER10100", "12345"])(
    "are not confused with %s",
    (text) => {
      expect(looksLikeAccountId(text)).toBe(false);
    },
  );
});

it("takes prefixes and blanks off", () => {
  expect(bareIdentifier(" accountid:557058:abc ")).toBe("557058:abc");
  expect(bareIdentifier("@ada")).toBe("ada");
});

describe("exact matches", () => {
  const people = [
    { name: "ada", display: "Ada Lovelace" },
    { name: "lovelace", display: "Ada" },
    { name: "jose", display: "José García" },
  ];
  const find = (text: string) =>
    exactMatches(text, people, (person) => ({ ids: [person.name], displayName: person.display }));

  it("prefer the username over a display name", () => {
    expect(find("Ada").map((person) => person.name)).toEqual(["ada"]);
  });

  it("do not mind accents and case", () => {
    expect(find("jose garcia").map((person) => person.name)).toEqual(["jose"]);
  });

  it("are whole names only", () => {
    expect(find("Love")).toEqual([]);
  });
});

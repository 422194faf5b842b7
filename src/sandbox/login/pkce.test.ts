import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { challengeOf, verifies } from "./pkce.ts";

const verifier = "a-verifier-of-at-least-forty-three-characters_~.";
const value = createHash("sha256").update(verifier).digest("base64url");
const read = (query: string) => challengeOf(new URLSearchParams(query), ["S256", "plain"]);

describe("code challenges", () => {
  it.each([
    ["none", "", undefined],
    ["S256", `code_challenge=${value}&code_challenge_method=S256`, { value, method: "S256" }],
    ["plain by default", `code_challenge=${verifier}`, { value: verifier, method: "plain" }],
    ["a method without a challenge", "code_challenge_method=S256", "invalid"],
    ["an unknown method", `code_challenge=${value}&code_challenge_method=S512`, "invalid"],
    ["one that is too short", "code_challenge=short&code_challenge_method=S256", "invalid"],
  ])("are read from the query: %s", (_name, query, expected) => {
    expect(read(query)).toEqual(expected);
  });

  it("refuses a method that the site does not know", () => {
    const query = new URLSearchParams({ code_challenge: verifier });
    expect(challengeOf(query, ["S256"])).toBe("invalid");
  });

  it.each([
    ["the right verifier", { value, method: "S256" } as const, verifier, true],
    ["the challenge itself", { value, method: "S256" } as const, value, false],
    ["a plain verifier", { value: verifier, method: "plain" } as const, verifier, true],
    ["another plain verifier", { value: verifier, method: "plain" } as const, value, false],
    ["no verifier", { value, method: "S256" } as const, undefined, false],
    ["neither", undefined, undefined, true],
    ["a verifier without a challenge", undefined, verifier, false],
  ])("are met by %s: %#", (_name, challenge, given, expected) => {
    expect(verifies(challenge, given)).toBe(expected);
  });
});

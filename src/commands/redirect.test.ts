import { describe, expect, it } from "vitest";
import { canListen, readPasted, readRedirect } from "./redirect.ts";

const state = "the-right-state";

describe("what comes back from the issuer", () => {
  it.each([
    ["code=c&state=the-right-state", "answer"],
    ["error=access_denied&state=the-right-state", "answer"],
    ["code=c&state=another", "stranger"],
    ["code=c", "stranger"],
    ["error=access_denied", "stranger"],
    ["code=c&state=another&state=the-right-state", "stranger"],
    ["state=the-right-state", "stranger"],
    ["", "nothing"],
    ["utm_source=mail", "nothing"],
  ])("?%s is judged as %s", (query, kind) => {
    expect(readRedirect(new URLSearchParams(query), state).kind).toBe(kind);
  });

  it.each([
    "http://localhost:8080/callback?code=c&state=the-right-state",
    "  https://elsewhere.example/cb?code=c&state=the-right-state#fragment ",
    '"http://localhost:8080/callback?code=c&state=the-right-state"',
    "code=c&state=the-right-state",
    "?code=c&state=the-right-state",
    "localhost:8080/callback?code=c&state=the-right-state",
  ])("is taken from %s", (text) => {
    const reading = readPasted(text, state);
    expect(reading.kind === "answer" && reading.parameters.get("code")).toBe("c");
  });

  it("is not taken from what is no address", () => {
    expect(readPasted("hello", state).kind).toBe("nothing");
  });
});

describe("a callback address", () => {
  it.each([
    ["http://localhost:8080/callback", true],
    ["http://127.0.0.1/callback", true],
    ["http://[::1]:9000/", true],
    ["https://localhost:8080/callback", false],
    ["http://mcp.example.com/callback", false],
    ["http://localhost.example.com/callback", false],
  ])("%s can be listened at: %s", (address, expected) => {
    expect(canListen(new URL(address))).toBe(expected);
  });
});

import { describe, expect, it } from "vitest";
import { destinationOf, hostOf, plainText } from "./foreign-text.ts";

describe("plain text", () => {
  it.each([
    ["a change of direction", "Claude\u202Egnp.exe", "Claudegnp.exe"],
    ["characters without width", "Cl\u200Bau\u2060de\uFEFF", "Claude"],
    ["letters that look like nothing", "\u3164\u115FX\uFFA0", "X"],
    ["control characters and line breaks", "A\u0000B\n\r\tC\u2028D", "A B C D"],
    ["half of a pair", "A\uD800B", "AB"],
    ["tags", "A\u{E0041}\u{E0042}B", "AB"],
    ["marks that pile up", `Z${"\u0333".repeat(40)}a`, "Z\u0333\u0333a"],
  ])("loses %s", (_, text, shown) => {
    expect(plainText(text, 60)).toBe(shown);
  });

  it("keeps letters of all kinds", () => {
    expect(plainText("Żółw عربى 日本 नमस्ते", 60)).toBe("Żółw عربى 日本 नमस्ते");
  });

  it("cuts between characters as people see them", () => {
    expect(plainText("👍🏽👍🏽👍🏽👍🏽", 3)).toBe("👍🏽👍🏽…");
    expect(plainText("four", 4)).toBe("four");
  });
});

describe("a host", () => {
  it.each([
    ["https://claude.ai@evil.example/x", "evil.example"],
    ["https://clаude.ai/", "xn--clude-5ve.ai"],
    ["https://CLAUDE.ai:443/x?y#z", "claude.ai"],
    ["https://[::1]:8080/", "[::1]:8080"],
    ["no address", undefined],
    ["data:,x", undefined],
  ])("of %s", (address, host) => {
    expect(hostOf(address)).toBe(host);
  });

  it("loses its beginning when it is long, never its owner", () => {
    const host = hostOf(`https://claude.ai.${"a.".repeat(80)}evil.example/`) ?? "";
    expect(host).toMatch(/^….*\.evil\.example$/);
    expect(host).toHaveLength(64);
  });
});

describe("the end of a redirect", () => {
  it.each([
    ["https://app.example/callback", "app.example"],
    ["http://127.0.0.1:33418/callback", "this computer (127.0.0.1:33418)"],
    ["http://[::1]:1/", "this computer ([::1]:1)"],
    ["http://localhost.evil.example/", "localhost.evil.example"],
    ["cursor://any.thing/callback", "the app that opens cursor: links"],
    ["::", "an address that cannot be read"],
  ])("%s", (address, words) => {
    expect(destinationOf(address)).toBe(words);
  });
});

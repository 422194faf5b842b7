import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quotable, redactHeaders, redactUrl } from "./redact.ts";

describe("redactUrl", () => {
  it.each([
    [
      "https://user:pw@host:8443/a/b?x=1&access_token=t&code=c#f",
      "https://[redacted]@host:8443/a/b?x=1&access_token=[redacted]&code=[redacted]",
    ],
    ["https://host/a?jql=project%20%3D%20A", "https://host/a?jql=project%20%3D%20A"],
    ["socks5://me@proxy:1080", "socks5://[redacted]@proxy:1080"],
    ["not a url, Bearer abcdefg1", "not a url, Bearer [redacted]"],
  ])("%s", (url, expected) => {
    expect(redactUrl(url)).toBe(expected);
  });
});

it("redactHeaders masks by name and by value", () => {
  const headers = {
    Authorization: "Bearer x",
    cookie: "a=b",
    "x-note": "has tok-123456",
    accept: "*/*",
  };
  expect(redactHeaders(headers, ["tok-123456"])).toEqual({
    Authorization: "[redacted]",
    cookie: "[redacted]",
    "x-note": "has [redacted]",
    accept: "*/*",
  });
});

describe("quotable", () => {
  it("folds white space and strips control and invisible characters", () => {
    expect(quotable(" a\r\n\tb\u0000\u001b[31m\u202ec\u200b ")).toBe("a b [31m c");
  });

  it("reads only the beginning of a long text", () => {
    const quote = quotable(`No. ${"a.".repeat(2_000_000)}`);
    expect(quote).toBe("No.…");
  });

  it("shows no part of a secret that lies where reading ends", () => {
    // White space is folded, so that the end of what is read comes into the quote.
    for (let blanks = 4060; blanks <= 4100; blanks++) {
      const before = `at${" ".repeat(blanks)}`;
      expect(quotable(`${before}sk-live-0123456789 end`, ["sk-live-0123456789"])).not.toContain(
        "sk",
      );
      expect(quotable(`${before}https://user:pass@host/x end`)).not.toContain("user");
    }
  });

  it("is one line of at most 500 characters whatever comes in", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 2000 }), (text) => {
        const quote = quotable(text);
        expect(quote.length).toBeLessThanOrEqual(500);
        expect(quote).not.toMatch(/[\p{Cc}\p{Cf}]/u);
        expect(quotable(quote)).toBe(quote);
      }),
    );
  });
});

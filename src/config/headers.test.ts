import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readHeaders } from "./headers.ts";

describe("readHeaders", () => {
  it("reads pairs, cut at the first equals sign and trimmed", () => {
    expect(readHeaders(" X-A = one , X-B=two=2,")).toEqual({
      value: { "X-A": "one", "X-B": "two=2" },
    });
  });

  it("reads a JSON object, whose values may hold commas", () => {
    expect(readHeaders('{"X-A": "one, two", "X-B": "3"}')).toEqual({
      value: { "X-A": "one, two", "X-B": "3" },
    });
  });

  it("reads back whatever can be written as JSON", () => {
    const name = fc.stringMatching(/^x-[a-z0-9]{1,12}$/);
    const value = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/);
    fc.assert(
      fc.property(fc.dictionary(name, value, { minKeys: 1 }), (headers) => {
        expect(readHeaders(JSON.stringify(headers))).toEqual({ value: { ...headers } });
      }),
    );
  });

  it.each([
    [
      "X-A=one, two",
      "has a part without a name and an equals sign; a value may hold a comma only in JSON",
    ],
    ["=x", "has a part without a name and an equals sign; a value may hold a comma only in JSON"],
    [",", "names no header"],
    ["X A=1", "has a header name with characters that names cannot have"],
    ["X-A=", "has a header value that is empty or holds control characters"],
    ["X-A=a\nX-B: b", "has a header value that is empty or holds control characters"],
    ["X-A=1,x-a=2", "names a header twice"],
    ["Host=evil.example.com", "sets a header that belongs to the connection"],
    ['{"X-A": 1}', "has a header value that is not a text"],
    ["{X-A: 1}", "is not a JSON object"],
  ])("refuses %j", (text, problem) => {
    expect(readHeaders(text)).toHaveProperty("problem", problem);
  });
});

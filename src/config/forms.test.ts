import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  readBoolean,
  readEnum,
  readJsonObject,
  readList,
  readNumber,
  readRegex,
  readUrl,
} from "./forms.ts";

describe("readBoolean", () => {
  it.each(["true", "1", "yes", "y", "on", " TRUE ", "On"])("takes %j for yes", (text) => {
    expect(readBoolean(text)).toEqual({ value: true });
  });

  it.each(["false", "0", "no", "n", "off", " OFF", "No"])("takes %j for no", (text) => {
    expect(readBoolean(text)).toEqual({ value: false });
  });

  it.each(["flase", "enabled", "2", "-", "t r u e"])("refuses %j", (text) => {
    expect(readBoolean(text)).toHaveProperty("problem", "is neither yes nor no");
  });
});

describe("readNumber", () => {
  const integer = { type: "integer", min: 0, max: 100 } as const;
  const number = { type: "number", min: 0, max: 100 } as const;

  it("reads every whole number within bounds and refuses every other one", () => {
    fc.assert(
      fc.property(fc.integer({ min: -1000, max: 1000 }), (value) => {
        const form = readNumber(` ${value} `, integer);
        if (value >= 0 && value <= 100) expect(form).toEqual({ value });
        else expect(form).toHaveProperty("problem", "is out of range");
      }),
    );
  });

  it.each(["75s", "1.5", "0x10", "1e2", "1_0", "", "ten"])("refuses %j as integer", (text) => {
    expect(readNumber(text, integer)).toHaveProperty("problem", "is not a whole number");
  });

  it.each([
    ["1.5", 1.5],
    [".25", 0.25],
    ["3.", 3],
    ["+4", 4],
  ])("reads %j as number", (text, value) => {
    expect(readNumber(text, number)).toEqual({ value });
  });

  it.each(["1,5", "Infinity", "NaN", "1e3"])("refuses %j as number", (text) => {
    expect(readNumber(text, number)).toHaveProperty("problem", "is not a number");
  });
});

describe("readEnum", () => {
  it("ignores case and blanks and knows synonyms", () => {
    const synonyms = { dc: "datacenter" };
    expect(readEnum(" Cloud ", ["cloud", "datacenter"])).toEqual({ value: "cloud" });
    expect(readEnum("DC", ["cloud", "datacenter"], synonyms)).toEqual({ value: "datacenter" });
  });

  it.each(["", "clod", "constructor"])("refuses %j and names the known words", (text) => {
    expect(readEnum(text, ["cloud", "datacenter"])).toHaveProperty(
      "remedy",
      "Write cloud or datacenter.",
    );
  });
});

describe("readList", () => {
  it("trims, drops empty entries and repetitions", () => {
    expect(readList(" A, B,,A ,", "comma")).toEqual({ value: ["A", "B"] });
    expect(readList("read:x  write:y,z", "space")).toEqual({ value: ["read:x", "write:y", "z"] });
  });

  it("refuses a text that names nothing, so that no filter is open by mistake", () => {
    expect(readList(" , ", "comma")).toHaveProperty("problem", "names nothing");
  });
});

describe("readRegex and readJsonObject", () => {
  it("compiles a pattern and refuses Python's named groups", () => {
    expect(readRegex("^[A-Z]+$")).toEqual({ value: /^[A-Z]+$/ });
    expect(readRegex("(?P<key>x)")).toHaveProperty("problem");
  });

  it.each(["[1]", "null", '"x"', "{", "1"])("refuses %j as JSON object", (text) => {
    expect(readJsonObject(text)).toHaveProperty("problem", "is not a JSON object");
  });

  it("reads a JSON object", () => {
    expect(readJsonObject('{"a":1}')).toEqual({ value: { a: 1 } });
  });
});

describe("readUrl", () => {
  const https = { schemes: ["https", "http"], userInfo: false };

  it("reads an absolute URL with a known scheme", () => {
    expect(readUrl(" https://jira.example.com/jira ", https)).toEqual({
      value: new URL("https://jira.example.com/jira"),
    });
  });

  it.each(["jira.example.com", "jira.example.com:8443/jira", "localhost:8080"])(
    "says that %j has no scheme",
    (text) => {
      expect(readUrl(text, https)).toEqual({
        problem: "has no scheme",
        remedy: "Put https:// in front of it.",
      });
    },
  );

  it.each(["ftp://x", "https://", "not a url", "//x.example.com"])("refuses %j", (text) => {
    expect(readUrl(text, https)).toHaveProperty("problem", "is not a usable URL");
  });

  it.each([
    "https://user:secret@x.example.com",
    "https://user@x.example.com",
    "https://user:#secret@x.example.com",
  ])("refuses credentials in %j unless they are allowed", (text) => {
    expect(readUrl(text, https)).toHaveProperty("problem", "holds a user name or password");
    expect(readUrl(text, { ...https, userInfo: true })).toEqual({ value: new URL(text) });
  });

  it("fills in the scheme of a proxy", () => {
    const proxy = { schemes: ["http", "socks5"], userInfo: true, assume: "http" };
    expect(readUrl("u:p@proxy:3128", proxy)).toEqual({ value: new URL("http://u:p@proxy:3128") });
    expect(readUrl("socks5://proxy:1080", proxy)).toEqual({
      value: new URL("socks5://proxy:1080"),
    });
    expect(readUrl("socks4://proxy:1080", proxy)).toHaveProperty("problem");
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePageRef, tinyId } from "./page-ref.ts";

const base = "https://acme.example/wiki";

describe("parsePageRef", () => {
  it.each([
    ["123", { id: "123" }],
    [" 123 ", { id: "123" }],
    ["att55", { id: "att55" }],
    ["https://acme.example/wiki/spaces/DEV/pages/123/Some+Title", { id: "123" }],
    ["https://acme.example/wiki/spaces/DEV/pages/123", { id: "123" }],
    ["https://acme.example/wiki/spaces/DEV/pages/edit-v2/123?draft=1", { id: "123" }],
    ["https://acme.example/wiki/spaces/DEV/blog/2026/11/05/456/News", { id: "456" }],
    ["https://acme.example/wiki/spaces/DEV/folder/789", { id: "789" }],
    ["https://acme.example/pages/viewpage.action?pageId=123&x=1", { id: "123" }],
    ["https://acme.example/wiki/x/QAAB", { id: "65600" }],
    ["/x/QAAB", { id: "65600" }],
    ["https://acme.example/display/DEV/Road+map%3F", { spaceKey: "DEV", title: "Road map?" }],
    [
      "https://acme.example/pages/viewpage.action?spaceKey=DEV&title=Road+map",
      { spaceKey: "DEV", title: "Road map" },
    ],
  ])("reads %s", (text, expected) => expect(parsePageRef(text, base)).toEqual(expected));

  it.each([
    "Road map",
    "",
    "12a",
    "https://other.example/wiki/spaces/DEV/pages/123",
    "https://acme.example.evil.example/pages/123",
    "https://acme.example/wiki/spaces/DEV",
    "https://",
  ])("refuses %s", (text) => {
    expect(() => parsePageRef(text, base)).toThrowError(expect.objectContaining({ code: "input" }));
  });
});

describe("tinyId", () => {
  it("reads back every id", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 62n }), (id) => {
        const bytes = Buffer.alloc(8);
        bytes.writeBigUInt64LE(id);
        const code = bytes
          .toString("base64")
          .replace(/A*=*$/, "")
          .replaceAll("/", "-")
          .replaceAll("+", "_");
        expect(tinyId(code)).toBe(id.toString());
      }),
    );
  });

  it("refuses what is too long", () => {
    expect(() => tinyId("AAAAAAAAAAAAAAAA")).toThrowError(
      expect.objectContaining({ code: "input" }),
    );
  });
});

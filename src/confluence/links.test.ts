import { describe, expect, it } from "vitest";
import { linksOn } from "./links.ts";

describe("linksOn", () => {
  it.each([
    [
      "https://acme.example/wiki",
      "/spaces/DEV/pages/1",
      "https://acme.example/wiki/spaces/DEV/pages/1",
    ],
    ["https://acme.example/wiki", "/wiki/spaces/DEV", "https://acme.example/wiki/spaces/DEV"],
    ["https://acme.example/wiki", "/wikis/DEV", "https://acme.example/wiki/wikis/DEV"],
    ["https://acme.example", "/display/DEV/A", "https://acme.example/display/DEV/A"],
    ["https://acme.example/c", "/c/display/DEV/A", "https://acme.example/c/display/DEV/A"],
  ])("on %s puts %s below the browse base once", (base, path, expected) => {
    expect(linksOn(base).content(path, "1")).toBe(expected);
    expect(linksOn(base).below(path)).toBe(expected);
  });

  it.each([undefined, "", "https://api.example/ex/confluence/1/wiki/spaces/DEV/pages/7"])(
    "falls back to the id for %s",
    (webui) => {
      expect(linksOn("https://acme.example/wiki").page({ id: "7", webui })).toBe(
        "https://acme.example/wiki/pages/viewpage.action?pageId=7",
      );
    },
  );

  it("has no address for a hit without a path", () => {
    expect(linksOn("https://acme.example/wiki").below(undefined)).toBeUndefined();
  });
});

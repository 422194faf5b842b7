import { describe, expect, it } from "vitest";
import { createRouter } from "./router.ts";
import type { SandboxRoute } from "./types.ts";

function route(method: SandboxRoute["method"], pattern: string): SandboxRoute {
  return { product: "jira", deployment: "cloud", method, pattern, run: () => ({ status: 200 }) };
}

const router = createRouter([
  route("GET", "/a/{id}"),
  route("PUT", "/a/{key}"),
  route("GET", "/a/search"),
  route("GET", "/a/{id}/b/{other}"),
  route("GET", "/a/search/c"),
]);

function look(method: string, path: string) {
  const match = router.find(method, path);
  return match.found === undefined ? match.methods : [match.found.pattern, match.params];
}

describe("router", () => {
  it("prefers fixed segments and falls back to variable ones", () => {
    expect(look("GET", "/a/search")).toEqual(["/a/search", {}]);
    expect(look("GET", "/a/other")).toEqual(["/a/{id}", { id: "other" }]);
    expect(look("GET", "/a/search/b/2")).toEqual([
      "/a/{id}/b/{other}",
      { id: "search", other: "2" },
    ]);
  });

  it("names parameters as the route of the method does, decoded", () => {
    expect(look("PUT", "/a/x%2Fy%20z")).toEqual(["/a/{key}", { key: "x/y z" }]);
    expect(look("PUT", "/a/%E0%A4%A")).toEqual(["/a/{key}", { key: "%E0%A4%A" }]);
  });

  it("ignores one slash at the end", () => {
    expect(look("GET", "/a/1/")).toEqual(["/a/{id}", { id: "1" }]);
  });

  it("tells which methods a path takes, none for an unknown path or an empty segment", () => {
    expect(look("DELETE", "/a/1")).toEqual(["GET", "PUT"]);
    expect(look("GET", "/a/1/b")).toEqual([]);
    expect(look("GET", "/a//b/2")).toEqual([]);
  });

  it("refuses two routes of the same shape", () => {
    expect(() => createRouter([route("GET", "/a/{x}"), route("GET", "/a/{y}")])).toThrow(
      /two routes/,
    );
  });
});

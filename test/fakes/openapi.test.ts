import { describe, expect, it } from "vitest";
import { loadOpenApi, type OpenApiOperation } from "./openapi.ts";

const platform = loadOpenApi("jira-cloud-platform-v3");

function operation(method: string, path: string): OpenApiOperation {
  const found = platform?.find(method, path);
  if (found === undefined) throw new Error(`no operation ${method} ${path}`);
  return found;
}

describe.skipIf(platform === undefined)("published API descriptions", () => {
  it("prefers the fixed path over the variable one", () => {
    expect(operation("GET", "/rest/api/3/project/search").name).toBe(
      "GET /rest/api/3/project/search",
    );
    expect(operation("GET", "/rest/api/3/project/SHOP").name).toBe(
      "GET /rest/api/3/project/{projectIdOrKey}",
    );
  });

  it("accepts an answer that fits and tells where one does not", () => {
    const me = operation("GET", "/rest/api/3/myself");
    expect(me.checkResponse(200, { accountId: "a", active: true })).toEqual([]);
    expect(me.checkResponse(200, { accountId: 1 })).toEqual(["/accountId must be string"]);
    expect(me.checkResponse(200, { nickname: "x" })[0]).toContain("(nickname)");
    expect(me.checkResponse(418, {})).toEqual(["status 418 is not declared"]);
  });

  it("refuses query names and bodies that the operation does not know", () => {
    const search = operation("POST", "/rest/api/3/search/jql");
    expect(search.checkRequest({ body: { jql: "key = A-1" } })).toEqual([]);
    expect(search.checkRequest({ body: { startAt: 1 } })).not.toEqual([]);
    expect(
      operation("GET", "/rest/api/3/myself").checkRequest({ query: new URLSearchParams("x=1") }),
    ).toEqual(["query x is not declared"]);
  });

  it("checks each element where a description names the item instead of the list", () => {
    const me = operation("GET", "/rest/api/3/myself");
    expect(me.checkResponse(200, [{ active: 1 }], { each: "" })).toEqual([
      "/0/active must be boolean",
    ]);
  });

  it("reads scopes of both styles of document", () => {
    expect(operation("GET", "/rest/api/3/myself").scopes).toContainEqual(["read:jira-user"]);
    const boards = loadOpenApi("jira-cloud-software")?.find("GET", "/rest/agile/1.0/board");
    expect(boards?.scopes[0]).toContain("read:board-scope:jira-software");
  });
});

import { describe, expect, it } from "vitest";
import { AtlassianMcpError } from "../errors.ts";
import {
  dataCenterScope,
  explainScopeError,
  missingScopes,
  proposeScopes,
  scopesOfOperation,
  scopesOfOperations,
} from "./scopes.ts";

const readIssue = "GET /rest/api/3/issue/{}";
const listBoards = "GET /rest/agile/1.0/board";

describe("the scopes of an operation", () => {
  it.each([
    ["jira", "GET /rest/api/3/issueLinkType", ["read:jira-work", "read:issue-link-type:jira"]],
    ["jira", "DELETE /rest/api/3/issue/{}", ["write:jira-work", "delete:issue:jira"]],
    ["jira", "DELETE /rest/api/3/issue/{key}", ["write:jira-work", "delete:issue:jira"]],
    ["jira", listBoards, ["read:board-scope:jira-software read:project:jira"]],
    [
      "confluence",
      "GET /rest/api/search",
      ["search:confluence", "read:content-details:confluence"],
    ],
    ["confluence", "GET /api/v2/pages/{}", ["read:page:confluence"]],
    ["confluence", "GET /wiki/api/v2/pages/{id}", ["read:page:confluence"]],
  ] as const)("are, in %s, for %s: %j", (product, operation, sets) => {
    expect(scopesOfOperation(product, operation)?.map((set) => set.join(" "))).toEqual(sets);
  });

  it("are found where we write a word for a placeholder of Atlassian's", () => {
    expect(scopesOfOperation("confluence", "PUT /rest/api/content/{}/move/append/{}")).toEqual(
      scopesOfOperation("confluence", "PUT /rest/api/content/{}/move/{}/{}"),
    );
  });

  it("are those of the closest path", () => {
    expect(scopesOfOperation("jira", "GET /rest/api/3/attachment/meta")).not.toEqual(
      scopesOfOperation("jira", "GET /rest/api/3/attachment/{}"),
    );
  });

  it.each([
    ["jira", "GET /rest/api/2/issue/{}"],
    ["jira", "PATCH /rest/api/3/issue/{}"],
    ["jira", "GET /api/v2/pages/{}"],
    ["jira", ""],
    ["confluence", "GET /rest/api/content/{}"],
  ] as const)("are not known, in %s, for %s", (product, operation) => {
    expect(scopesOfOperation(product, operation)).toBeUndefined();
  });
});

describe("missing scopes", () => {
  const granular = scopesOfOperation("jira", readIssue)?.[1] ?? [];

  it.each([
    ["the classic set for an unknown grant", readIssue, undefined, ["read:jira-work"]],
    ["the classic set for an empty grant", readIssue, [], ["read:jira-work"]],
    ["the classic set beside granular ones", readIssue, ["read:issue:jira"], ["read:jira-work"]],
    ["none with the classic set", readIssue, ["read:jira-work"], []],
    ["none with the granular set", readIssue, granular, []],
    ["the rest", listBoards, ["read:project:jira"], ["read:board-scope:jira-software"]],
    ["not known for an unknown operation", "GET /elsewhere", ["read:jira-work"], undefined],
  ])("are %s", (_name, operation, granted, missing) => {
    expect(missingScopes("jira", operation, granted)).toEqual(missing);
  });
});

describe("what several operations need", () => {
  it("is each scope once, the granular one standing in where there is no classic one", () => {
    expect(
      scopesOfOperations("confluence", [
        "GET /api/v2/pages",
        "GET /api/v2/pages/{}",
        "GET /rest/api/search",
      ]),
    ).toEqual({
      classic: ["search:confluence", "read:page:confluence"],
      granular: ["read:content-details:confluence", "read:page:confluence"],
    });
  });
});

describe("a proposal", () => {
  const jira = {
    classic: ["write:jira-work", "read:board-scope:jira-software", "read:jira-work"],
    granular: ["write:issue:jira", "read:issue:jira"],
  };
  const confluence = {
    classic: ["read:confluence-user", "read:page:confluence", "read:page:confluence"],
    granular: ["read:page:confluence"],
  };

  it("is the union with what signing in takes, product by product", () => {
    expect(proposeScopes([confluence, jira], "classic")).toEqual({
      scopes: [
        "offline_access",
        "read:me",
        "read:jira-work",
        "write:jira-work",
        "read:board-scope:jira-software",
        "read:confluence-user",
        "read:page:confluence",
      ],
    });
    expect(proposeScopes([confluence, jira], "granular").scopes).toEqual([
      "offline_access",
      "read:me",
      "read:issue:jira",
      "write:issue:jira",
      "read:page:confluence",
    ]);
  });

  it.each([
    [47, undefined],
    [48, expect.stringContaining("50")],
  ])("with %i scopes of tools says whether that is too long: %s", (count, problem) => {
    const granular = Array.from({ length: count }, (_, index) => `read:thing-${index}:jira`);
    expect(proposeScopes([{ classic: [], granular }], "granular").problem).toEqual(problem);
  });
});

describe("tools on Data Center", () => {
  it.each([
    [[], "READ"],
    [["read", "read"], "READ"],
    [["read", "create"], "WRITE"],
    [["delete"], "WRITE"],
  ] as const)("with access %j need %s", (accesses, scope) => {
    expect(dataCenterScope(accesses)).toBe(scope);
  });
});

describe("an explained error", () => {
  const cause = new Error("below");
  const refused = (operation: string, product = "jira") =>
    new AtlassianMcpError(
      "scope",
      "no scope",
      { product, operation, status: 401, next: "as before" },
      cause,
    );

  it("names the scopes that lack and keeps the rest", () => {
    const explained = explainScopeError(refused(listBoards), ["read:project:jira"]);
    expect(explained).toMatchObject({ code: "scope", message: "no scope", cause });
    expect(explained.details).toMatchObject({ operation: listBoards, status: 401 });
    expect(explained.details.next).toMatchInlineSnapshot(
      `"Missing scope: read:board-scope:jira-software. For OAuth, add it to the app's permissions in the developer console (developer.atlassian.com/console/myapps) and to ATLASSIAN_OAUTH_SCOPE where that is set, then run "mcp-atlassian auth login" to consent again; for an API token with scopes, make a new token that has it. Refreshing the token does not help."`,
    );
  });

  it("names all of a set when the grant is not known", () => {
    const { next } = explainScopeError(refused(listBoards)).details;
    expect(next).toContain("read:board-scope:jira-software read:project:jira");
  });

  it("sends a reader with a sufficient grant to the app", () => {
    const { next } = explainScopeError(refused(readIssue), ["read:jira-work"]).details;
    expect(next).toMatchInlineSnapshot(
      `"What was granted at sign-in covers this operation, so the app's permissions have changed since: check them in the developer console (developer.atlassian.com/console/myapps) and run "mcp-atlassian auth login" to consent again; refreshing the token does not help."`,
    );
  });

  it.each([
    ["GET /rest/api/2/issue/{}", "READ"],
    ["PUT /rest/api/2/issue/{}", "WRITE"],
  ])("names, for a grant of Data Center, what %s needs: %s", (operation, scope) => {
    const { next } = explainScopeError(refused(operation), ["READ"]).details;
    expect(next).toContain(` ${scope} `);
  });

  it("is the given one where nothing more is known", () => {
    const errors = [
      refused("GET /elsewhere"),
      refused(readIssue, "other"),
      new AtlassianMcpError("scope", "no scope"),
      new AtlassianMcpError("forbidden", "no", { product: "jira", operation: readIssue }),
    ];
    expect(errors.map((error) => explainScopeError(error, []))).toEqual(errors);
    expect(errors.map((error) => explainScopeError(error, []).details.next)).toEqual(
      errors.map((error) => error.details.next),
    );
  });
});

import { describe, expect, it } from "vitest";
import { testTool } from "../../../../test/fakes/test-tool.ts";
import { searchUser } from "./search-user.ts";

const product = "confluence";

describe("confluence_search_user", () => {
  it("finds people by name", async () => {
    const { result } = await testTool(searchUser, {
      product,
      deployment: "cloud",
      routes: {
        "GET /rest/api/search/user": {
          results: [{ title: "Ada", user: { accountId: "5b10", displayName: "Ada Lovelace" } }],
        },
      },
      args: { query: "ada" },
    });
    expect(result).toMatchInlineSnapshot(`
      {
        "results": [
          {
            "entity_type": "user",
            "title": "Ada Lovelace",
            "user": {
              "account_id": "5b10",
              "display_name": "Ada Lovelace",
            },
          },
        ],
      }
    `);
  });
  it("finds people by username", async () => {
    const { result } = await testTool(searchUser, {
      product,
      deployment: "datacenter",
      routes: {
        "GET /rest/api/user": { username: "ada", userKey: "k1", displayName: "Ada Lovelace" },
        "GET /rest/api/group/confluence-users/member": { results: [], _links: {} },
      },
      args: { query: "ada" },
    });
    expect(result).toMatchInlineSnapshot(`
      {
        "results": [
          {
            "entity_type": "user",
            "title": "Ada Lovelace",
            "user": {
              "display_name": "Ada Lovelace",
              "user_key": "k1",
              "username": "ada",
            },
          },
        ],
      }
    `);
  });

  it("refuses an empty query", async () => {
    const call = testTool(searchUser, {
      product,
      deployment: "cloud",
      routes: {},
      args: { query: "" },
    });
    await expect(call).rejects.toMatchObject({ code: "input" });
  });
});

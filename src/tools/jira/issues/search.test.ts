import { expect, it } from "vitest";
import { testTool } from "../../../../test/fakes/test-tool.ts";
import { search } from "./search.ts";

const site = { product: "jira", deployment: "cloud" } as const;

it("finds issues and says how to go on", async () => {
  const routes = {
    "POST /rest/api/3/search/jql": {
      issues: [
        {
          id: "1",
          key: "PROJ-1",
          fields: { summary: "One", status: { name: "Open" }, assignee: null },
        },
      ],
      nextPageToken: "t1",
    },
  };
  const args = { jql: "project = PROJ", fields: "summary,status,assignee", limit: 1 };
  const { result, sent } = await testTool(search, { ...site, routes, args });
  expect({ sent, result }).toMatchInlineSnapshot(`
    {
      "result": {
        "issues": [
          {
            "assignee": {
              "display_name": "Unassigned",
            },
            "browse_url": "https://example.test/browse/PROJ-1",
            "id": "1",
            "key": "PROJ-1",
            "status": {
              "name": "Open",
            },
            "summary": "One",
          },
        ],
        "max_results": 1,
        "next_page_token": "t1",
        "start_at": 0,
      },
      "sent": [
        "POST /rest/api/3/search/jql",
      ],
    }
  `);
});

it("refuses a query without a condition", async () => {
  const args = { jql: "ORDER BY created" };
  await expect(testTool(search, { ...site, routes: {}, args })).rejects.toMatchObject({
    code: "input",
  });
});

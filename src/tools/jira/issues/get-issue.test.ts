import { expect, it } from "vitest";
import { testTool } from "../../../../test/fakes/test-tool.ts";
import { getIssue } from "./get-issue.ts";

const site = { product: "jira", deployment: "datacenter" } as const;

it("reads an issue with its newest comments", async () => {
  const routes = {
    "GET /rest/api/2/field": [],
    "GET /rest/api/2/issue/{}": {
      id: "1",
      key: "PROJ-1",
      fields: { summary: "One", description: "Hello", status: { name: "Open" } },
    },
    "GET /rest/api/2/issue/{}/comment": {
      comments: [
        {
          id: "5",
          body: "Hi",
          author: { name: "ada", displayName: "Ada" },
          created: "2026-01-31T09:00:00.000+0100",
        },
      ],
      total: 7,
    },
  };
  const args = { issue_key: "https://example.test/browse/proj-1", comment_limit: 1 };
  const { result, sent } = await testTool(getIssue, { ...site, routes, args });
  expect({ sent, result }).toMatchInlineSnapshot(`
    {
      "result": {
        "browse_url": "https://example.test/browse/PROJ-1",
        "comments": [
          {
            "author": {
              "display_name": "Ada",
              "name": "ada",
            },
            "body": "Hi",
            "created": "2026-01-31T09:00:00+01:00",
            "id": "5",
          },
        ],
        "comments_total": 7,
        "description": "Hello",
        "id": "1",
        "key": "PROJ-1",
        "status": {
          "name": "Open",
        },
        "summary": "One",
      },
      "sent": [
        "GET /rest/api/2/field",
        "GET /rest/api/2/issue/PROJ-1?fields=assignee%2Ccreated%2Cdescription%2Cissuetype%2Clabels%2Cpriority%2Creporter%2Cstatus%2Csummary%2Cupdated%2Cversions%2Cparent&updateHistory=true",
        "GET /rest/api/2/issue/PROJ-1/comment?orderBy=-created&maxResults=1",
      ],
    }
  `);
});

it("refuses issues outside the allowed projects", async () => {
  const args = { issue_key: "OPS-1" };
  await expect(
    testTool(getIssue, { ...site, routes: {}, args, policy: { projects: ["PROJ"] } }),
  ).rejects.toMatchObject({
    code: "forbidden",
  });
});

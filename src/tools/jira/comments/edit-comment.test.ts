import { expect, it } from "vitest";
import { testTool } from "../../../../test/fakes/test-tool.ts";
import { editComment } from "./edit-comment.ts";

const site = { product: "jira", deployment: "datacenter" } as const;

it("replaces the text of a comment", async () => {
  const routes = {
    "GET /rest/api/2/issue/{}/comment/{}": { id: "5", body: "Old" },
    "PUT /rest/api/2/issue/{}/comment/{}": {
      id: "5",
      body: "New",
      author: { displayName: "Ada" },
      created: "2026-01-31T09:00:00.000+0100",
      updated: "2026-02-01T09:00:00.000+0100",
    },
  };
  const args = { issue_key: "PROJ-1", comment_id: 5, body: "New" };
  const { result, sent } = await testTool(editComment, { ...site, routes, args });
  expect({ sent, result }).toMatchInlineSnapshot(`
    {
      "result": {
        "author": "Ada",
        "body": "New",
        "created": "2026-01-31T09:00:00+01:00",
        "id": "5",
        "updated": "2026-02-01T09:00:00+01:00",
        "url": "https://example.test/browse/PROJ-1?focusedCommentId=5",
      },
      "sent": [
        "GET /rest/api/2/issue/PROJ-1/comment/5",
        "PUT /rest/api/2/issue/PROJ-1/comment/5",
      ],
    }
  `);
});

it("refuses an empty text", async () => {
  const args = { issue_key: "PROJ-1", comment_id: "5", body: " " };
  await expect(
    testTool(editComment, {
      ...site,
      routes: { "GET /rest/api/2/issue/{}/comment/{}": { id: "5", body: "Old" } },
      args,
    }),
  ).rejects.toMatchObject({
    code: "input",
  });
});

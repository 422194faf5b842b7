import { expect, it } from "vitest";
import { testTool } from "../../../../test/fakes/test-tool.ts";
import { addComment } from "./add-comment.ts";

const site = { product: "jira", deployment: "datacenter" } as const;

it("adds a comment under either name of the text", async () => {
  const routes = {
    "POST /rest/api/2/issue/{}/comment": {
      id: "5",
      body: "Hello",
      author: { displayName: "Ada" },
      created: "2026-01-31T09:00:00.000+0100",
    },
  };
  const args = { issue_key: "PROJ-1", comment: "Hello" };
  const { result, sent } = await testTool(addComment, { ...site, routes, args });
  expect({ sent, result }).toMatchInlineSnapshot(`
    {
      "result": {
        "author": "Ada",
        "body": "Hello",
        "created": "2026-01-31T09:00:00+01:00",
        "id": "5",
        "url": "https://example.test/browse/PROJ-1?focusedCommentId=5",
      },
      "sent": [
        "POST /rest/api/2/issue/PROJ-1/comment",
      ],
    }
  `);
});

it("refuses public together with visibility", async () => {
  const args = {
    issue_key: "PROJ-1",
    body: "Hello",
    public: false,
    visibility: { type: "role", value: "Developers" },
  };
  await expect(testTool(addComment, { ...site, routes: {}, args })).rejects.toMatchObject({
    code: "input",
  });
});

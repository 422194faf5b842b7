import { expect, it } from "vitest";
import { testTool } from "../../../../test/fakes/test-tool.ts";
import { deleteIssue } from "./delete-issue.ts";

const site = { product: "jira", deployment: "cloud" } as const;

it("deletes an issue", async () => {
  const routes = {
    "GET /rest/api/3/issue/{}": { id: "1", key: "PROJ-1", fields: { subtasks: [] } },
    "DELETE /rest/api/3/issue/{}": undefined,
  };
  const args = { issue_key: "PROJ-1" };
  const { result, sent } = await testTool(deleteIssue, { ...site, routes, args });
  expect({ sent, result }).toMatchInlineSnapshot(`
    {
      "result": {
        "message": "PROJ-1 deleted.",
      },
      "sent": [
        "GET /rest/api/3/issue/PROJ-1?fields=subtasks&updateHistory=false",
        "DELETE /rest/api/3/issue/PROJ-1",
      ],
    }
  `);
});

it("keeps an issue that has subtasks", async () => {
  const args = { issue_key: "PROJ-1" };
  await expect(
    testTool(deleteIssue, {
      ...site,
      routes: {
        "GET /rest/api/3/issue/{}": {
          id: "1",
          key: "PROJ-1",
          fields: { subtasks: [{ key: "PROJ-2" }] },
        },
      },
      args,
    }),
  ).rejects.toMatchObject({
    code: "input",
  });
});

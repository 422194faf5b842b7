import { expect, it } from "vitest";
import { testTool } from "../../../../test/fakes/test-tool.ts";
import { transitionIssue } from "./transition-issue.ts";

const site = { product: "jira", deployment: "cloud" } as const;

it("moves an issue", async () => {
  const routes = {
    "GET /rest/api/3/issue/{}/transitions": {
      transitions: [
        {
          id: "31",
          name: "Finish",
          to: { name: "Done", statusCategory: { name: "Done" } },
          hasScreen: false,
        },
      ],
    },
    "POST /rest/api/3/issue/{}/transitions": undefined,
    "GET /rest/api/3/issue/{}": {
      id: "1",
      key: "PROJ-1",
      fields: { summary: "One", status: { name: "Done" } },
    },
  };
  const args = { issue_key: "PROJ-1", transition_id: 31 };
  const { result, sent } = await testTool(transitionIssue, { ...site, routes, args });
  expect({ sent, result }).toMatchInlineSnapshot(`
    {
      "result": {
        "issue": {
          "browse_url": "https://example.test/browse/PROJ-1",
          "id": "1",
          "key": "PROJ-1",
          "status": {
            "name": "Done",
          },
          "summary": "One",
        },
        "message": "PROJ-1 moved to Done.",
      },
      "sent": [
        "GET /rest/api/3/issue/PROJ-1/transitions?expand=transitions.fields",
        "POST /rest/api/3/issue/PROJ-1/transitions",
        "GET /rest/api/3/issue/PROJ-1?fields=summary%2Cstatus%2Cresolution%2Cassignee%2Cupdated&updateHistory=false",
      ],
    }
  `);
});

it("lists the possible moves for an unknown one", async () => {
  const args = { issue_key: "PROJ-1", transition_id: "Reopen" };
  await expect(
    testTool(transitionIssue, {
      ...site,
      routes: {
        "GET /rest/api/3/issue/{}/transitions": {
          transitions: [
            {
              id: "31",
              name: "Finish",
              to: { name: "Done", statusCategory: { name: "Done" } },
              hasScreen: false,
            },
          ],
        },
      },
      args,
    }),
  ).rejects.toMatchObject({
    code: "input",
  });
});

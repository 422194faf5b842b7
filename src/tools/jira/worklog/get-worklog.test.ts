import { expect, it } from "vitest";
import { testTool } from "../../../../test/fakes/test-tool.ts";
import { getWorklog } from "./get-worklog.ts";

const site = { product: "jira", deployment: "datacenter" } as const;

it("lists time entries", async () => {
  const routes = {
    "GET /rest/api/2/issue/{}/worklog": {
      worklogs: [
        {
          id: "8",
          author: { displayName: "Ada" },
          comment: "Work",
          started: "2026-01-31T09:00:00.000+0100",
          timeSpent: "1h",
          timeSpentSeconds: 3600,
        },
      ],
      total: 1,
    },
  };
  const args = { issue_key: "PROJ-1" };
  const { result, sent } = await testTool(getWorklog, { ...site, routes, args });
  expect({ sent, result }).toMatchInlineSnapshot(`
    {
      "result": {
        "worklogs": [
          {
            "author": "Ada",
            "comment": "Work",
            "id": "8",
            "started": "2026-01-31T09:00:00+01:00",
            "time_spent": "1h",
            "time_spent_seconds": 3600,
          },
        ],
      },
      "sent": [
        "GET /rest/api/2/issue/PROJ-1/worklog",
      ],
    }
  `);
});

it("wants an issue key", async () => {
  const args = {};
  await expect(testTool(getWorklog, { ...site, routes: {}, args })).rejects.toMatchObject({
    code: "input",
  });
});

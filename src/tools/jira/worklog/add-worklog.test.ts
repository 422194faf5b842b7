import { expect, it } from "vitest";
import { testTool } from "../../../../test/fakes/test-tool.ts";
import { addWorklog } from "./add-worklog.ts";

const site = { product: "jira", deployment: "datacenter" } as const;

it("logs time", async () => {
  const routes = {
    "POST /rest/api/2/issue/{}/worklog": {
      id: "8",
      author: { displayName: "Ada" },
      started: "2026-01-31T09:00:00.000+0100",
      timeSpent: "1h 30m",
      timeSpentSeconds: 5400,
    },
  };
  const args = {
    issue_key: "PROJ-1",
    time_spent: "1h 30m",
    started: "2026-01-31T09:00:00+01:00",
    remaining_estimate: "2h",
  };
  const { result, sent } = await testTool(addWorklog, { ...site, routes, args });
  expect({ sent, result }).toMatchInlineSnapshot(`
    {
      "result": {
        "message": "1h 30m logged on PROJ-1.",
        "worklog": {
          "author": "Ada",
          "id": "8",
          "original_estimate_updated": false,
          "remaining_estimate_updated": true,
          "started": "2026-01-31T09:00:00+01:00",
          "time_spent": "1h 30m",
          "time_spent_seconds": 5400,
        },
      },
      "sent": [
        "POST /rest/api/2/issue/PROJ-1/worklog?adjustEstimate=new&newEstimate=2h",
      ],
    }
  `);
});

it("refuses what is not a duration", async () => {
  const args = { issue_key: "PROJ-1", time_spent: "a while" };
  await expect(testTool(addWorklog, { ...site, routes: {}, args })).rejects.toMatchObject({
    code: "input",
  });
});

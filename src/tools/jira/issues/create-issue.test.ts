import { expect, it } from "vitest";
import { testTool } from "../../../../test/fakes/test-tool.ts";
import { createIssue } from "./create-issue.ts";

const site = { product: "jira", deployment: "cloud" } as const;

it("creates an issue and shows it", async () => {
  const routes = {
    "GET /rest/api/3/issue/createmeta/{}/issuetypes": {
      issueTypes: [{ id: "1", name: "Task" }],
      total: 1,
    },
    "GET /rest/api/3/issue/createmeta/{}/issuetypes/{}": {
      fields: [
        { fieldId: "summary", name: "Summary", required: true, schema: { type: "string" } },
        { fieldId: "priority", name: "Priority", schema: { type: "priority" } },
      ],
      total: 2,
    },
    "POST /rest/api/3/issue": { id: "1", key: "PROJ-1" },
    "GET /rest/api/3/issue/{}": {
      id: "1",
      key: "PROJ-1",
      fields: { summary: "One", status: { name: "Open" }, assignee: null },
    },
  };
  const args = {
    project_key: "proj",
    summary: "One",
    issue_type: "task",
    additional_fields: { priority: "High" },
  };
  const { result, sent } = await testTool(createIssue, { ...site, routes, args });
  expect({ sent, result }).toMatchInlineSnapshot(`
    {
      "result": {
        "issue": {
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
        "message": "Task PROJ-1 created.",
      },
      "sent": [
        "GET /rest/api/3/issue/createmeta/PROJ/issuetypes?startAt=0&maxResults=200",
        "GET /rest/api/3/issue/createmeta/PROJ/issuetypes/1?startAt=0&maxResults=200",
        "POST /rest/api/3/issue",
        "GET /rest/api/3/issue/PROJ-1?fields=summary%2Cstatus%2Cissuetype%2Cassignee%2Creporter%2Cpriority%2Ccreated&updateHistory=false",
      ],
    }
  `);
});

it("lists the issue types for an unknown one", async () => {
  const args = { project_key: "PROJ", summary: "One", issue_type: "Wish" };
  await expect(
    testTool(createIssue, {
      ...site,
      routes: {
        "GET /rest/api/3/issue/createmeta/{}/issuetypes": {
          issueTypes: [{ id: "1", name: "Task" }],
          total: 1,
        },
      },
      args,
    }),
  ).rejects.toMatchObject({
    code: "input",
  });
});

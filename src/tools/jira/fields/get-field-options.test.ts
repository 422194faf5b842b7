import { expect, it } from "vitest";
import { testTool } from "../../../../test/fakes/test-tool.ts";
import { getFieldOptions } from "./get-field-options.ts";

const site = { product: "jira", deployment: "datacenter" } as const;

it("lists the options of a field on a screen", async () => {
  const routes = {
    "GET /rest/api/2/issue/createmeta/{}/issuetypes": {
      values: [{ id: "1", name: "Task" }],
      total: 1,
    },
    "GET /rest/api/2/issue/createmeta/{}/issuetypes/{}": {
      values: [
        {
          fieldId: "customfield_10002",
          name: "Team",
          schema: { type: "option" },
          allowedValues: [
            { id: "1", value: "Red" },
            { id: "2", value: "Blue" },
          ],
        },
      ],
      total: 1,
    },
  };
  const args = {
    field_id: "customfield_10002",
    project_key: "PROJ",
    issue_type: "Task",
    contains: "re",
  };
  const { result, sent } = await testTool(getFieldOptions, { ...site, routes, args });
  expect({ sent, result }).toMatchInlineSnapshot(`
    {
      "result": [
        {
          "id": "1",
          "value": "Red",
        },
      ],
      "sent": [
        "GET /rest/api/2/issue/createmeta/PROJ/issuetypes?startAt=0&maxResults=200",
        "GET /rest/api/2/issue/createmeta/PROJ/issuetypes/1?startAt=0&maxResults=200",
      ],
    }
  `);
});

it("asks for project and issue type on Data Center", async () => {
  const args = { field_id: "customfield_10002" };
  await expect(testTool(getFieldOptions, { ...site, routes: {}, args })).rejects.toMatchObject({
    code: "input",
  });
});

import { expect, it } from "vitest";
import { testTool } from "../../../../test/fakes/test-tool.ts";
import { searchFields } from "./search-fields.ts";

const site = { product: "jira", deployment: "cloud" } as const;

it("finds fields by name", async () => {
  const routes = {
    "GET /rest/api/3/field": [
      {
        id: "customfield_10001",
        key: "customfield_10001",
        name: "Story Points",
        custom: true,
        orderable: true,
        navigable: true,
        searchable: true,
        clauseNames: ["cf[10001]", "Story Points"],
        schema: { type: "number", custom: "plugin:float", customId: 10001 },
      },
    ],
  };
  const args = { keyword: "points" };
  const { result, sent } = await testTool(searchFields, { ...site, routes, args });
  expect({ sent, result }).toMatchInlineSnapshot(`
    {
      "result": [
        {
          "clauseNames": [
            "cf[10001]",
            "Story Points",
          ],
          "custom": true,
          "id": "customfield_10001",
          "key": "customfield_10001",
          "name": "Story Points",
          "navigable": true,
          "orderable": true,
          "schema": {
            "custom": "plugin:float",
            "customId": 10001,
            "type": "number",
          },
          "searchable": true,
        },
      ],
      "sent": [
        "GET /rest/api/3/field",
      ],
    }
  `);
});

it("refuses a limit of nothing", async () => {
  const args = { keyword: "points", limit: 0 };
  await expect(testTool(searchFields, { ...site, routes: {}, args })).rejects.toMatchObject({
    code: "input",
  });
});

import { expect, it } from "vitest";
import { testTool } from "../../../../test/fakes/test-tool.ts";
import { getTransitions } from "./get-transitions.ts";

const site = { product: "jira", deployment: "cloud" } as const;

it("lists the possible moves", async () => {
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
  };
  const args = { issue_key: "PROJ-1" };
  const { result, sent } = await testTool(getTransitions, { ...site, routes, args });
  expect({ sent, result }).toMatchInlineSnapshot(`
    {
      "result": [
        {
          "has_screen": false,
          "id": 31,
          "name": "Finish",
          "to_category": "Done",
          "to_status": "Done",
        },
      ],
      "sent": [
        "GET /rest/api/3/issue/PROJ-1/transitions?expand=transitions.fields",
      ],
    }
  `);
});

it("wants an issue key", async () => {
  const args = { key: "PROJ-1" };
  await expect(testTool(getTransitions, { ...site, routes: {}, args })).rejects.toMatchObject({
    code: "input",
  });
});

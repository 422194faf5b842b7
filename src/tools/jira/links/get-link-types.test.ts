import { expect, it } from "vitest";
import { testTool } from "../../../../test/fakes/test-tool.ts";
import { getLinkTypes } from "./get-link-types.ts";

const site = { product: "jira", deployment: "cloud" } as const;

it("lists link types by name or phrase", async () => {
  const routes = {
    "GET /rest/api/3/issueLinkType": {
      issueLinkTypes: [
        { id: "1", name: "Blocks", inward: "is blocked by", outward: "blocks" },
        { id: "2", name: "Cloners", inward: "is cloned by", outward: "clones" },
      ],
    },
  };
  const args = { name_filter: "block" };
  const { result, sent } = await testTool(getLinkTypes, { ...site, routes, args });
  expect({ sent, result }).toMatchInlineSnapshot(`
    {
      "result": [
        {
          "id": "1",
          "inward": "is blocked by",
          "name": "Blocks",
          "outward": "blocks",
        },
      ],
      "sent": [
        "GET /rest/api/3/issueLinkType",
      ],
    }
  `);
});

it("refuses arguments it does not know", async () => {
  const args = { type: "Blocks" };
  await expect(testTool(getLinkTypes, { ...site, routes: {}, args })).rejects.toMatchObject({
    code: "input",
  });
});

import { expect, it } from "vitest";
import { testTool } from "../../../../test/fakes/test-tool.ts";
import { createIssueLink } from "./create-issue-link.ts";

const site = { product: "jira", deployment: "cloud" } as const;

it("links two issues", async () => {
  const routes = {
    "GET /rest/api/3/issueLinkType": {
      issueLinkTypes: [
        { id: "1", name: "Blocks", inward: "is blocked by", outward: "blocks" },
        { id: "2", name: "Cloners", inward: "is cloned by", outward: "clones" },
      ],
    },
    "POST /rest/api/3/issueLink": undefined,
  };
  const args = { link_type: "blocks", inward_issue_key: "proj-1", outward_issue_key: "PROJ-2" };
  const { result, sent } = await testTool(createIssueLink, { ...site, routes, args });
  expect({ sent, result }).toMatchInlineSnapshot(`
    {
      "result": {
        "inward_issue": "PROJ-1",
        "link_type": "Blocks",
        "message": "PROJ-1 blocks PROJ-2.",
        "outward_issue": "PROJ-2",
        "success": true,
        "url": "https://example.test/browse/PROJ-1",
      },
      "sent": [
        "GET /rest/api/3/issueLinkType",
        "POST /rest/api/3/issueLink",
      ],
    }
  `);
});

it("lists the link types for an unknown one", async () => {
  const args = { link_type: "Fights", inward_issue_key: "PROJ-1", outward_issue_key: "PROJ-2" };
  await expect(
    testTool(createIssueLink, {
      ...site,
      routes: {
        "GET /rest/api/3/issueLinkType": {
          issueLinkTypes: [
            { id: "1", name: "Blocks", inward: "is blocked by", outward: "blocks" },
            { id: "2", name: "Cloners", inward: "is cloned by", outward: "clones" },
          ],
        },
      },
      args,
    }),
  ).rejects.toMatchObject({
    code: "input",
  });
});

import { expect, it } from "vitest";
import { testTool } from "../../../../test/fakes/test-tool.ts";
import { getAgileBoards } from "./get-agile-boards.ts";

const site = { product: "jira", deployment: "cloud" } as const;

it("finds boards", async () => {
  const routes = {
    "GET /rest/agile/1.0/board": {
      values: [{ id: 1, name: "PROJ board", type: "scrum", location: { projectKey: "PROJ" } }],
      total: 1,
      isLast: true,
    },
  };
  const args = { board_name: "PROJ", limit: "5" };
  const { result, sent } = await testTool(getAgileBoards, { ...site, routes, args });
  expect({ sent, result }).toMatchInlineSnapshot(`
    {
      "result": {
        "boards": [
          {
            "id": 1,
            "name": "PROJ board",
            "project_key": "PROJ",
            "type": "scrum",
          },
        ],
        "is_last": true,
        "start_at": 0,
        "total": 1,
      },
      "sent": [
        "GET /rest/agile/1.0/board?name=PROJ&startAt=0&maxResults=5",
      ],
    }
  `);
});

it("refuses boards of other projects", async () => {
  const args = { project_key: "OPS" };
  await expect(
    testTool(getAgileBoards, { ...site, routes: {}, args, policy: { projects: ["PROJ"] } }),
  ).rejects.toMatchObject({
    code: "forbidden",
  });
});

import { expect, it } from "vitest";
import { testTool } from "../../../../test/fakes/test-tool.ts";
import { getSprintsFromBoard } from "./get-sprints-from-board.ts";

const site = { product: "jira", deployment: "cloud" } as const;

it("lists the sprints of a board", async () => {
  const routes = {
    "GET /rest/agile/1.0/board/{}/sprint": {
      values: [
        {
          id: 7,
          name: "Sprint 7",
          state: "active",
          startDate: "2026-01-01T09:00:00.000Z",
          originBoardId: 1,
        },
      ],
      isLast: false,
    },
  };
  const args = { board_id: 1, state: "active" };
  const { result, sent } = await testTool(getSprintsFromBoard, { ...site, routes, args });
  expect({ sent, result }).toMatchInlineSnapshot(`
    {
      "result": {
        "is_last": false,
        "next_start_at": 1,
        "sprints": [
          {
            "id": 7,
            "name": "Sprint 7",
            "origin_board_id": 1,
            "start_date": "2026-01-01T09:00:00Z",
            "state": "active",
          },
        ],
        "start_at": 0,
      },
      "sent": [
        "GET /rest/agile/1.0/board/1/sprint?state=active&startAt=0&maxResults=10",
      ],
    }
  `);
});

it("refuses a page that is too long", async () => {
  const args = { board_id: "1", limit: 51 };
  await expect(testTool(getSprintsFromBoard, { ...site, routes: {}, args })).rejects.toMatchObject({
    code: "input",
  });
});

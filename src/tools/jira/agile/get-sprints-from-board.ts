import { z } from "zod";
import { defineTool } from "../../define.ts";
import { limit, startAt } from "../../params.ts";
import { jira } from "../../toolsets.ts";
import { text } from "../params.ts";

export const getSprintsFromBoard = defineTool({
  name: "jira_get_sprints_from_board",
  title: "Get sprints of a board",
  description: "List the sprints of a Scrum board with state, goal and dates.",
  toolset: jira.agile,
  access: "read",
  core: true,
  input: {
    board_id: z.string().describe("Board id, see jira_get_agile_boards"),
    state: text("Comma list of future, active, closed").optional(),
    start_at: startAt,
    limit: limit(10, 50),
  },
  run: ({ board_id, state, start_at, limit }, { client }) =>
    client.boards.sprints({ boardId: board_id, state, startAt: start_at, limit }),
});

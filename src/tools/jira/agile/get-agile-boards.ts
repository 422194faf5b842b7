import { defineTool } from "../../define.ts";
import { limit, projectKey, startAt } from "../../params.ts";
import { jira } from "../../toolsets.ts";
import { text } from "../params.ts";

export const getAgileBoards = defineTool({
  name: "jira_get_agile_boards",
  title: "Get boards",
  description: "Find Scrum and Kanban boards by name, project or type.",
  toolset: jira.agile,
  access: "read",
  core: true,
  input: {
    board_name: text("Part of the board's name").optional(),
    project_key: projectKey.optional(),
    board_type: text("scrum, kanban or simple").optional(),
    start_at: startAt,
    limit: limit(10, 50),
  },
  run: ({ board_name, project_key, board_type, start_at, limit }, { client }) =>
    client.boards.list({
      name: board_name,
      projectKey: project_key || undefined,
      type: board_type,
      startAt: start_at,
      limit,
    }),
});

import { z } from "zod";
import { defineTool } from "../../define.ts";
import { jira } from "../../toolsets.ts";

export const getAllProjects = defineTool({
  name: "jira_get_all_projects",
  title: "Get all projects",
  description: "List every project this account can see, with key, name, category and lead.",
  toolset: jira.projects,
  access: "read",
  core: true,
  input: {
    include_archived: z.boolean().default(false).describe("Also list archived projects"),
  },
  run: ({ include_archived }, { client }) => client.projects.list(include_archived),
});

import { z } from "zod";
import { defineTool } from "../../define.ts";
import { issueKey } from "../../params.ts";
import { jira } from "../../toolsets.ts";

export const deleteIssue = defineTool({
  name: "jira_delete_issue",
  title: "Delete issue",
  description: "Delete an issue for good. Refused while it has subtasks, unless they may go too.",
  toolset: jira.issues,
  access: "delete",
  input: {
    issue_key: issueKey,
    delete_subtasks: z.boolean().default(false).describe("Delete its subtasks as well"),
  },
  run: ({ issue_key, delete_subtasks }, { client }) =>
    client.issues.delete(issue_key, delete_subtasks),
});

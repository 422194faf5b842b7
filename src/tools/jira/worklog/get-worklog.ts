import { defineTool } from "../../define.ts";
import { issueKey } from "../../params.ts";
import { jira } from "../../toolsets.ts";

export const getWorklog = defineTool({
  name: "jira_get_worklog",
  title: "Get worklog",
  description: "List every time entry of an issue: who spent how long, when, on what.",
  toolset: jira.worklog,
  access: "read",
  input: { issue_key: issueKey },
  run: ({ issue_key }, { client }) => client.worklogs.list(issue_key),
});

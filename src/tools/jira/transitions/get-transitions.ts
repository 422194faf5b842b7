import { defineTool } from "../../define.ts";
import { issueKey } from "../../params.ts";
import { jira } from "../../toolsets.ts";

export const getTransitions = defineTool({
  name: "jira_get_transitions",
  title: "Get transitions",
  description:
    "List the workflow moves possible now, the status each leads to and the fields it asks for.",
  toolset: jira.transitions,
  access: "read",
  core: true,
  input: { issue_key: issueKey },
  run: ({ issue_key }, { client }) => client.transitions.list(issue_key),
});

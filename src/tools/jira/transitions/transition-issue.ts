import { z } from "zod";
import { defineTool } from "../../define.ts";
import { issueKey } from "../../params.ts";
import { jira } from "../../toolsets.ts";
import { fieldValues, text } from "../params.ts";

export const transitionIssue = defineTool({
  name: "jira_transition_issue",
  title: "Transition issue",
  description:
    "Move an issue through its workflow. `jira_get_transitions` lists what is possible now.",
  toolset: jira.transitions,
  access: "update",
  core: true,
  input: {
    issue_key: issueKey,
    transition_id: z.string().describe("Transition id or name, or status to reach, e.g. Done"),
    fields: fieldValues("JSON object of fields the move asks for").optional(),
    comment: text("Markdown comment").optional(),
  },
  run: ({ issue_key, transition_id, fields, comment }, { client }) =>
    client.transitions.perform({ key: issue_key, to: transition_id, fields, comment }),
});

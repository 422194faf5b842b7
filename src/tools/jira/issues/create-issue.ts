import { z } from "zod";
import { defineTool } from "../../define.ts";
import { commaList, projectKey } from "../../params.ts";
import { jira } from "../../toolsets.ts";
import { fieldValues, text } from "../params.ts";

export const createIssue = defineTool({
  name: "jira_create_issue",
  title: "Create issue",
  description:
    'Create an issue of any type. Subtasks and issues of an epic take their parent in additional_fields: `{"parent": "PROJ-1"}`. Missing required fields are named in the error.',
  toolset: jira.issues,
  access: "create",
  core: true,
  input: {
    project_key: projectKey,
    summary: z.string().min(1).describe("Title"),
    issue_type: z.string().describe("Type name, e.g. Task, Bug, Epic, Subtask"),
    assignee: text("E-mail, display name, username, account id or me").optional(),
    description: text("Markdown").optional(),
    components: commaList("Comma list of component names").optional(),
    additional_fields: fieldValues("JSON object of other fields").optional(),
  },
  run: ({ project_key, summary, issue_type, additional_fields, ...args }, { client }) =>
    client.issues.create({
      ...args,
      projectKey: project_key,
      summary,
      issueType: issue_type,
      additionalFields: additional_fields,
    }),
});

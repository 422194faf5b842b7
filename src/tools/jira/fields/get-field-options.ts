import { z } from "zod";
import { defineTool } from "../../define.ts";
import { projectKey } from "../../params.ts";
import { jira } from "../../toolsets.ts";
import { text } from "../params.ts";

export const getFieldOptions = defineTool({
  name: "jira_get_field_options",
  title: "Get field options",
  description:
    "List what a select-like field may be set to. Give project_key and issue_type where you can: without them Cloud asks for administrator rights and Data Center cannot tell.",
  toolset: jira.fields,
  access: "read",
  input: {
    field_id: z.string().describe("Field id such as customfield_10001, or its name"),
    context_id: text("Id of a field context, Cloud only").optional(),
    project_key: projectKey.optional(),
    issue_type: text("Issue type name").optional(),
    contains: text("Only options with this text").optional(),
    return_limit: z.int().min(1).optional().describe("Most options to return"),
    values_only: z.boolean().default(false).describe("Return values without ids"),
  },
  run: ({ field_id, values_only, ...args }, { client }) =>
    client.fields.options({
      field: field_id,
      contextId: args.context_id,
      projectKey: args.project_key || undefined,
      issueType: args.issue_type,
      contains: args.contains,
      limit: args.return_limit,
      valuesOnly: values_only,
    }),
});

import { defineTool } from "../../define.ts";
import { commaList, issueKey, visibility } from "../../params.ts";
import { jira } from "../../toolsets.ts";
import { allowContentLoss, fieldValues, text } from "../params.ts";

export const updateIssue = defineTool({
  name: "jira_update_issue",
  title: "Update issue",
  description:
    "Change fields and, in the same call, attach files, move the issue, comment and log time. Steps that failed are in operations_failed. Keep {opaque:…} placeholders of a text you read.",
  toolset: jira.issues,
  access: "update",
  core: true,
  input: {
    issue_key: issueKey,
    fields: fieldValues("JSON object of fields to set; null clears").optional(),
    additional_fields: fieldValues("More fields; wins over fields").optional(),
    components: commaList("Comma list of component names that replace the present ones").optional(),
    attachments: commaList(
      "Comma list or JSON array of paths below the working directory",
    ).optional(),
    transition: text("Transition id or name, or status to reach").optional(),
    comment: text("Markdown comment").optional(),
    comment_visibility: visibility.optional(),
    worklog: text("Time spent, e.g. 1h 30m").optional(),
    worklog_started: text("ISO 8601 start of that time").optional(),
    return_fields: commaList("Comma list of fields to return").prefault("*all"),
    allow_content_loss: allowContentLoss,
  },
  run: ({ issue_key, fields, components, transition, comment, worklog, ...args }, { client }) =>
    client.issues.update({
      key: issue_key,
      fields: { ...fields, ...(components?.length && { components }), ...args.additional_fields },
      attachments: args.attachments,
      transition,
      comment,
      commentVisibility: args.comment_visibility,
      worklog,
      worklogStarted: args.worklog_started,
      returnFields: args.return_fields,
      allowContentLoss: args.allow_content_loss,
    }),
});

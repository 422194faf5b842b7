import { z } from "zod";
import { defineTool } from "../../define.ts";
import { commaList, issueKey } from "../../params.ts";
import { jira } from "../../toolsets.ts";
import { expand, isDefaultList, issueFields, useDisplayNames } from "../params.ts";

export const getIssue = defineTool({
  name: "jira_get_issue",
  title: "Get issue",
  description:
    "Read one issue: main fields, epic and newest comments. Texts are Markdown. Ask for more with fields and include.",
  toolset: jira.issues,
  access: "read",
  core: true,
  input: {
    issue_key: issueKey,
    fields: issueFields,
    expand: expand.optional(),
    comment_limit: z.int().min(0).max(100).default(10).describe("Newest comments, 0 for none"),
    properties: commaList("Comma list of issue property keys").optional(),
    update_history: z.boolean().default(true).describe("Count this as a view by the user"),
    include: commaList(
      "Comma list: remote_links, transitions, watchers, changelog, comments, worklogs, all",
    ).optional(),
    use_display_names: useDisplayNames,
  },
  run: ({ issue_key, fields, expand, properties, include, ...args }, { client }) =>
    client.issues.get({
      key: issue_key,
      fields,
      isDefaultFields: isDefaultList(fields),
      expand,
      properties,
      include,
      commentLimit: args.comment_limit,
      updateHistory: args.update_history,
      useDisplayNames: args.use_display_names,
    }),
});

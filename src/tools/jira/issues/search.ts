import { z } from "zod";
import { defineTool } from "../../define.ts";
import { commaList, startAt } from "../../params.ts";
import { jira } from "../../toolsets.ts";
import { expand, issueFields, text, useDisplayNames } from "../params.ts";

export const search = defineTool({
  name: "jira_search",
  title: "Search issues",
  description:
    "Find issues with JQL. To go on, pass next_page_token back as page_token. Example: `project = PROJ AND statusCategory != Done ORDER BY updated DESC`.",
  toolset: jira.issues,
  access: "read",
  core: true,
  input: {
    jql: z.string().describe("JQL; Cloud wants a condition, not only ORDER BY"),
    fields: issueFields,
    limit: z.int().min(1).default(10).describe("Most issues to return"),
    start_at: startAt.describe("Offset of the first result, Data Center only"),
    projects_filter: commaList("Comma list of project keys to search in").optional(),
    expand: expand.optional(),
    page_token: text("next_page_token of the previous result").optional(),
    use_display_names: useDisplayNames,
  },
  run: ({ jql, fields, limit, ...args }, { client }) =>
    client.issues.search({
      jql,
      fields,
      limit,
      startAt: args.start_at,
      pageToken: args.page_token,
      projects: args.projects_filter,
      expand: args.expand ?? [],
      useDisplayNames: args.use_display_names,
    }),
});

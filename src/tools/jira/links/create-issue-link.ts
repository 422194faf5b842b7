import { z } from "zod";
import { defineTool } from "../../define.ts";
import { issueKey, visibility } from "../../params.ts";
import { jira } from "../../toolsets.ts";
import { text } from "../params.ts";

export const createIssueLink = defineTool({
  name: "jira_create_issue_link",
  title: "Link issues",
  description:
    "Link two issues. With type Blocks the inward issue blocks the outward one. `jira_get_link_types` lists the types.",
  toolset: jira.links,
  access: "create",
  core: true,
  input: {
    link_type: z.string().describe("Name of the link type, e.g. Blocks"),
    inward_issue_key: issueKey.describe("Issue that does it, e.g. blocks"),
    outward_issue_key: issueKey.describe("Issue it is done to, e.g. is blocked"),
    comment: text("Markdown comment").optional(),
    comment_visibility: visibility.optional(),
  },
  run: ({ link_type, inward_issue_key, outward_issue_key, comment, ...args }, { client }) =>
    client.links.create({
      linkType: link_type,
      inwardKey: inward_issue_key,
      outwardKey: outward_issue_key,
      comment,
      visibility: args.comment_visibility,
    }),
});

import { z } from "zod";
import { defineTool } from "../../define.ts";
import { issueKey, visibility } from "../../params.ts";
import { jira } from "../../toolsets.ts";

export const addComment = defineTool({
  name: "jira_add_comment",
  title: "Add comment",
  description:
    "Add a Markdown comment to an issue, for everyone, for a group or role, or, on service requests, for customers or as an internal note.",
  toolset: jira.comments,
  access: "create",
  core: true,
  argumentAliases: { comment: "body" },
  input: {
    issue_key: issueKey,
    body: z.string().describe("Markdown"),
    visibility: visibility.optional(),
    public: z
      .boolean()
      .optional()
      .describe("Service requests: true for customers to see, false for an internal note"),
  },
  run: ({ issue_key, body, visibility, public: isPublic }, { client }) =>
    client.comments.add({ key: issue_key, body, visibility, isPublic }),
});

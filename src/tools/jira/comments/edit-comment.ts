import { z } from "zod";
import { defineTool } from "../../define.ts";
import { issueKey, visibility } from "../../params.ts";
import { jira } from "../../toolsets.ts";
import { allowContentLoss } from "../params.ts";

export const editComment = defineTool({
  name: "jira_edit_comment",
  title: "Edit comment",
  description: "Replace the text of a comment. Who may see it stays unless visibility is given.",
  toolset: jira.comments,
  access: "update",
  core: true,
  argumentAliases: { comment: "body" },
  input: {
    issue_key: issueKey,
    comment_id: z.string().describe("Id of the comment, see jira_get_issue"),
    body: z.string().describe("New text, Markdown"),
    visibility: visibility.optional(),
    allow_content_loss: allowContentLoss,
  },
  run: ({ issue_key, comment_id, body, visibility, allow_content_loss }, { client }) =>
    client.comments.edit({
      key: issue_key,
      commentId: comment_id,
      body,
      visibility,
      allowContentLoss: allow_content_loss,
    }),
});

import { z } from "zod";
import { defineTool } from "../../define.ts";
import { confluence } from "../../toolsets.ts";
import { commentBody } from "../params.ts";

export const replyToComment = defineTool({
  name: "confluence_reply_to_comment",
  title: "Reply to comment",
  description: "Answer a footer or inline comment. `confluence_get_comments` shows the ids.",
  toolset: confluence.comments,
  access: "create",
  core: true,
  input: { comment_id: z.string().describe("Id of the comment to answer"), body: commentBody },
  argumentAliases: { comment: "body", content: "body" },
  run: ({ comment_id, body }, { client }) => client.comments.reply(comment_id, body),
});

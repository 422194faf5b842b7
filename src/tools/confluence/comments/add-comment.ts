import { defineTool } from "../../define.ts";
import { confluence } from "../../toolsets.ts";
import { commentBody, pageId } from "../params.ts";

export const addComment = defineTool({
  name: "confluence_add_comment",
  title: "Comment on page",
  description: "Add a comment at the foot of a page or blog post.",
  toolset: confluence.comments,
  access: "create",
  core: true,
  input: { page_id: pageId(), body: commentBody },
  argumentAliases: { comment: "body", content: "body" },
  run: ({ page_id, body }, { client }) => client.comments.add(page_id, body),
});

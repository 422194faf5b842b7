import { z } from "zod";
import { defineTool } from "../../define.ts";
import { confluence } from "../../toolsets.ts";
import { contentInput, pageContent, pageId } from "../params.ts";

export const updatePage = defineTool({
  name: "confluence_update_page",
  title: "Update Confluence page",
  description:
    "Replace a page's body, rename it, move it below another parent, or change its look. Read it first and keep its placeholders; without content the body stays.",
  toolset: confluence.pages,
  access: "update",
  core: true,
  input: {
    page_id: pageId(),
    title: z.string().min(1).describe("New title, or the present one"),
    ...pageContent,
    is_minor_edit: z.boolean().default(false).describe("Do not notify watchers"),
    version_comment: z.string().optional().describe("What changed, for the history"),
    parent_id: pageId("New parent page or folder").optional(),
    expected_version: z.int().min(1).optional().describe("Refuse if the page has another version"),
    allow_content_loss: z
      .boolean()
      .default(false)
      .describe("Write even if macros or other placeholders of the page disappear"),
  },
  run: (args, { client }) =>
    client.pages.update({
      ...contentInput(args),
      page: args.page_id,
      title: args.title,
      parentId: args.parent_id,
      minorEdit: args.is_minor_edit,
      versionComment: args.version_comment,
      expectedVersion: args.expected_version,
      allowContentLoss: args.allow_content_loss,
    }),
});

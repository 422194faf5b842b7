import { defineTool } from "../../define.ts";
import { limit } from "../../params.ts";
import { confluence } from "../../toolsets.ts";
import { cursor, pageId } from "../params.ts";

export const getComments = defineTool({
  name: "confluence_get_comments",
  title: "Get page comments",
  description:
    "List footer and inline comments of a page with their replies, whether they are resolved and what text they are anchored to.",
  toolset: confluence.comments,
  access: "read",
  core: true,
  input: {
    page_id: pageId(),
    limit: limit(25, 100).describe("Comments per page, 1-100; replies may come on top"),
    cursor: cursor.optional(),
  },
  run: ({ page_id, ...query }, { client }) => client.comments.list(page_id, query),
});

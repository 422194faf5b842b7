import { defineTool } from "../../define.ts";
import { confluence } from "../../toolsets.ts";
import { pageId } from "../params.ts";

export const deletePage = defineTool({
  name: "confluence_delete_page",
  title: "Delete Confluence page",
  description: "Move a page to the trash of its space, from where it can be restored.",
  toolset: confluence.pages,
  access: "delete",
  input: { page_id: pageId() },
  run: ({ page_id }, { client }) => client.pages.trash(page_id),
});

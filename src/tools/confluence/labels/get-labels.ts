import { defineTool } from "../../define.ts";
import { confluence } from "../../toolsets.ts";
import { pageId } from "../params.ts";

export const getLabels = defineTool({
  name: "confluence_get_labels",
  title: "Get labels",
  description: "List all labels of a page, blog post or attachment.",
  toolset: confluence.labels,
  access: "read",
  input: { page_id: pageId("Page, blog post or attachment id, or page URL") },
  run: ({ page_id }, { client }) => client.labels.list(page_id),
});

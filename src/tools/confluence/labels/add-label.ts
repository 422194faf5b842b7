import { z } from "zod";
import { defineTool } from "../../define.ts";
import { confluence } from "../../toolsets.ts";
import { pageId } from "../params.ts";

export const addLabel = defineTool({
  name: "confluence_add_label",
  title: "Add label",
  description: "Add one label to a page, blog post or attachment and list all it has then.",
  toolset: confluence.labels,
  access: "create",
  idempotent: true,
  core: true,
  input: {
    page_id: pageId("Page, blog post or attachment id, or page URL"),
    name: z.string().describe("Label in lower case without blanks, e.g. release-notes"),
  },
  run: ({ page_id, name }, { client }) => client.labels.add(page_id, name),
});

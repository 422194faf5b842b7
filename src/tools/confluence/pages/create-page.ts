import { z } from "zod";
import { defineTool } from "../../define.ts";
import { confluence } from "../../toolsets.ts";
import { contentInput, pageContent, pageId, spaceKey } from "../params.ts";

export const createPage = defineTool({
  name: "confluence_create_page",
  title: "Create Confluence page",
  description:
    "Create a page from Markdown, wiki markup or storage format. Titles are unique in a space. Give content or content_file.",
  toolset: confluence.pages,
  access: "create",
  core: true,
  input: {
    space_key: spaceKey,
    title: z.string().min(1).describe("Page title"),
    parent_id: pageId("Page or folder to create it below").optional(),
    ...pageContent,
    subtype: z.enum(["live"]).optional().describe("live: a live doc, Cloud only"),
  },
  run: (args, { client }) =>
    client.pages.create({
      ...contentInput(args),
      spaceKey: args.space_key,
      title: args.title,
      parentId: args.parent_id,
      subtype: args.subtype,
    }),
});

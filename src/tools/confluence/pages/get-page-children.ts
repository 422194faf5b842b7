import { z } from "zod";
import { defineTool } from "../../define.ts";
import { commaList, limit } from "../../params.ts";
import { confluence } from "../../toolsets.ts";
import { pageId } from "../params.ts";

export const getPageChildren = defineTool({
  name: "confluence_get_page_children",
  title: "Get child pages",
  description: "List the pages and folders directly below a page or folder.",
  toolset: confluence.pages,
  access: "read",
  core: true,
  input: {
    parent_id: pageId("Id or URL of the page or folder above"),
    expand: commaList("What to tell of each page").prefault("version,history"),
    limit: limit(25, 50),
    include_content: z.boolean().default(false).describe("Also return bodies"),
    convert_to_markdown: z.boolean().default(true).describe("False: bodies in storage format"),
    start: z.int().min(0).default(0).describe("next_start of the previous call"),
    include_folders: z.boolean().default(true).describe("Also list folders"),
  },
  run: ({ parent_id, ...args }, { client }) =>
    client.pages.children(parent_id, {
      start: args.start,
      limit: args.limit,
      folders: args.include_folders,
      content: args.include_content,
      markdown: args.convert_to_markdown,
      expand: args.expand,
    }),
});

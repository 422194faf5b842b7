import { z } from "zod";
import { defineTool } from "../../define.ts";
import { confluence } from "../../toolsets.ts";
import { pageId, spaceKey } from "../params.ts";

export const getPage = defineTool({
  name: "confluence_get_page",
  title: "Get Confluence page",
  description:
    "Read a page or blog post as Markdown. Placeholders such as {opaque:…} stand for macros; keep them when the text is written back with confluence_update_page.",
  toolset: confluence.pages,
  access: "read",
  core: true,
  input: {
    page_id: pageId("Page id, page URL or tiny link").optional(),
    title: z.string().optional().describe("Exact title, with space_key"),
    space_key: spaceKey.optional(),
    include_metadata: z.boolean().default(true).describe("False: the body only"),
    convert_to_markdown: z.boolean().default(true).describe("False: storage format as stored"),
    offset: z.int().min(0).default(0).describe("First character to show"),
    max_characters: z.int().min(1).optional().describe("Show at most so many characters"),
  },
  run: (args, { client }) =>
    client.pages.get({
      page: args.page_id,
      title: args.title,
      spaceKey: args.space_key,
      metadata: args.include_metadata,
      markdown: args.convert_to_markdown,
      offset: args.offset,
      maxCharacters: args.max_characters,
    }),
});

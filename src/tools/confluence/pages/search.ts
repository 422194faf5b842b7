import { z } from "zod";
import { defineTool } from "../../define.ts";
import { commaList, limit } from "../../params.ts";
import { confluence } from "../../toolsets.ts";
import { cursor } from "../params.ts";

export const search = defineTool({
  name: "confluence_search",
  title: "Search Confluence",
  description:
    'Find pages, blog posts, comments, attachments and spaces by words or by CQL, e.g. `type = page AND title ~ "plan" ORDER BY lastmodified DESC`.',
  toolset: confluence.pages,
  access: "read",
  core: true,
  input: {
    query: z.string().describe("Words or CQL"),
    limit: limit(10, 50),
    spaces_filter: commaList("Comma list of space keys to search in").optional(),
    cursor: cursor.optional(),
  },
  run: (args, { client }) => client.search.content({ ...args, spaces: args.spaces_filter }),
});

import { z } from "zod";
import { defineTool } from "../../define.ts";
import { jira } from "../../toolsets.ts";

export const searchFields = defineTool({
  name: "jira_search_fields",
  title: "Search fields",
  description:
    "Find fields and their ids by name. Custom fields are used in JQL and updates by id or name.",
  toolset: jira.fields,
  access: "read",
  core: true,
  input: {
    keyword: z.string().default("").describe("Part of a name or id; empty lists all"),
    limit: z.int().min(1).default(10).describe("Most fields to return"),
    refresh: z.boolean().default(false).describe("Read the field list again"),
  },
  run: (args, { client }) => client.fields.search(args),
});

import { z } from "zod";
import { defineTool } from "../../define.ts";
import { limit } from "../../params.ts";
import { confluence } from "../../toolsets.ts";

export const searchUser = defineTool({
  name: "confluence_search_user",
  title: "Search people",
  description:
    "Find people by name; gives the account id (Cloud) or username and key (Data Center) that mentions and CQL need.",
  toolset: confluence.users,
  access: "read",
  core: true,
  input: {
    query: z.string().describe('Name or part of it, exact username, or CQL: user.fullname ~ "Ada"'),
    limit: limit(10, 50),
    group_name: z
      .string()
      .default("confluence-users")
      .describe("Data Center: group whose members are looked through"),
  },
  run: ({ query, limit: most, group_name }, { client }) =>
    client.users.search({ text: query, limit: most, group: group_name }),
});

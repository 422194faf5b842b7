import { z } from "zod";
import { defineTool } from "../../define.ts";
import { jira } from "../../toolsets.ts";

export const getUserProfile = defineTool({
  name: "jira_get_user_profile",
  title: "Get user profile",
  description: "Look up one person. `me` is the account this server acts as.",
  toolset: jira.users,
  access: "read",
  core: true,
  input: {
    user_identifier: z
      .string()
      .describe("E-mail, username, display name, account id, Data Center key, or me"),
  },
  run: async ({ user_identifier }, { client }) => ({
    success: true,
    user: await client.users.profile(user_identifier),
  }),
});

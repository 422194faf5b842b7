import { defineTool } from "../../define.ts";
import { jira } from "../../toolsets.ts";
import { text } from "../params.ts";

export const getLinkTypes = defineTool({
  name: "jira_get_link_types",
  title: "Get link types",
  description: "List the types of links between issues with the phrases for both directions.",
  toolset: jira.links,
  access: "read",
  input: { name_filter: text("Part of a name or phrase").optional() },
  run: ({ name_filter }, { client }) => client.links.types(name_filter),
});

import { confluenceTools } from "./confluence/index.ts";
import type { Tool } from "./define.ts";
import { jiraTools } from "./jira/index.ts";

/** Every tool of this server, sorted by name. The only list there is. */
export const tools: readonly Tool[] = [...jiraTools, ...confluenceTools].sort((a, b) =>
  a.name < b.name ? -1 : 1,
);

/** The tools by name. */
export const toolsByName: ReadonlyMap<string, Tool> = new Map(
  tools.map((tool) => [tool.name, tool]),
);

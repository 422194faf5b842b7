import type { Product } from "../atlassian/site.ts";

/** A group of tools that is switched on and off together with `TOOLSETS`. */
export interface Toolset<P extends Product = Product> {
  /** Public name, e.g. `jira_issues`. */
  readonly name: string;
  readonly product: P;
  /** Part of `TOOLSETS=default`. */
  readonly isDefault: boolean;
  readonly summary: string;
}

function toolset<P extends Product>(
  product: P,
  name: string,
  summary: string,
  isDefault = false,
): Toolset<P> {
  return { name: `${product}_${name}`, product, isDefault, summary };
}

/** Jira's toolsets, by the name that follows `jira_`. */
export const jira = {
  users: toolset("jira", "users", "People: profiles and who can be assigned"),
  watchers: toolset("jira", "watchers", "Who watches an issue"),
  issues: toolset("jira", "issues", "Find, read, create, change and delete issues", true),
  fields: toolset("jira", "fields", "Fields and their options", true),
  transitions: toolset("jira", "transitions", "Workflow moves", true),
  worklog: toolset("jira", "worklog", "Time tracking"),
  attachments: toolset("jira", "attachments", "Files of issues"),
  agile: toolset("jira", "agile", "Boards, sprints and the backlog"),
  links: toolset("jira", "links", "Links between issues, epics and web links"),
  comments: toolset("jira", "comments", "Comments of issues", true),
  projects: toolset("jira", "projects", "Projects, versions and components"),
  service_desk: toolset("jira", "service_desk", "Service desks, queues and requests"),
  forms: toolset("jira", "forms", "Forms attached to issues"),
  metrics: toolset("jira", "metrics", "Dates and time metrics"),
  development: toolset("jira", "development", "Branches, commits and pull requests"),
  project_analysis: toolset("jira", "project_analysis", "Epics and dependencies of a project"),
} as const;

/** Confluence's toolsets, by the name that follows `confluence_`. */
export const confluence = {
  pages: toolset("confluence", "pages", "Find, read, create, change and delete pages", true),
  comments: toolset("confluence", "comments", "Comments of pages", true),
  labels: toolset("confluence", "labels", "Labels"),
  users: toolset("confluence", "users", "People"),
  analytics: toolset("confluence", "analytics", "Page views"),
  attachments: toolset("confluence", "attachments", "Files of pages"),
  templates: toolset("confluence", "templates", "Page templates"),
  permissions: toolset("confluence", "permissions", "Permission checks"),
} as const;

/** Every toolset, in the order of the documentation. */
export const toolsets: readonly Toolset[] = [...Object.values(jira), ...Object.values(confluence)];

import type { Setting } from "../setting.ts";

const policy = { group: "policy", audience: "everyone" } as const;
const behaviour = { group: "behaviour", audience: "everyone" } as const;
const logging = { group: "logging", audience: "everyone" } as const;
const noMetrics = "time metrics are not part of this version";

/** What tools may be seen and what they may touch. */
export const policySettings: readonly Setting[] = [
  {
    ...policy,
    name: "READ_ONLY_MODE",
    flag: "--read-only",
    type: "boolean",
    default: "false",
    summary: "Hides every tool that writes and refuses requests that would.",
  },
  {
    ...policy,
    name: "TOOLSETS",
    defaultNote: "a core of common tools, all others by search",
    flag: "--toolsets",
    type: "list",
    separator: "comma",
    summary: "Toolsets to list: names, `default` or `all`.",
    example: "jira_issues,confluence_pages",
  },
  {
    ...policy,
    name: "ENABLED_TOOLS",
    defaultNote: "all of the toolsets",
    flag: "--enabled-tools",
    type: "list",
    separator: "comma",
    summary: "Full names of the only tools to offer.",
    example: "jira_get_issue,jira_search",
  },
  {
    ...policy,
    name: "TOOL_NAMES",
    flag: "--tool-names",
    type: "enum",
    values: ["full", "short"],
    default: "full",
    summary: "Short names, for clients that add long prefixes.",
    notWired: "every tool name of this version is short enough, 31 characters at most",
  },
  {
    ...policy,
    name: "JIRA_PROJECTS_FILTER",
    defaultNote: "all",
    flag: "--jira-projects-filter",
    type: "list",
    separator: "comma",
    summary: "Keys of the only projects that may be read or changed.",
    example: "PROJ,OPS",
  },
  {
    ...policy,
    name: "CONFLUENCE_SPACES_FILTER",
    defaultNote: "all",
    flag: "--confluence-spaces-filter",
    type: "list",
    separator: "comma",
    summary: "Keys of the only spaces that may be read or changed.",
    example: "DOCS,TEAM",
  },
  {
    ...policy,
    name: "JIRA_INTERNAL_ONLY_PROJECTS",
    type: "list",
    separator: "comma",
    summary: "Service projects in which comments for customers are refused.",
    example: "HELP",
  },
];

/** Peculiarities of the products' tools. */
export const behaviourSettings: readonly Setting[] = [
  {
    ...behaviour,
    name: "JIRA_ISSUE_KEY_PATTERN",
    type: "regex",
    default: "^[A-Z][A-Z0-9_]+-\\d+(?:-\\d+)*$",
    summary: "Form of issue keys, where the site changed it.",
  },
  {
    ...behaviour,
    name: "JIRA_PROJECT_KEY_PATTERN",
    type: "regex",
    default: "^[A-Z][A-Z0-9_]+$",
    summary: "Form of project keys, where the site changed it.",
  },
  {
    ...behaviour,
    name: "DISABLE_JIRA_MARKUP_TRANSLATION",
    type: "boolean",
    default: "false",
    summary: "Passes Jira text through as it is instead of converting it from and to Markdown.",
  },
  {
    ...behaviour,
    name: "CONFLUENCE_ATTACHMENT_DOWNLOAD_USE_V1",
    type: "boolean",
    defaultNote: "by deployment",
    summary: "Downloads attachments through the older API.",
    example: "true",
    notWired: "the download route follows the deployment",
  },
  {
    ...behaviour,
    name: "HIERARCHY_LINK_PHRASES",
    type: "list",
    separator: "comma",
    summary: "Further wordings of links that mean parent or child.",
    example: "parent:contains,child:belongs to",
    notWired: "project analysis is not part of this version",
  },
  {
    ...behaviour,
    name: "JIRA_SLA_METRICS",
    type: "list",
    separator: "comma",
    default: "cycle_time,time_in_status",
    summary: "Time metrics to work out when none are asked for.",
    notWired: noMetrics,
  },
  {
    ...behaviour,
    name: "JIRA_SLA_WORKING_HOURS_ONLY",
    type: "boolean",
    default: "false",
    summary: "Counts working hours only.",
    notWired: noMetrics,
  },
  {
    ...behaviour,
    name: "JIRA_SLA_WORKING_HOURS_START",
    type: "string",
    default: "09:00",
    summary: "Start of the working day.",
    notWired: noMetrics,
  },
  {
    ...behaviour,
    name: "JIRA_SLA_WORKING_HOURS_END",
    type: "string",
    default: "17:00",
    summary: "End of the working day.",
    notWired: noMetrics,
  },
  {
    ...behaviour,
    name: "JIRA_SLA_WORKING_DAYS",
    type: "list",
    separator: "comma",
    default: "1,2,3,4,5",
    summary: "Working days, 1 for Monday to 7 for Sunday.",
    notWired: noMetrics,
  },
  {
    ...behaviour,
    name: "JIRA_SLA_TIMEZONE",
    type: "string",
    default: "UTC",
    summary: "Time zone of the working hours.",
    notWired: noMetrics,
  },
];

/** What is written to stderr. */
export const loggingSettings: readonly Setting[] = [
  {
    ...logging,
    name: "MCP_VERBOSE",
    type: "boolean",
    default: "false",
    summary: "Logs life-cycle events besides warnings; the same as -v.",
  },
  {
    ...logging,
    name: "MCP_VERY_VERBOSE",
    type: "boolean",
    default: "false",
    summary: "Logs each request too, never bodies or secrets; the same as -vv.",
  },
  {
    ...logging,
    name: "MCP_LOGGING_STDOUT",
    type: "boolean",
    default: "false",
    summary: "Accepted over HTTP without effect, refused over stdio: logs always go to stderr.",
    notWired: "logs always go to stderr",
  },
];

import type { Tool } from "../define.ts";
import * as agile from "./agile/index.ts";
import * as comments from "./comments/index.ts";
import * as fields from "./fields/index.ts";
import * as issues from "./issues/index.ts";
import * as links from "./links/index.ts";
import * as projects from "./projects/index.ts";
import * as transitions from "./transitions/index.ts";
import * as users from "./users/index.ts";
import * as worklog from "./worklog/index.ts";

/** Every Jira tool. */
export const jiraTools: readonly Tool[] = [
  ...[issues, transitions, comments, fields, projects],
  ...[users, links, worklog, agile],
].flatMap((toolset) => Object.values<Tool>(toolset));

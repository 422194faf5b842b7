import { z } from "zod";
import { AtlassianMcpError } from "../errors.ts";
import { ask, type JiraContext, naming } from "./context.ts";

/** Project part of an issue key; `undefined` for a numeric id. */
export function projectOf(issueKey: string): string | undefined {
  const dash = issueKey.indexOf("-");
  return dash > 0 ? issueKey.slice(0, dash).toUpperCase() : undefined;
}

/** True where `JIRA_PROJECTS_FILTER` leaves the project in reach. */
export function isProjectAllowed(context: JiraContext, projectKey: string): boolean {
  const { projects } = context.policy;
  return (
    projects === undefined ||
    projects.some((each) => each.toUpperCase() === projectKey.toUpperCase())
  );
}

/** @throws AtlassianMcpError `forbidden` outside `JIRA_PROJECTS_FILTER`. */
export function guardProject(context: JiraContext, projectKey: string): void {
  if (isProjectAllowed(context, projectKey)) return;
  throw new AtlassianMcpError(
    "forbidden",
    `Project ${projectKey} is outside the projects this server may use.`,
    {
      setting: "JIRA_PROJECTS_FILTER",
      next: `Use one of: ${(context.policy.projects ?? []).join(", ")}.`,
    },
  );
}

/** Checks what can be checked without a request: the key's form and its project. */
export function guardKey(context: JiraContext, issueKey: string): void {
  const pattern = context.policy.issueKeyPattern;
  const project = projectOf(issueKey);
  if (pattern !== undefined && project !== undefined && !pattern.test(issueKey)) {
    throw new AtlassianMcpError("input", `"${issueKey}" does not have the form of an issue key.`, {
      setting: "JIRA_ISSUE_KEY_PATTERN",
      fields: { issue_key: `must match ${pattern.source}` },
    });
  }
  if (project !== undefined) guardProject(context, project);
}

const located = z.looseObject({ key: z.string() });

/**
 * Makes sure that an issue may be used, before anything under it is read or written. With a project filter the
 * issue's present key is looked up, because ids and keys of moved issues do not tell the project.
 *
 * @throws AtlassianMcpError `forbidden`, `input`, `not_found`
 */
export async function guardIssue(context: JiraContext, issueKey: string): Promise<void> {
  guardKey(context, issueKey);
  if (context.policy.projects === undefined) return;
  guardKey(context, await canonicalKey(context, issueKey));
}

/** The key that an issue has now. */
export async function canonicalKey(context: JiraContext, issueKey: string): Promise<string> {
  const request = {
    path: context.dialect.path`/issue/${issueKey}`,
    query: { fields: "project", updateHistory: false },
  };
  const { key } = await naming(`Issue ${issueKey}`, ask(context, request, located, "issue"));
  return key;
}

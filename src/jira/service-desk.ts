import { z } from "zod";
import { AtlassianMcpError, isOurs } from "../errors.ts";
import { apiPath } from "../http/path.ts";
import { ask, type JiraContext } from "./context.ts";
import { canonicalKey, projectOf } from "./policy.ts";

/** Data Center before 5.x of the service desk asks for it; others ignore it. */
const optIn = { "X-ExperimentalApi": "opt-in" };

const personSchema = z.looseObject({ displayName: z.string().optional() });

const requestCommentSchema = z.looseObject({
  id: z.string(),
  body: z.string().optional(),
  public: z.boolean().optional(),
  author: personSchema.nullish(),
  created: z.looseObject({ iso8601: z.string().optional() }).nullish(),
});

/** True for a service request, false for an ordinary issue. Any trouble but 404 is thrown. */
export async function isServiceRequest(context: JiraContext, issueKey: string): Promise<boolean> {
  try {
    await context.send({ path: apiPath`/rest/servicedeskapi/request/${issueKey}`, headers: optIn });
    return true;
  } catch (error) {
    if (isOurs(error, "not_found")) return false;
    throw error;
  }
}

/**
 * True for a service request of a project in `JIRA_INTERNAL_ONLY_PROJECTS`: only internal comments may be written.
 *
 * @throws AtlassianMcpError `forbidden` when the site does not let us find out: better no comment than a public one.
 */
export async function isInternalOnly(context: JiraContext, issueKey: string): Promise<boolean> {
  const projects = context.policy.internalOnlyProjects ?? [];
  if (projects.length === 0) return false;
  try {
    const key = await canonicalKey(context, issueKey);
    const project = projectOf(key);
    if (!projects.some((each) => each.toUpperCase() === project)) return false;
    return await isServiceRequest(context, key);
  } catch (error) {
    if (!isOurs(error)) throw error;
    throw new AtlassianMcpError(
      "forbidden",
      `Whether customers would see a comment on ${issueKey} could not be found out: ${error.message}`,
      { ...error.details, setting: "JIRA_INTERNAL_ONLY_PROJECTS" },
      error,
    );
  }
}

/** @throws AtlassianMcpError `forbidden` where only internal comments may be written. */
export async function refuseCommentWhereInternalOnly(
  context: JiraContext,
  issueKey: string,
): Promise<void> {
  if (await isInternalOnly(context, issueKey)) throw internalOnly(issueKey);
}

export function internalOnly(issueKey: string): AtlassianMcpError {
  return new AtlassianMcpError(
    "forbidden",
    `Only internal comments may be written on ${issueKey}: customers would see this one.`,
    {
      setting: "JIRA_INTERNAL_ONLY_PROJECTS",
      next: "Use jira_add_comment with public=false.",
    },
  );
}

/** Adds a comment through the service desk. `body` is wiki markup. */
export function addRequestComment(
  context: JiraContext,
  issueKey: string,
  body: string,
  isPublic: boolean,
) {
  const request = {
    method: "POST" as const,
    path: apiPath`/rest/servicedeskapi/request/${issueKey}/comment`,
    headers: optIn,
    json: { body, public: isPublic },
    order: issueKey,
  };
  return ask(context, request, requestCommentSchema, "comment");
}

/** Whether a comment of a service request is hidden from customers, to the letter. */
export async function isInternalComment(
  context: JiraContext,
  issueKey: string,
  commentId: string,
): Promise<boolean> {
  const request = {
    path: apiPath`/rest/servicedeskapi/request/${issueKey}/comment/${commentId}`,
    headers: optIn,
  };
  const comment = await ask(context, request, requestCommentSchema, "comment");
  return comment.public === false;
}

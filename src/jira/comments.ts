import { markdownToWiki } from "../content/wiki/convert.ts";
import { AtlassianMcpError } from "../errors.ts";
import { ask, issueUrl, type JiraContext, naming } from "./context.ts";
import { isoDate } from "./dates.ts";
import { type CommentModel, commentSchema, type JiraComment, toComment } from "./models/comment.ts";
import { compact } from "./models/compact.ts";
import { guardIssue } from "./policy.ts";
import {
  addRequestComment,
  internalOnly,
  isInternalComment,
  isInternalOnly,
  isServiceRequest,
  refuseCommentWhereInternalOnly,
} from "./service-desk.ts";
import { refuseContentLoss } from "./text-loss.ts";

export interface Visibility {
  readonly type: "group" | "role";
  readonly value: string;
}

export interface AddCommentOptions {
  readonly key: string;
  /** Markdown. */
  readonly body: string;
  readonly visibility?: Visibility | undefined;
  /** Service requests only: true for customers to see, false for an internal note. */
  readonly isPublic?: boolean | undefined;
}

export interface EditCommentOptions {
  readonly key: string;
  readonly commentId: string;
  readonly body: string;
  /** Absent: stays as it is. */
  readonly visibility?: Visibility | undefined;
  readonly allowContentLoss?: boolean | undefined;
}

export interface WrittenComment extends CommentModel {
  readonly url: string;
}

/** @throws AtlassianMcpError `forbidden` where only internal comments may be written and this would not be one. */
export const guardComment = refuseCommentWhereInternalOnly;

/** Markdown → the stored form of a comment. @throws AtlassianMcpError `input` for an empty text. */
export function writeBody(context: JiraContext, body: string): unknown {
  if (body.trim() === "") throw new AtlassianMcpError("input", "The comment is empty.");
  return context.dialect.writeText(body);
}

/**
 * Adds a comment; `isPublic` goes through the service desk.
 *
 * @throws AtlassianMcpError `input` for contradictory visibility or `isPublic` on an ordinary issue; `forbidden`
 *   as {@link guardComment}.
 */
export async function addComment(
  context: JiraContext,
  options: AddCommentOptions,
): Promise<WrittenComment> {
  const { key, body, visibility, isPublic } = options;
  if (isPublic !== undefined && visibility !== undefined) throw contradiction();
  await guardIssue(context, key);
  const mustBeInternal = await isInternalOnly(context, key);
  if (mustBeInternal && isPublic !== false) throw internalOnly(key);
  if (isPublic !== undefined && (mustBeInternal || (await isServiceRequest(context, key)))) {
    return addThroughServiceDesk(context, key, body, isPublic);
  }
  // An ordinary comment instead of the internal note that was asked for would be seen by everybody.
  if (isPublic !== undefined) throw notARequest(key);
  const request = {
    method: "POST" as const,
    path: context.dialect.path`/issue/${key}/comment`,
    json: { body: writeBody(context, body), visibility },
    order: key,
  };
  const added = await naming(`Issue ${key}`, ask(context, request, commentSchema, "comment"));
  return { ...toComment(context.dialect, added), url: commentUrl(context, key, added.id) };
}

/**
 * Replaces the text of a comment. Who may see it stays as it is unless `visibility` is given.
 *
 * @throws AtlassianMcpError `input` when content would be lost; `forbidden` for comments that customers see in projects
 *   where only internal ones may be written.
 */
export async function editComment(
  context: JiraContext,
  options: EditCommentOptions,
): Promise<WrittenComment> {
  const { key, commentId, body } = options;
  await guardIssue(context, key);
  if (await isInternalOnly(context, key)) {
    if (!(await isInternalComment(context, key, commentId))) throw internalOnly(key);
  }
  const path = context.dialect.path`/issue/${key}/comment/${commentId}`;
  const what = `Comment ${commentId} of ${key}`;
  const current = await naming(what, ask(context, { path }, commentSchema, "comment"));
  const stored = newBody(context, current, options);
  const request = {
    method: "PUT" as const,
    path,
    // A write without visibility would open a restricted comment to everyone.
    json: { body: stored, visibility: options.visibility ?? keptVisibility(current) },
    order: key,
  };
  if (body.trim() === "") throw new AtlassianMcpError("input", "The comment is empty.");
  const edited = await naming(what, ask(context, request, commentSchema, "comment"));
  return { ...toComment(context.dialect, edited), url: commentUrl(context, key, edited.id) };
}

function newBody(
  context: JiraContext,
  current: JiraComment,
  { key, commentId, body, allowContentLoss }: EditCommentOptions,
): unknown {
  const before = context.dialect.readText(current.body);
  const stored = context.dialect.writeText(body, before.originals);
  if (allowContentLoss !== true) {
    refuseContentLoss(context, before, stored, `comment ${commentId} of ${key}`);
  }
  return stored;
}

function keptVisibility({ visibility }: JiraComment): unknown {
  if (!visibility) return undefined;
  const { type, value, identifier } = visibility;
  return compact({ type, value, identifier });
}

async function addThroughServiceDesk(
  context: JiraContext,
  key: string,
  body: string,
  isPublic: boolean,
): Promise<WrittenComment> {
  // The service desk takes wiki markup on every deployment.
  const { mentions } = context.dialect;
  const wiki = context.policy.rawText === true ? body : markdownToWiki(body, { mentions });
  const added = await addRequestComment(context, key, wiki, isPublic);
  return {
    id: added.id,
    body,
    ...compact({
      author: added.author?.displayName,
      created: added.created?.iso8601 === undefined ? undefined : isoDate(added.created.iso8601),
    }),
    public: added.public ?? isPublic,
    url: commentUrl(context, key, added.id),
  };
}

function commentUrl(context: JiraContext, key: string, id: string): string {
  return `${issueUrl(context, key)}?focusedCommentId=${encodeURIComponent(id)}`;
}

function contradiction(): AtlassianMcpError {
  return new AtlassianMcpError("input", "public and visibility cannot be given together.", {
    fields: { public: "excludes visibility" },
    next: "Use public for service requests, visibility for groups and roles of ordinary issues.",
  });
}

function notARequest(key: string): AtlassianMcpError {
  return new AtlassianMcpError("input", `${key} is not a service request that customers see.`, {
    fields: { public: "only for service requests" },
    next: "Leave out public to add an ordinary comment; visibility limits it to a group or role.",
  });
}

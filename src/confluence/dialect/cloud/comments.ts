import { collectTokens } from "../../../atlassian/paging.ts";
import { parseAnswer } from "../../../atlassian/parse.ts";
import { isOurs } from "../../../errors.ts";
import { type ApiPath, apiPath } from "../../../http/path.ts";
import type { ApiClient } from "../../../http/types.ts";
import type { StoredComment } from "../../models/comment.ts";
import type { CommentQuery, CommentStore } from "../types.ts";
import { contentPath, type Kind, withKind } from "./kinds.ts";
import { listAll, listPage, MAX_PAGE_SIZE } from "./paging.ts";
import { personOf, type WireComment, wireComment } from "./wire.ts";

type Location = StoredComment["location"];

const commentable: readonly Kind[] = ["pages", "blogposts"];
const storageFormat = { "body-format": "storage" };
/** Threads whose replies are read at the same time. */
const THREADS_AT_ONCE = 5;
const MAX_DEPTH = 20;

export function cloudComments(api: ApiClient): CommentStore {
  return {
    list: (pageId, query) =>
      withKind(api, pageId, commentable, (kind) => listComments(api, kind, pageId, query)),
    async get(commentId) {
      try {
        return await getComment(api, "footer", commentId);
      } catch (error) {
        if (!isOurs(error, "not_found")) throw error;
        return getComment(api, "inline", commentId);
      }
    },
    add: (pageId, storage) =>
      withKind(api, pageId, commentable, (kind) =>
        post(api, "footer", storage, `page:${pageId}`, {
          [kind === "blogposts" ? "blogPostId" : "pageId"]: pageId,
        }),
      ),
    reply: (parent, storage) =>
      post(api, parent.location, storage, `comment:${parent.id}`, { parentCommentId: parent.id }),
  };
}

/**
 * Threads, footer ones first. The cursor names the place and upstream's own cursor; `limit` counts first comments, and
 * a thread is never torn apart.
 */
async function listComments(api: ApiClient, kind: Kind, pageId: string, query: CommentQuery) {
  const start = parseCursor(query.cursor);
  const items: StoredComment[] = [];
  let left = query.limit;
  for (const location of ["footer", "inline"] as const) {
    if (location === "footer" && start.location === "inline") continue;
    if (left <= 0) return { items, next: `${location}:` };
    const found = await collectTokens({
      token: start.location === location ? start.token : undefined,
      limit: left,
      pageSize: Math.min(left, MAX_PAGE_SIZE),
      fetch: (cursor, limit) =>
        listPage(api, contentPath(kind, pageId, `/${location}-comments`), wireComment, {
          ...storageFormat,
          limit,
          cursor,
        }),
    });
    items.push(...(await withReplies(api, location, found.items)));
    if (found.next !== undefined) return { items, next: `${location}:${found.next}` };
    left -= found.items.length;
  }
  return { items };
}

function parseCursor(cursor: string | undefined): { location: Location; token?: string } {
  const [, location, token] = /^(footer|inline):(.*)$/s.exec(cursor ?? "") ?? [];
  if (location === "inline") return token ? { location, token } : { location };
  return token ? { location: "footer", token } : { location: "footer" };
}

async function withReplies(
  api: ApiClient,
  location: Location,
  roots: readonly WireComment[],
): Promise<StoredComment[]> {
  const threads: StoredComment[][] = [];
  for (let at = 0; at < roots.length; at += THREADS_AT_ONCE) {
    const some = roots.slice(at, at + THREADS_AT_ONCE);
    threads.push(
      ...(await Promise.all(some.map((root) => thread(api, location, root, undefined, 0)))),
    );
  }
  return threads.flat();
}

async function thread(
  api: ApiClient,
  location: Location,
  wire: WireComment,
  parentId: string | undefined,
  depth: number,
): Promise<StoredComment[]> {
  const comment = commentOf(wire, location, parentId);
  if (depth >= MAX_DEPTH) return [comment];
  const children = await listAll(api, childrenPath(location, wire.id), wireComment, storageFormat);
  const replies = await Promise.all(
    children.map((child) => thread(api, location, child, wire.id, depth + 1)),
  );
  return [comment, ...replies.flat()];
}

function childrenPath(location: Location, id: string): ApiPath {
  return location === "footer"
    ? apiPath`/api/v2/footer-comments/${id}/children`
    : apiPath`/api/v2/inline-comments/${id}/children`;
}

async function getComment(api: ApiClient, location: Location, id: string): Promise<StoredComment> {
  const path =
    location === "footer"
      ? apiPath`/api/v2/footer-comments/${id}`
      : apiPath`/api/v2/inline-comments/${id}`;
  const answer = await api.json({ path, query: storageFormat });
  return commentOf(parseAnswer(wireComment, answer, "comment"), location);
}

async function post(
  api: ApiClient,
  location: Location,
  storage: string,
  order: string,
  target: Readonly<Record<string, string>>,
): Promise<StoredComment> {
  const path =
    location === "footer" ? apiPath`/api/v2/footer-comments` : apiPath`/api/v2/inline-comments`;
  const answer = await api.json({
    method: "POST",
    path,
    json: { ...target, body: { representation: "storage", value: storage } },
    order,
  });
  return commentOf(
    parseAnswer(wireComment, answer, "comment"),
    location,
    target["parentCommentId"],
  );
}

function commentOf(wire: WireComment, location: Location, parentId?: string): StoredComment {
  const { version } = wire;
  const when = version?.createdAt ?? undefined;
  const container = wire.pageId ?? wire.blogPostId ?? undefined;
  return {
    id: wire.id,
    location,
    title: wire.title ?? undefined,
    containerId: container,
    containerType: wire.pageId == null ? "blogpost" : "page",
    parentId: wire.parentCommentId ?? parentId,
    body: wire.body,
    author: personOf(version?.authorId),
    // v2 dates versions, not comments: only the first version's date is the comment's.
    createdAt: version?.number === 1 ? when : undefined,
    updatedAt: when,
    resolution: wire.resolutionStatus ?? undefined,
    selection: wire.properties?.inlineOriginalSelection ?? undefined,
    webui: wire._links?.webui ?? undefined,
  };
}

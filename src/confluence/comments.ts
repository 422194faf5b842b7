import { AtlassianMcpError } from "../errors.ts";
import { commentToStorage, readStored, type StoredBody } from "./body.ts";
import { boundedLimit, type Core, contentIdOf, explainNotFound, namesFor } from "./core.ts";
import { type CommentResult, presentComment, type StoredComment } from "./models/comment.ts";
import type { Names } from "./models/person.ts";

export interface CommentsResult {
  readonly page_id: string;
  readonly count: number;
  readonly comments: readonly CommentResult[];
  /** For `cursor` of the next call; absent on the last page. */
  readonly next_cursor?: string | undefined;
}

export interface CommentWriteResult {
  readonly success: true;
  readonly message: string;
  readonly comment: CommentResult;
}

export interface Comments {
  /** Footer and inline comments with their replies. @throws AtlassianMcpError `not_found`, `forbidden`. */
  list(
    page: string,
    query: { readonly limit: number; readonly cursor?: string | undefined },
  ): Promise<CommentsResult>;
  /** @throws AtlassianMcpError `not_found`, `forbidden`, `input`. */
  add(page: string, text: string): Promise<CommentWriteResult>;
  /** Answers in the place where the comment stands. @throws AtlassianMcpError `not_found`, `forbidden`, `input`. */
  reply(commentId: string, text: string): Promise<CommentWriteResult>;
}

export function commentsOf(core: Core): Comments {
  return {
    async list(page, { limit, cursor }) {
      const id = await contentIdOf(core, page);
      await core.guard.requireContent(id);
      const { items, next } = await core.dialect.comments
        .list(id, { limit: boundedLimit(core, limit), cursor })
        .catch(explainNotFound("Page", id, "Find the page with confluence_search."));
      const read = items.map((item) => ({ item, body: readStored(item.body ?? "") }));
      const people = read.flatMap(({ item, body }) => [item.author, ...body.people]);
      const names = await namesFor(core, people);
      const comments = read.map(({ item, body }) => present(core, item, body, names));
      return {
        page_id: id,
        count: comments.length,
        comments,
        ...(next === undefined ? {} : { next_cursor: next }),
      };
    },
    async add(page, text) {
      const id = await contentIdOf(core, page);
      await core.guard.requireContent(id);
      const comment = await core.dialect.comments
        .add(id, storageOf(core, text))
        .catch(explainNotFound("Page", id, "Find the page with confluence_search."));
      return written(core, comment, text, `The comment was added to page ${id}.`);
    },
    async reply(commentId, text) {
      const parent = await core.dialect.comments
        .get(commentId)
        .catch(
          explainNotFound(
            "Comment",
            commentId,
            "confluence_get_comments lists the comments of a page with their ids.",
          ),
        );
      await core.guard.requireContent(await containerOf(core, parent));
      const comment = await core.dialect.comments.reply(parent, storageOf(core, text));
      return written(core, comment, text, `The reply to comment ${commentId} was added.`);
    },
  };
}

/** The page of a comment; replies may name only the comment above them. */
async function containerOf(core: Core, comment: StoredComment): Promise<string> {
  if (comment.containerId !== undefined) return comment.containerId;
  if (comment.parentId !== undefined) {
    return containerOf(core, await core.dialect.comments.get(comment.parentId));
  }
  throw new AtlassianMcpError("shape", `Comment ${comment.id} belongs to no page`);
}

function storageOf(core: Core, text: string): string {
  if (text.trim() !== "") return commentToStorage(text, core.dialect.mentions);
  throw new AtlassianMcpError("input", "The comment is empty", {
    fields: { body: "must not be empty" },
  });
}

async function written(
  core: Core,
  comment: StoredComment,
  text: string,
  message: string,
): Promise<CommentWriteResult> {
  const body = readStored(comment.body ?? commentToStorage(text));
  const names = await namesFor(core, [comment.author, ...body.people]);
  return { success: true, message, comment: present(core, comment, body, names) };
}

function present(
  core: Core,
  comment: StoredComment,
  body: StoredBody,
  names: Names,
): CommentResult {
  const url = core.links.content(comment.webui, comment.id);
  return presentComment(comment, body.toMarkdown(names), url, names);
}

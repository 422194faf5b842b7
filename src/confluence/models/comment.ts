import { compact } from "./compact.ts";
import { type Names, nameOf, type PersonRef } from "./person.ts";

/** A comment as a deployment stores it. */
export interface StoredComment {
  readonly id: string;
  readonly location: "footer" | "inline";
  readonly title?: string | undefined;
  /** Page or blog post it belongs to; the site tells it for single comments. */
  readonly containerId?: string | undefined;
  readonly containerType?: "page" | "blogpost" | undefined;
  readonly parentId?: string | undefined;
  /** Storage format. */
  readonly body?: string | undefined;
  readonly author?: PersonRef | undefined;
  /** ISO 8601. */
  readonly createdAt?: string | undefined;
  readonly updatedAt?: string | undefined;
  /** `open`, `resolved`, `reopened`, `dangling`. */
  readonly resolution?: string | undefined;
  /** Text of the page that an inline comment is anchored to. */
  readonly selection?: string | undefined;
  readonly webui?: string | undefined;
}

/** A comment in a tool's result; `body` is Markdown. */
export interface CommentResult {
  readonly id: string;
  readonly body: string;
  readonly title?: string | undefined;
  readonly author?: string | undefined;
  readonly created?: string | undefined;
  readonly updated?: string | undefined;
  readonly parent_comment_id?: string | undefined;
  readonly location: "footer" | "inline";
  readonly resolution?: string | undefined;
  readonly text_selection?: string | undefined;
  readonly url: string;
}

/** The comment as a tool shows it. */
export function presentComment(
  comment: StoredComment,
  markdown: string,
  url: string,
  names: Names,
): CommentResult {
  return {
    id: comment.id,
    body: markdown,
    ...compact({
      title: comment.title,
      author: nameOf(comment.author, names),
      created: comment.createdAt,
      updated: comment.updatedAt,
      parent_comment_id: comment.parentId,
    }),
    location: comment.location,
    ...compact({ resolution: comment.resolution, text_selection: comment.selection }),
    url,
  };
}

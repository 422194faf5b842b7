import { z } from "zod";
import { isoDate } from "../dates.ts";
import type { JiraDialect } from "../dialect/types.ts";
import { compact } from "./compact.ts";
import { displayName, jiraUserSchema, toUser, type UserModel } from "./user.ts";

const visibilitySchema = z.looseObject({
  type: z.string(),
  value: z.string().optional(),
  identifier: z.string().nullish(),
});

export const commentSchema = z.looseObject({
  id: z.string(),
  body: z.unknown().optional(),
  author: jiraUserSchema.nullish(),
  created: z.string().optional(),
  updated: z.string().optional(),
  visibility: visibilitySchema.nullish(),
  jsdPublic: z.boolean().optional(),
});

export const commentPageSchema = z.looseObject({
  comments: z.array(commentSchema).default([]),
  total: z.number().optional(),
});

export type JiraComment = z.output<typeof commentSchema>;

export interface CommentModel {
  readonly id: string;
  /** Markdown. */
  readonly body?: string | undefined;
  /** Display name. */
  readonly author?: string | undefined;
  readonly created?: string | undefined;
  readonly updated?: string | undefined;
  /** Who may see it, e.g. `role Developers`. Absent: everyone who sees the issue. */
  readonly visibility?: string | undefined;
  /** Service desk: seen by customers or not. */
  readonly public?: boolean | undefined;
}

export function toComment(dialect: JiraDialect, raw: JiraComment): CommentModel {
  const { created, updated } = raw;
  return {
    id: raw.id,
    ...compact({
      body: dialect.readText(raw.body).markdown,
      author: raw.author ? displayName(raw.author) : undefined,
      created: created === undefined ? undefined : isoDate(created),
      updated: updated === undefined || updated === created ? undefined : isoDate(updated),
      visibility: raw.visibility
        ? `${raw.visibility.type} ${raw.visibility.value ?? raw.visibility.identifier ?? ""}`.trim()
        : undefined,
      // True is what everybody expects; only notes hidden from customers are worth saying.
      public: raw.jsdPublic === false ? false : undefined,
    }),
  };
}

/** As {@link toComment}, with the author's ids: for comments that somebody may answer. */
export function toIssueComment(
  dialect: JiraDialect,
  raw: JiraComment,
): Omit<CommentModel, "author"> & { readonly author?: UserModel | undefined } {
  const { author: _, ...comment } = toComment(dialect, raw);
  return raw.author ? { ...comment, author: toUser(raw.author) } : comment;
}

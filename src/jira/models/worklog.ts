import { z } from "zod";
import { isoDate } from "../dates.ts";
import type { JiraDialect } from "../dialect/types.ts";
import { compact } from "./compact.ts";
import { displayName, jiraUserSchema } from "./user.ts";

export const worklogSchema = z.looseObject({
  id: z.string(),
  comment: z.unknown().optional(),
  author: jiraUserSchema.nullish(),
  created: z.string().optional(),
  updated: z.string().optional(),
  started: z.string().optional(),
  timeSpent: z.string().optional(),
  timeSpentSeconds: z.number().optional(),
});

export const worklogPageSchema = z.looseObject({
  worklogs: z.array(worklogSchema).default([]),
  total: z.number().optional(),
});

export interface WorklogModel {
  readonly id: string;
  /** Markdown. */
  readonly comment?: string | undefined;
  readonly author?: string | undefined;
  readonly created?: string | undefined;
  readonly updated?: string | undefined;
  readonly started?: string | undefined;
  /** As the site writes it, in its own working hours. */
  readonly time_spent?: string | undefined;
  readonly time_spent_seconds?: number | undefined;
}

export function toWorklog(dialect: JiraDialect, raw: z.output<typeof worklogSchema>): WorklogModel {
  const date = (text: string | undefined) => (text === undefined ? undefined : isoDate(text));
  return {
    id: raw.id,
    ...compact({
      comment: dialect.readText(raw.comment).markdown,
      author: raw.author ? displayName(raw.author) : undefined,
      created: date(raw.created),
      updated: date(raw.updated),
      started: date(raw.started),
      time_spent: raw.timeSpent,
      time_spent_seconds: raw.timeSpentSeconds,
    }),
  };
}

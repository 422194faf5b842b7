import { z } from "zod";
import { collectOffset } from "../atlassian/paging.ts";
import { ask, type JiraContext, naming } from "./context.ts";
import { commentPageSchema, toIssueComment } from "./models/comment.ts";
import { compact } from "./models/compact.ts";
import { type JiraTransition, toTransition, transitionListSchema } from "./models/transition.ts";
import { jiraUserSchema, toUser } from "./models/user.ts";
import { toWorklog, type WorklogModel, worklogPageSchema } from "./models/worklog.ts";

const remoteLinkSchema = z.looseObject({
  id: z.union([z.number(), z.string()]),
  relationship: z.string().nullish(),
  object: z.looseObject({
    url: z.string(),
    title: z.string().nullish(),
    summary: z.string().nullish(),
  }),
});

const watchersSchema = z.looseObject({
  watchCount: z.number(),
  isWatching: z.boolean().optional(),
  watchers: z.array(jiraUserSchema).default([]),
});

/** The newest comments, oldest of them first, and how many there are in all. */
export async function newestComments(context: JiraContext, issueKey: string, limit: number) {
  const request = {
    path: context.dialect.path`/issue/${issueKey}/comment`,
    query: { orderBy: "-created", maxResults: limit },
  };
  const page = await ask(context, request, commentPageSchema, "comments");
  const newest = page.comments.slice(0, limit);
  return {
    comments: newest.map((comment) => toIssueComment(context.dialect, comment)).reverse(),
    total: page.total ?? newest.length,
  };
}

/** Every time entry, oldest first. */
export async function allWorklogs(context: JiraContext, issueKey: string): Promise<WorklogModel[]> {
  const path = context.dialect.path`/issue/${issueKey}/worklog`;
  const { items } = await collectOffset({
    pageSize: 5000,
    fetch: async (startAt) => {
      // The first page is asked for without parameters: some sites know none and answer with everything.
      const query = startAt > 0 ? { startAt } : {};
      const page = await ask(context, { path, query }, worklogPageSchema, "worklogs");
      return { items: page.worklogs, total: page.total ?? startAt + page.worklogs.length };
    },
  });
  return items.map((entry) => toWorklog(context.dialect, entry));
}

export async function remoteLinks(context: JiraContext, issueKey: string) {
  const request = { path: context.dialect.path`/issue/${issueKey}/remotelink` };
  const links = await ask(context, request, z.array(remoteLinkSchema), "remote links");
  return links.map(({ id, relationship, object }) => ({
    id,
    url: object.url,
    ...compact({ title: object.title, summary: object.summary, relationship }),
  }));
}

export async function watchers(context: JiraContext, issueKey: string) {
  const request = { path: context.dialect.path`/issue/${issueKey}/watchers` };
  const answer = await ask(context, request, watchersSchema, "watchers");
  return {
    watch_count: answer.watchCount,
    ...compact({ is_watching: answer.isWatching }),
    watchers: answer.watchers.map((user) => toUser(user)),
  };
}

/** Moves that are possible now, with the fields of their screens. */
export async function requestTransitions(
  context: JiraContext,
  issueKey: string,
): Promise<JiraTransition[]> {
  const request = {
    path: context.dialect.path`/issue/${issueKey}/transitions`,
    query: { expand: "transitions.fields" },
  };
  const answer = ask(context, request, transitionListSchema, "transitions");
  return (await naming(`Issue ${issueKey}`, answer)).transitions;
}

export async function transitionsOf(context: JiraContext, issueKey: string) {
  return (await requestTransitions(context, issueKey)).map(toTransition);
}

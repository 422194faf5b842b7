import { AtlassianMcpError, isOurs } from "../errors.ts";
import { ask, type JiraContext, naming } from "./context.ts";
import { toJiraDateTime } from "./dates.ts";
import { toWorklog, type WorklogModel, worklogSchema } from "./models/worklog.ts";
import { guardIssue } from "./policy.ts";
import { allWorklogs } from "./sections.ts";

export interface AddWorklogOptions {
  readonly key: string;
  /** Durations go to Jira as text: only the site knows how long its working day is. */
  readonly timeSpent: string;
  /** Markdown. */
  readonly comment?: string | undefined;
  readonly started?: string | undefined;
  readonly originalEstimate?: string | undefined;
  readonly remainingEstimate?: string | undefined;
}

export interface AddedWorklog {
  readonly message: string;
  readonly worklog: WorklogModel & {
    readonly original_estimate_updated: boolean;
    readonly remaining_estimate_updated: boolean;
  };
}

/** Every time entry of an issue, oldest first. */
export async function getWorklogs(
  context: JiraContext,
  key: string,
): Promise<{ worklogs: WorklogModel[] }> {
  await guardIssue(context, key);
  return { worklogs: await naming(`Issue ${key}`, allWorklogs(context, key)) };
}

/**
 * Logs time; the original estimate is set first, so that a refused one leaves nothing behind.
 *
 * @throws AtlassianMcpError `input` for an unreadable `started` or duration; `invalid` with the site's words.
 */
export async function addWorklog(
  context: JiraContext,
  options: AddWorklogOptions,
): Promise<AddedWorklog> {
  const { key, comment, started, originalEstimate, remainingEstimate } = options;
  const json = {
    timeSpent: duration(options.timeSpent, "time_spent"),
    started: started === undefined ? undefined : toJiraDateTime(started, "started"),
    comment: comment?.trim() ? context.dialect.writeText(comment) : undefined,
  };
  const newEstimate =
    remainingEstimate === undefined ? undefined : duration(remainingEstimate, "remaining_estimate");
  await guardIssue(context, key);
  if (originalEstimate !== undefined) await setOriginalEstimate(context, key, originalEstimate);
  const request = {
    method: "POST" as const,
    path: context.dialect.path`/issue/${key}/worklog`,
    query: newEstimate === undefined ? {} : { adjustEstimate: "new", newEstimate },
    json,
    order: key,
  };
  const added = await ask(context, request, worklogSchema, "worklog").catch((error: unknown) => {
    throw afterEstimate(error, key, originalEstimate);
  });
  return {
    message: `${added.timeSpent ?? options.timeSpent} logged on ${key}.`,
    worklog: {
      ...toWorklog(context.dialect, added),
      original_estimate_updated: originalEstimate !== undefined,
      remaining_estimate_updated: remainingEstimate !== undefined,
    },
  };
}

async function setOriginalEstimate(context: JiraContext, key: string, text: string): Promise<void> {
  const originalEstimate = duration(text, "original_estimate");
  const request = context.send({
    method: "PUT",
    path: context.dialect.path`/issue/${key}`,
    json: { update: { timetracking: [{ edit: { originalEstimate } }] } },
    order: key,
  });
  await naming(`Issue ${key}`, request);
}

/** Blanks between the parts, as Jira wants them. @throws AtlassianMcpError `input` for what is no duration at all. */
function duration(text: string, name: string): string {
  const spaced = text.trim().replace(/([a-z])(?=\d)/gi, "$1 ");
  if (/^\d/.test(spaced)) return spaced;
  throw new AtlassianMcpError("input", `"${text}" is not a duration.`, {
    fields: { [name]: 'must be a duration such as "1d 2h 30m"' },
    next: 'Write the duration in weeks, days, hours and minutes, e.g. "1h 30m".',
  });
}

function afterEstimate(error: unknown, key: string, estimate: string | undefined): unknown {
  if (!isOurs(error)) return error;
  const message =
    error.code === "not_found"
      ? `Issue ${key} does not exist or is not visible to this account.`
      : error.message;
  return error.with(
    {},
    estimate === undefined
      ? message
      : `${message} The original estimate of ${key} was already set to ${estimate}; no time was logged.`,
  );
}

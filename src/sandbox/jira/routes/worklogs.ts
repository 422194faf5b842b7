import { bodyOf, type Call, issueOf, type Json, noContent, ok, pageOf } from "../call.ts";
import { readVisibility, visibleWorklogs, worklogBean } from "../discussion.ts";
import { parseDuration, parseJiraDate } from "../duration.ts";
import { adfCheckFor } from "../edit.ts";
import type { Issue, RichText, Worklog } from "../model.ts";
import { readRichText } from "../read-value.ts";
import { fieldRefusal, refusal } from "../refusal.ts";
import type { Operation } from "../route.ts";
import { setValue } from "../world.ts";

/** Time spent on an issue. */
export const worklogOperations: readonly Operation[] = [
  { method: "GET", path: "/issue/{issueIdOrKey}/worklog", run: listWorklogs },
  { method: "POST", path: "/issue/{issueIdOrKey}/worklog", run: addWorklog },
  {
    method: "GET",
    path: "/issue/{issueIdOrKey}/worklog/{id}",
    run: (call) => {
      const issue = issueOf(call);
      return ok(worklogBean(call, issue, worklogOf(call, issue)));
    },
  },
  { method: "PUT", path: "/issue/{issueIdOrKey}/worklog/{id}", run: editWorklog },
  { method: "DELETE", path: "/issue/{issueIdOrKey}/worklog/{id}", run: deleteWorklog },
];

function listWorklogs(call: Call) {
  const issue = issueOf(call);
  const all = visibleWorklogs(call, issue);
  if (call.deployment === "datacenter") {
    const worklogs = all.map((worklog) => worklogBean(call, issue, worklog));
    return ok({ startAt: 0, maxResults: all.length, total: all.length, worklogs });
  }
  const after = Number(call.query.get("startedAfter") ?? Number.NEGATIVE_INFINITY);
  const before = Number(call.query.get("startedBefore") ?? Number.POSITIVE_INFINITY);
  const within = all.filter(({ started }) => +started >= after && +started < before);
  const { items, startAt, maxResults, total } = pageOf(call, within, 5000, 5000);
  const worklogs = items.map((worklog) => worklogBean(call, issue, worklog));
  return ok({ startAt, maxResults, total, worklogs });
}

async function addWorklog(call: Call) {
  const issue = issueOf(call);
  const body = bodyOf(call);
  const now = call.world.now();
  const seconds = readSeconds(body);
  if (seconds === undefined) {
    throw fieldRefusal({ timeLogged: "You must indicate the time spent working." });
  }
  const worklog: Worklog = {
    id: call.world.nextId(),
    author: call.user,
    created: now,
    updated: now,
    started: readStarted(body) ?? now,
    seconds,
    comment: await readComment(call, body),
    visibility: readVisibility(body),
  };
  adjustEstimate(call, issue, -seconds, "reduceBy");
  issue.worklogs.push(worklog);
  issue.updated = now;
  return ok(worklogBean(call, issue, worklog), 201);
}

async function editWorklog(call: Call) {
  const issue = issueOf(call);
  const worklog = worklogOf(call, issue);
  const body = bodyOf(call);
  const seconds = readSeconds(body) ?? worklog.seconds;
  const comment = await readComment(call, body);
  const started = readStarted(body);
  adjustEstimate(call, issue, worklog.seconds - seconds, undefined);
  worklog.seconds = seconds;
  if (comment !== undefined) worklog.comment = comment;
  if (started !== undefined) worklog.started = started;
  worklog.updated = call.world.now();
  issue.updated = worklog.updated;
  return ok(worklogBean(call, issue, worklog));
}

function deleteWorklog(call: Call) {
  const issue = issueOf(call);
  const worklog = worklogOf(call, issue);
  adjustEstimate(call, issue, worklog.seconds, "increaseBy");
  issue.worklogs.splice(issue.worklogs.indexOf(worklog), 1);
  issue.updated = call.world.now();
  return noContent;
}

function worklogOf(call: Call, issue: Issue): Worklog {
  const id = call.params["id"] ?? "";
  const worklog = visibleWorklogs(call, issue).find((candidate) => String(candidate.id) === id);
  if (worklog === undefined) throw refusal(404, `Cannot find worklog with id: '${id}'.`);
  return worklog;
}

function readSeconds(body: Json): number | undefined {
  const { timeSpent, timeSpentSeconds } = body;
  if (typeof timeSpentSeconds === "number") return timeSpentSeconds;
  if (timeSpent === undefined) return undefined;
  const seconds = typeof timeSpent === "string" ? parseDuration(timeSpent) : undefined;
  if (seconds === undefined || seconds === 0) {
    throw fieldRefusal({ timeLogged: "Invalid time duration entered." });
  }
  return seconds;
}

function readStarted(body: Json): Date | undefined {
  const { started } = body;
  if (started === undefined || started === null) return undefined;
  const date = typeof started === "string" ? parseJiraDate(started) : undefined;
  if (date === undefined) {
    throw refusal(
      400,
      `Can not deserialize value of type java.util.Date from String "${String(started)}": expected format "yyyy-MM-dd'T'HH:mm:ss.SSSZ"`,
    );
  }
  return date;
}

async function readComment(call: Call, body: Json): Promise<RichText | undefined> {
  const { comment } = body;
  if (comment === undefined || comment === null) return undefined;
  const text = readRichText(call, await adfCheckFor(call), comment);
  if (text === undefined) throw fieldRefusal({ comment: "Comment body is not valid!" });
  return text;
}

/** `auto` moves the remaining estimate by `change` seconds; `manual` by the parameter named, which must be there. */
function adjustEstimate(
  call: Call,
  issue: Issue,
  change: number,
  manual: "reduceBy" | "increaseBy" | undefined,
): void {
  const mode = call.query.get("adjustEstimate") ?? "auto";
  const current = issue.values.get("timetracking");
  const { original, remaining } =
    current?.kind === "time" ? current : { original: undefined, remaining: undefined };
  const set = (seconds: number) => {
    setValue(issue, "timetracking", { kind: "time", original, remaining: Math.max(0, seconds) });
  };
  const duration = (name: string) => {
    const seconds = parseDuration(call.query.get(name) ?? "");
    if (seconds === undefined) {
      throw fieldRefusal({
        [name]: `You must supply a valid ${name} with adjustEstimate=${mode}.`,
      });
    }
    return seconds;
  };
  if (mode === "auto") {
    if (remaining !== undefined) set(remaining + change);
  } else if (mode === "new") set(duration("newEstimate"));
  else if (mode === "manual" && manual !== undefined) {
    const amount = duration(manual);
    set((remaining ?? 0) + (manual === "reduceBy" ? -amount : amount));
  } else if (mode !== "leave") {
    throw fieldRefusal({ adjustEstimate: `'${mode}' is not one of new, leave, manual, auto.` });
  }
}

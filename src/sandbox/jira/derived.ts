import { attachmentBean } from "./attached.ts";
import { linkTypeBean, shortProjectBean, userBean } from "./beans.ts";
import type { Call, Json } from "./call.ts";
import { commentBean, visibleComments, visibleWorklogs, worklogBean } from "./discussion.ts";
import { jiraDate } from "./duration.ts";
import type { Issue } from "./model.ts";
import { issueReference } from "./show-value.ts";
import { canSee, spentOn, subtasksOf } from "./world.ts";

/** Comments and worklogs inside an issue are cut; the rest is under their own addresses. */
const windowSize = 20;

/** Fields that are computed from the rest of the issue; `null` for a field that is not one of them. */
export function derivedValue(call: Call, issue: Issue, field: string): unknown {
  const time = issue.values.get("timetracking");
  const estimates = time?.kind === "time" ? time : undefined;
  const self = `${call.api}/issue/${issue.key}`;
  switch (field) {
    case "project":
      return shortProjectBean(call, issue.project);
    case "creator":
      return userBean(call, issue.creator);
    case "created":
      return jiraDate(issue.created);
    case "updated":
      return jiraDate(issue.updated);
    case "timespent":
      return spentOn(issue) || null;
    case "timeestimate":
      return estimates?.remaining ?? null;
    case "timeoriginalestimate":
      return estimates?.original ?? null;
    case "watches":
      return {
        self: `${self}/watchers`,
        watchCount: issue.watchers.size,
        isWatching: issue.watchers.has(call.user),
      };
    case "votes":
      return { self: `${self}/votes`, votes: 0, hasVoted: false };
    case "comment":
      return commentWindow(call, issue);
    case "worklog": {
      const all = visibleWorklogs(call, issue);
      const worklogs = all.slice(0, windowSize).map((worklog) => worklogBean(call, issue, worklog));
      return { startAt: 0, maxResults: windowSize, total: all.length, worklogs };
    }
    case "issuelinks":
      return linksOf(call, issue);
    case "subtasks":
      return subtasksOf(call.world, issue).map((child) => issueReference(call, child));
    case "attachment":
      return issue.attachments.map((attachment) => attachmentBean(call, attachment));
    case "customfield_10019":
    case "customfield_10105":
      return `0|i${String(issue.rank).padStart(5, "0")}:`;
    default:
      return null;
  }
}

function commentWindow(call: Call, issue: Issue): Json {
  const all = visibleComments(call, issue);
  const shown = call.deployment === "cloud" ? all.slice(0, windowSize) : all;
  const comments = shown.map((comment) => commentBean(call, issue, comment));
  const sizes = { maxResults: comments.length, total: all.length, startAt: 0 };
  if (call.deployment === "datacenter") return { comments, ...sizes };
  return { comments, self: `${call.api}/issue/${issue.id}/comment`, ...sizes };
}

function linksOf(call: Call, issue: Issue): Json[] {
  const shown: Json[] = [];
  for (const link of call.world.links.values()) {
    const outward = link.source === issue.id;
    if (!outward && link.target !== issue.id) continue;
    const other = call.world.issues.get(outward ? link.target : link.source);
    if (other === undefined || !canSee(call.user, other.project)) continue;
    shown.push({
      id: String(link.id),
      self: `${call.api}/issueLink/${link.id}`,
      type: linkTypeBean(call, link.type),
      [outward ? "outwardIssue" : "inwardIssue"]: issueReference(call, other),
    });
  }
  return shown;
}

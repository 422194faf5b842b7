import { userBean } from "./beans.ts";
import { type Call, isObject, type Json } from "./call.ts";
import { groups, roles } from "./catalog.ts";
import { formatDuration, jiraDate } from "./duration.ts";
import type { Comment, Issue, Visibility, Worklog } from "./model.ts";
import { refusal } from "./refusal.ts";
import { htmlText, showRich } from "./text/rich.ts";

/** Oldest first. The administrator sees restricted ones of the role Administrators, everybody the others. */
export function visibleComments(call: Call, issue: Issue): Comment[] {
  return issue.comments.filter((comment) => maySee(call, comment.visibility));
}

export function visibleWorklogs(call: Call, issue: Issue): Worklog[] {
  return issue.worklogs.filter((worklog) => maySee(call, worklog.visibility));
}

function maySee(call: Call, visibility: Visibility | undefined): boolean {
  const restricted =
    visibility?.value === "Administrators" || visibility?.value === "jira-administrators";
  return !restricted || call.user === call.world.users[0];
}

export function commentBean(call: Call, issue: Issue, comment: Comment): Json {
  const cloud = call.deployment === "cloud";
  const properties = wants(call, "properties") ? { properties: comment.properties } : {};
  const rendered = wants(call, "renderedBody") ? { renderedBody: htmlText(comment.body) } : {};
  return {
    self: `${call.api}/issue/${issue.id}/comment/${comment.id}`,
    id: String(comment.id),
    author: userBean(call, comment.author),
    body: showRich(comment.body, call.format),
    ...rendered,
    updateAuthor: userBean(call, comment.updatedBy),
    created: jiraDate(comment.created),
    updated: jiraDate(comment.updated),
    ...visibilityBean(call, comment.visibility),
    ...(cloud ? { jsdPublic: true } : {}),
    ...properties,
  };
}

export function worklogBean(call: Call, issue: Issue, worklog: Worklog): Json {
  const { id, comment } = worklog;
  return {
    self: `${call.api}/issue/${issue.id}/worklog/${id}`,
    author: userBean(call, worklog.author),
    updateAuthor: userBean(call, worklog.author),
    ...(comment === undefined ? {} : { comment: showRich(comment, call.format) }),
    created: jiraDate(worklog.created),
    updated: jiraDate(worklog.updated),
    ...visibilityBean(call, worklog.visibility),
    started: jiraDate(worklog.started),
    timeSpent: formatDuration(worklog.seconds),
    timeSpentSeconds: worklog.seconds,
    id: String(id),
    issueId: String(issue.id),
  };
}

function wants(call: Call, expansion: string): boolean {
  return call.query.get("expand")?.split(",").includes(expansion) === true;
}

function visibilityBean(call: Call, visibility: Visibility | undefined): Json {
  if (visibility === undefined) return {};
  const identifier = call.deployment === "cloud" ? { identifier: visibility.value } : {};
  return { visibility: { ...visibility, ...identifier } };
}

/** The restriction in the body of a comment or worklog; 400 for a role or group that does not exist. */
export function readVisibility(body: Json): Visibility | undefined {
  const input = body["visibility"];
  if (input === undefined || input === null) return undefined;
  const value = isObject(input) ? (input["value"] ?? input["identifier"]) : undefined;
  const type = isObject(input) ? input["type"] : undefined;
  if (typeof value !== "string" || (type !== "role" && type !== "group")) {
    throw refusal(400, "Invalid visibility: give a type (role or group) and a value.");
  }
  if (!(type === "role" ? roles : groups).includes(value)) {
    throw refusal(400, `The ${type} with name '${value}' does not exist.`);
  }
  return { type, value };
}

import { bodyOf, type Call, issueOf, type Json, noContent, ok, pageOf } from "../call.ts";
import { commentBean, readVisibility, visibleComments } from "../discussion.ts";
import { adfCheckFor } from "../edit.ts";
import type { Comment, Issue, RichText } from "../model.ts";
import { readRichText } from "../read-value.ts";
import { fieldRefusal, refusal } from "../refusal.ts";
import type { Operation } from "../route.ts";

/** Comments of an issue. */
export const commentOperations: readonly Operation[] = [
  { method: "GET", path: "/issue/{issueIdOrKey}/comment", run: listComments },
  { method: "POST", path: "/issue/{issueIdOrKey}/comment", run: addComment },
  {
    method: "GET",
    path: "/issue/{issueIdOrKey}/comment/{id}",
    run: (call) => {
      const issue = issueOf(call);
      return ok(commentBean(call, issue, commentOf(call, issue)));
    },
  },
  { method: "PUT", path: "/issue/{issueIdOrKey}/comment/{id}", run: editComment },
  { method: "DELETE", path: "/issue/{issueIdOrKey}/comment/{id}", run: deleteComment },
];

function listComments(call: Call) {
  const issue = issueOf(call);
  const order = call.query.get("orderBy") ?? "created";
  if (!/^[+-]?created$/.test(order.trim())) {
    throw refusal(400, `The field '${order}' is not supported for ordering. Use 'created'.`);
  }
  const oldestFirst = visibleComments(call, issue);
  const ordered = order.startsWith("-") ? oldestFirst.reverse() : oldestFirst;
  const size = call.deployment === "cloud" ? 100 : 1_048_576;
  const { items, startAt, maxResults, total } = pageOf(call, ordered, size, size);
  const comments = items.map((comment) => commentBean(call, issue, comment));
  return ok({ startAt, maxResults, total, comments });
}

async function addComment(call: Call) {
  const issue = issueOf(call);
  const body = bodyOf(call);
  const now = call.world.now();
  const comment: Comment = {
    id: call.world.nextId(),
    author: call.user,
    created: now,
    updated: now,
    updatedBy: call.user,
    body: await textOfComment(call, body),
    visibility: readVisibility(body),
    properties: readProperties(body),
  };
  issue.comments.push(comment);
  issue.updated = now;
  return ok(commentBean(call, issue, comment), 201);
}

async function editComment(call: Call) {
  const issue = issueOf(call);
  const comment = commentOf(call, issue);
  const body = bodyOf(call);
  requireOwner(call, comment, "edit");
  comment.body = await textOfComment(call, body);
  if ("visibility" in body) comment.visibility = readVisibility(body);
  if ("properties" in body) comment.properties = readProperties(body);
  comment.updated = call.world.now();
  comment.updatedBy = call.user;
  issue.updated = comment.updated;
  return ok(commentBean(call, issue, comment));
}

function deleteComment(call: Call) {
  const issue = issueOf(call);
  const comment = commentOf(call, issue);
  requireOwner(call, comment, "delete");
  issue.comments.splice(issue.comments.indexOf(comment), 1);
  issue.updated = call.world.now();
  return noContent;
}

function commentOf(call: Call, issue: Issue): Comment {
  const id = call.params["id"] ?? "";
  const comment = visibleComments(call, issue).find((candidate) => String(candidate.id) === id);
  if (comment === undefined) throw refusal(404, `Can not find a comment for the id: ${id}.`);
  return comment;
}

/** Authors change their own comments, the administrator changes all. */
function requireOwner(call: Call, comment: Comment, verb: string): void {
  if (comment.author === call.user || call.user === call.world.users[0]) return;
  throw refusal(
    400,
    `${call.user.displayName}, you do not have the permission to ${verb} this comment.`,
  );
}

async function textOfComment(call: Call, body: Json): Promise<RichText> {
  const input = body["body"];
  if (input === undefined || input === null || input === "") {
    throw fieldRefusal({ comment: "Comment body can not be empty!" });
  }
  const text = readRichText(call, await adfCheckFor(call), input);
  if (text === undefined) throw fieldRefusal({ comment: "Comment body is not valid!" });
  return text;
}

function readProperties(body: Json): Comment["properties"] {
  const input = body["properties"];
  const list: readonly unknown[] = Array.isArray(input) ? input : [];
  return list.flatMap((item) =>
    typeof item === "object" && item !== null && "key" in item && typeof item.key === "string"
      ? [{ key: item.key, value: "value" in item ? item.value : null }]
      : [],
  );
}

import { z } from "zod";
import { addComment, addVersion, checkVersion, purge } from "../edits.ts";
import { mark } from "../inline-marker.ts";
import { badRequest, notFound } from "../refused.ts";
import { type Call, enumListParam, idInput, type Operation, readJson } from "../requests.ts";
import {
  attachedTo,
  type Content,
  findContent,
  type InlineAnchor,
  latest,
  stableUuid,
  visibleContents,
} from "../world.ts";
import { bodyInput, takeBody, versionInput } from "./bodies.ts";
import { entity, idParam, page, sorted } from "./envelope.ts";
import { commentModel, formatParam, listFormats, singleFormats } from "./models.ts";
import { contentAt, sortFacts } from "./pages.ts";

type Place = "footer" | "inline";

const read = [["read:comment:confluence"]] as const;
const write = [["write:comment:confluence"]] as const;

function isAt(comment: Content, place: Place): boolean {
  return (comment.inline !== undefined) === (place === "inline");
}

function commentById(call: Call, id: string, place: Place): Content {
  const comment = findContent(call.site, call.user, id, "comment");
  if (comment === undefined || !isAt(comment, place)) {
    throw notFound(`Could not find ${place} comment with id ${id}`);
  }
  return comment;
}

function answerList(call: Call, comments: readonly Content[]) {
  const format = formatParam(call, listFormats);
  return page(call, sorted(call, comments, sortFacts), (one) => commentModel(call, one, format));
}

const resolutions = ["resolved", "open", "dangling", "reopened"] as const;

/** Comments that are not replies. */
function ofPage(call: Call, place: Place, kind: "page" | "blogpost") {
  const on = contentAt(call, "id", kind);
  const wanted: string[] = enumListParam(call, "resolution-status", resolutions);
  const comments = attachedTo(call.site, on.id, "comment").filter(
    (comment) =>
      comment.parentId === undefined &&
      isAt(comment, place) &&
      (wanted.length === 0 || wanted.includes(comment.inline?.resolution ?? "")),
  );
  return answerList(call, comments);
}

function all(call: Call, place: Place) {
  const visible = visibleContents(call.site, call.user);
  return answerList(
    call,
    visible.filter((one) => one.kind === "comment" && isAt(one, place)),
  );
}

function replies(call: Call, place: Place) {
  const parent = commentById(call, idParam(call, "id"), place);
  const siblings = attachedTo(call.site, parent.containerId ?? "", "comment");
  return answerList(
    call,
    siblings.filter(({ parentId }) => parentId === parent.id),
  );
}

function answerOne(call: Call, comment: Content, status = 200) {
  return entity(call, commentModel(call, comment, formatParam(call, singleFormats)), status);
}

const created = z.object({
  pageId: idInput.optional(),
  blogPostId: idInput.optional(),
  parentCommentId: idInput.optional(),
  body: bodyInput,
  inlineCommentProperties: z
    .object({
      textSelection: z.string(),
      textSelectionMatchCount: z.number().int().optional(),
      textSelectionMatchIndex: z.number().int().optional(),
    })
    .optional(),
});

type Created = z.infer<typeof created>;

function hungOn(call: Call, given: Created, place: Place): { on: Content; replyTo?: Content } {
  const named = [given.pageId, given.blogPostId, given.parentCommentId].filter(Boolean);
  if (named.length !== 1) {
    throw badRequest("Exactly one of pageId, blogPostId and parentCommentId must be given");
  }
  const replyTo =
    given.parentCommentId === undefined
      ? undefined
      : commentById(call, given.parentCommentId, place);
  const id = replyTo?.containerId ?? given.pageId ?? given.blogPostId;
  const on = findContent(call.site, call.user, id, given.blogPostId ? "blogpost" : "page");
  const found = on ?? (replyTo && findContent(call.site, call.user, id));
  if (found === undefined) throw notFound(`Could not find content with id ${id}`);
  return replyTo === undefined ? { on: found } : { on: found, replyTo };
}

function anchorFor(call: Call, on: Content, given: Created): InlineAnchor {
  const selected = given.inlineCommentProperties;
  if (selected === undefined) throw badRequest("inlineCommentProperties: must not be null");
  const markerRef = stableUuid(`${on.id}/${call.site.nextId()}`);
  const { textSelection: text, textSelectionMatchCount: matchCount } = selected;
  const matchIndex = selected.textSelectionMatchIndex;
  mark(call.site, on, { text, matchCount, matchIndex }, markerRef);
  return { markerRef, selection: text, resolution: "open" };
}

async function create(call: Call, place: Place) {
  const given = readJson(call, created);
  const body = await takeBody(given.body);
  const { on, replyTo } = hungOn(call, given, place);
  const isAnchored = place === "inline" && replyTo === undefined;
  const inline = isAnchored ? anchorFor(call, on, given) : undefined;
  const comment = addComment(call.site, call.user, { on, replyTo, body, inline });
  return answerOne(call, comment, 201);
}

const updated = z.object({
  version: versionInput,
  body: bodyInput.optional(),
  resolved: z.boolean().optional(),
});

function resolve(call: Call, comment: Content, resolved: boolean): void {
  const { inline } = comment;
  if (inline === undefined || comment.parentId !== undefined) {
    throw badRequest("Only the first comment of an inline thread can be resolved");
  }
  if (inline.resolution === "dangling") throw badRequest("A dangling comment cannot be changed");
  const was = inline.resolution === "resolved";
  if (was === resolved) return;
  comment.inline = {
    ...inline,
    resolution: resolved ? "resolved" : "reopened",
    resolvedBy: call.user.name,
    resolvedAt: call.site.now().toISOString(),
  };
}

async function update(call: Call, place: Place) {
  const comment = commentById(call, idParam(call, "comment-id"), place);
  const given = readJson(call, updated);
  const body = given.body === undefined ? undefined : await takeBody(given.body);
  checkVersion(comment, given.version.number);
  if (given.body === undefined && (given.resolved === undefined || place === "footer")) {
    throw badRequest("body: must not be null");
  }
  if (given.resolved !== undefined) resolve(call, comment, given.resolved);
  const { title } = latest(comment);
  const { number, message } = given.version;
  addVersion(call.site, call.user, comment, { title, body, number, message: message ?? "" });
  return answerOne(call, comment);
}

function remove(call: Call, place: Place) {
  purge(call.site, commentById(call, idParam(call, "comment-id"), place));
  return { status: 204 };
}

function operationsOf(place: Place): Operation[] {
  const at = `/${place}-comments`;
  const get = (call: Call) =>
    answerOne(call, commentById(call, idParam(call, "comment-id"), place));
  const below = (kind: "page" | "blogpost"): Operation => ({
    method: "GET",
    pattern: `/${kind}s/{id}${at}`,
    scopes: read,
    run: (call) => ofPage(call, place, kind),
  });
  return [
    below("page"),
    below("blogpost"),
    { method: "GET", pattern: at, scopes: read, run: (call) => all(call, place) },
    { method: "POST", pattern: at, scopes: write, run: (call) => create(call, place) },
    { method: "GET", pattern: `${at}/{comment-id}`, scopes: read, run: get },
    {
      method: "PUT",
      pattern: `${at}/{comment-id}`,
      scopes: write,
      run: (call) => update(call, place),
    },
    {
      method: "DELETE",
      pattern: `${at}/{comment-id}`,
      scopes: [["delete:comment:confluence"]],
      run: (call) => remove(call, place),
    },
    {
      method: "GET",
      pattern: `${at}/{id}/children`,
      scopes: read,
      run: (call) => replies(call, place),
    },
  ];
}

/** Footer and inline comments, with their replies. */
export const commentOperations: readonly Operation[] = [
  ...operationsOf("footer"),
  ...operationsOf("inline"),
];

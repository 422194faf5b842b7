import { notFound } from "../refused.ts";
import { type Call, enumListParam, listParam, numberParam, param } from "../requests.ts";
import {
  childPages,
  contentAt,
  contentModel,
  currentAttached,
  historyModel,
  labelModel,
} from "../v1/content.ts";
import { list } from "../v1/envelope.ts";
import { type Expand, highestLimit, parseExpand } from "../v1/expand.ts";
import { attachedTo, type Content, descendantsOf, latest, visibleContents } from "../world.ts";

export function expandOf({ request }: Call): Expand {
  return parseExpand(request.query.getAll("expand"));
}

function contents(call: Call, found: readonly Content[]) {
  const expand = expandOf(call);
  const write = (content: Content): object => contentModel(call, content, expand);
  return list(call, found, write, highestLimit(expand));
}

const statuses = ["current", "draft", "trashed", "archived", "historical", "any"] as const;

/** `GET /content`: by space, title, type and status. */
export function listContent(call: Call) {
  const { query } = call.request;
  const [key, type] = [query.get("spaceKey"), query.get("type") ?? "page"];
  const title = query.get("title")?.toLowerCase();
  const asked: string[] = enumListParam(call, "status", statuses);
  const ids = listParam(call, "ids");
  const space =
    key === null ? undefined : [...call.site.spaces.values()].find((one) => one.key === key);
  const accepted = asked.length === 0 ? ["current"] : asked;
  const found = visibleContents(call.site, call.user).filter(
    (content) =>
      content.kind === type &&
      (key === null || content.spaceId === space?.id) &&
      (title === undefined || latest(content).title.toLowerCase() === title) &&
      (ids.length === 0 || ids.includes(content.id)) &&
      (accepted.includes("any") || accepted.includes(content.status)),
  );
  return contents(call, found);
}

/** `GET /content/{id}`, also for old versions with `status=historical&version=n`. */
export function getContent(call: Call) {
  const content = contentAt(call, "id");
  const asked: string[] = enumListParam(call, "status", statuses);
  const number = numberParam(call, "version");
  const expand = expandOf(call);
  if (number !== undefined && number !== 0) {
    const version = content.versions.find((known) => known.number === number);
    if (version === undefined) throw notFound(`No version ${number} of content ${content.id}`);
    return { status: 200, json: contentModel(call, content, expand, version) };
  }
  const accepted = asked.length === 0 ? ["current"] : asked;
  if (!accepted.includes("any") && !accepted.includes(content.status)) {
    throw notFound(`No content found with id: ContentId{id=${content.id}}`);
  }
  return { status: 200, json: contentModel(call, content, expand) };
}

export function getHistory(call: Call) {
  const content = contentAt(call, "id");
  return { status: 200, json: historyModel(call, content, expandOf(call)) };
}

const kinds = ["page", "comment", "attachment"] as const;

/** `GET /content/{id}/child`: the kinds that `expand` names, each with its first results. */
export function getChildren(call: Call) {
  const content = contentAt(call, "id");
  const wrapped: Expand = new Map([["children", expandOf(call)]]);
  const model = contentModel(call, content, wrapped);
  return { status: 200, json: "children" in model ? model.children : {} };
}

function attachments(call: Call, content: Content) {
  const { query } = call.request;
  const [name, mediaType] = [query.get("filename"), query.get("mediaType")];
  const found = currentAttached(call, content, "attachment").filter(
    (one) =>
      (name === null || latest(one).title === name) &&
      (mediaType === null || one.file?.mediaType === mediaType),
  );
  return contents(call, found);
}

function locationOf({ inline }: Content): string {
  if (inline === undefined) return "footer";
  return inline.resolution === "resolved" ? "resolved" : "inline";
}

/** Top comments, or with `depth=all` the replies too; below a comment, its replies. */
function comments(call: Call, content: Content) {
  const wanted: string[] = enumListParam(call, "location", ["footer", "inline", "resolved"]);
  const all = call.request.query.get("depth") === "all";
  const on = content.containerId ?? content.id;
  const top = content.kind === "comment" ? content.id : undefined;
  const found = attachedTo(call.site, on, "comment").filter(
    (comment) =>
      comment.status === "current" &&
      (comment.parentId === top || (all && isBelow(call, comment, top))) &&
      (wanted.length === 0 || wanted.includes(locationOf(comment))),
  );
  return contents(call, found);
}

function isBelow({ site }: Call, comment: Content, top: string | undefined): boolean {
  if (top === undefined) return true;
  let at = comment.parentId;
  while (at !== undefined && at !== top) at = site.contents.get(at)?.parentId;
  return at === top;
}

function childKind(call: Call) {
  const type = param(call, "type");
  const kind = kinds.find((known) => known === type);
  if (kind === undefined) throw notFound(`There are no children of the type ${type}`);
  return kind;
}

export function getChildrenOfType(call: Call) {
  const content = contentAt(call, "id");
  switch (childKind(call)) {
    case "page":
      return contents(call, childPages(call, content));
    case "comment":
      return comments(call, content);
    case "attachment":
      return attachments(call, content);
  }
}

export function getComments(call: Call) {
  return comments(call, contentAt(call, "id"));
}

export function getAttachments(call: Call) {
  return attachments(call, contentAt(call, "id"));
}

/** `GET /content/{id}/descendant/{type}`: the whole tree below, without levels. */
export function getDescendants(call: Call) {
  const content = contentAt(call, "id");
  const kind = childKind(call);
  const below = descendantsOf(call.site, content.id).map((found) => found.content);
  if (kind === "page") return contents(call, below);
  return contents(call, attachedTo(call.site, content.id, kind));
}

export function getLabels(call: Call) {
  const { labels } = contentAt(call, "id");
  const prefixes = listParam(call, "prefix");
  const wanted = labels.filter(({ prefix }) => prefixes.length === 0 || prefixes.includes(prefix));
  return list(call, wanted, labelModel);
}

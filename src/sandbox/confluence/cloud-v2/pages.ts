import { z } from "zod";
import {
  addContent,
  addVersion,
  checkTitle,
  checkVersion,
  moveBelow,
  parentFor,
  purge,
  spaceFor,
  trash,
} from "../edits.ts";
import { badRequest, notFound } from "../refused.ts";
import {
  booleanParam,
  type Call,
  enumListParam,
  idInput,
  numberParam,
  type Operation,
  readJson,
} from "../requests.ts";
import { type Body, emptyBody } from "../storage/body.ts";
import {
  type Content,
  type ContentKind,
  type ContentVersion,
  childrenOf,
  findContent,
  latest,
  visibleContents,
} from "../world.ts";
import { bodyInput, takeBody, versionInput } from "./bodies.ts";
import { entity, idListParam, idParam, page, type Sortable, sorted } from "./envelope.ts";
import {
  contentModel,
  type Format,
  formatParam,
  listFormats,
  propertyModel,
  singleFormats,
  versionModel,
} from "./models.ts";

const read = [["read:page:confluence"]] as const;
const write = [["write:page:confluence"]] as const;

/** The page or blog post that the path names. @throws Refused 400, 404 */
export function contentAt(call: Call, name: string, ...kinds: readonly ContentKind[]): Content {
  const id = idParam(call, name);
  const content = findContent(call.site, call.user, id, ...kinds);
  if (content === undefined) throw notFound(`Could not find ${kinds.join(" or ")} with id ${id}`);
  return content;
}

/** How lists are sorted. */
export function sortFacts(content: Content): Sortable {
  const { id, createdAt } = content;
  const { title, createdAt: modifiedAt } = latest(content);
  return { id, title, createdAt, modifiedAt };
}

/** A list entry, which has no field that only single pages have. */
function listed(call: Call, format: Format | undefined) {
  return (content: Content): object =>
    contentModel(call, content, { version: latest(content), status: content.status, format });
}

function draftVersion(content: Content): ContentVersion {
  const version = latest(content);
  return content.draft === undefined ? version : { ...version, ...content.draft };
}

function shownVersion(call: Call, content: Content): { version: ContentVersion; status: string } {
  const wantsDraft = booleanParam(call, "get-draft");
  const statuses = enumListParam(call, "status", [
    "current",
    "archived",
    "trashed",
    "deleted",
    "historical",
    "draft",
  ]);
  const number = numberParam(call, "version");
  if (number !== undefined) {
    const version = content.versions.find((known) => known.number === number);
    if (version === undefined) throw notFound(`Could not find version ${number}`);
    const isLatest = version === latest(content);
    return { version, status: isLatest ? content.status : "historical" };
  }
  if (wantsDraft || (statuses.includes("draft") && content.draft !== undefined)) {
    const isDraft = content.status === "draft" || content.draft !== undefined;
    return { version: draftVersion(content), status: isDraft ? "draft" : content.status };
  }
  const accepted = statuses.length === 0 ? ["current", "archived", "trashed"] : statuses;
  if (!accepted.includes(content.status)) {
    throw notFound(`Could not find content with id ${content.id}`);
  }
  return { version: latest(content), status: content.status };
}

function part(call: Call, name: string, results: () => readonly object[]): object {
  if (!booleanParam(call, `include-${name}`)) return {};
  const self = `${call.request.siteBase}${call.request.path}/${name}`;
  return { [name]: { results: results(), meta: { hasMore: false }, _links: { self } } };
}

function getPage(call: Call, kind: "page" | "blogpost") {
  const { site, user } = call;
  const content = contentAt(call, "id", kind);
  const format = formatParam(call, singleFormats);
  const shown = shownVersion(call, content);
  const favourite = content.favouriteOf.includes(user.name);
  const marked = booleanParam(call, "include-favorited-by-current-user-status");
  const model = contentModel(call, content, { ...shown, format });
  const versions = [...content.versions].reverse();
  return entity(call, {
    ...model,
    ...(call.request.query.get("include-version") === "false" ? { version: undefined } : {}),
    ...part(call, "labels", () => content.labels),
    ...part(call, "properties", () => content.properties.map((held) => propertyModel(site, held))),
    ...part(call, "versions", () => versions.map((known) => versionModel(site, known))),
    ...part(call, "likes", () => []),
    ...part(call, "operations", () =>
      ["read", "update", "delete"].map((operation) => ({ operation, targetType: kind })),
    ),
    ...part(call, "direct-children", () =>
      childrenOf(site, content.id).map(({ id, kind: type }) => ({ id, type })),
    ),
    ...(marked ? { isFavoritedByCurrentUser: favourite } : {}),
  });
}

const listStatuses = ["current", "archived", "trashed", "deleted"] as const;

/** Lists of pages or blog posts; `within` narrows them to a space or label. */
export function listPages(
  call: Call,
  kind: "page" | "blogpost",
  within?: (one: Content) => boolean,
) {
  const format = formatParam(call, listFormats);
  const statuses: string[] = enumListParam(call, "status", listStatuses);
  const [ids, spaceIds] = [idListParam(call, "id"), idListParam(call, "space-id")];
  const title = call.request.query.get("title")?.toLowerCase();
  const accepted = statuses.length === 0 ? ["current", "archived"] : statuses;
  const found = visibleContents(call.site, call.user).filter(
    (content) =>
      content.kind === kind &&
      accepted.includes(content.status) &&
      (ids.length === 0 || ids.includes(content.id)) &&
      (spaceIds.length === 0 || spaceIds.includes(content.spaceId)) &&
      (title === undefined || latest(content).title.toLowerCase() === title) &&
      (within === undefined || within(content)),
  );
  return page(call, sorted(call, found, sortFacts), listed(call, format));
}

const created = z.object({
  spaceId: idInput,
  status: z.enum(["current", "draft"]).default("current"),
  title: z.string().default(""),
  parentId: idInput.nullish(),
  body: bodyInput.optional(),
  subtype: z.literal("live").optional(),
});

async function createPage(call: Call) {
  const { site, user } = call;
  const given = readJson(call, created);
  const body = given.body === undefined ? emptyBody : await takeBody(given.body);
  const space = spaceFor(site, user, { id: given.spaceId });
  const rootLevel = booleanParam(call, "root-level");
  if (rootLevel && given.parentId)
    throw badRequest("parentId must be empty for a page at the root");
  if (given.status === "current") checkTitle(site, space, "page", given.title);
  const parentId = given.parentId ? parentFor(site, user, space, given.parentId).id : undefined;
  const content = addContent(site, {
    kind: "page",
    space,
    title: given.title,
    author: user.name,
    body,
    status: given.status,
    parentId: parentId ?? (rootLevel ? undefined : space.homepageId),
  });
  return answerPage(call, content, given.body === undefined ? undefined : body.format);
}

function answerPage(call: Call, content: Content, written?: "storage" | "adf") {
  const format = written === "adf" ? "atlas_doc_format" : written;
  const [version, status] = [draftVersion(content), content.draft ? "draft" : content.status];
  const model = contentModel(call, content, { version, status, format });
  return entity(call, model);
}

const updated = z.object({
  id: idInput,
  status: z.enum(["current", "draft"]),
  title: z.string(),
  spaceId: idInput.nullish(),
  parentId: idInput.nullish(),
  ownerId: z.string().nullish(),
  body: bodyInput,
  version: versionInput,
});

/** A draft of a published page stands beside it and does not count as a version. */
function saveDraft(call: Call, content: Content, title: string, body: Body) {
  content.draft = { title, body };
  return answerPage(call, content, body.format);
}

async function updatePage(call: Call) {
  const { site, user } = call;
  const content = contentAt(call, "id", "page");
  const given = readJson(call, updated);
  // Nothing may be awaited below this line: two requests must not pass the version check together.
  const body = await takeBody(given.body);
  if (given.id !== content.id) throw badRequest("The id of the body is not the id of the path");
  const space = spaceFor(site, user, { id: content.spaceId });
  if (given.spaceId && given.spaceId !== space.id) {
    throw badRequest("A page cannot be moved to another space by updating it");
  }
  if (given.status === "draft" && content.status !== "draft") {
    return saveDraft(call, content, given.title, body);
  }
  checkVersion(content, given.version.number);
  if (given.status === "current") checkTitle(site, space, "page", given.title, content.id);
  const owner = site.users.find(({ accountId }) => accountId === given.ownerId);
  if (given.ownerId && owner === undefined) throw badRequest("ownerId: there is no such user");
  if (given.parentId && given.parentId !== content.parentId) {
    moveBelow(site, content, parentFor(site, user, space, given.parentId));
  }
  if (owner !== undefined) content.owner = owner.name;
  const { number, message } = given.version;
  addVersion(site, user, content, { title: given.title, body, number, message: message ?? "" });
  // Publishing a draft and restoring from the trash are updates to the status "current".
  content.status = given.status;
  return answerPage(call, content, body.format);
}

function updateTitle(call: Call) {
  const { site, user } = call;
  const content = contentAt(call, "id", "page");
  const schema = z.object({ status: z.enum(["current", "draft"]), title: z.string() });
  const { title, status } = readJson(call, schema);
  const space = spaceFor(site, user, { id: content.spaceId });
  checkTitle(site, space, "page", title, content.id);
  if (status !== content.status) throw badRequest(`The page has no version with status ${status}`);
  addVersion(site, user, content, { title, number: latest(content).number + 1 });
  return answerPage(call, content);
}

function deletePage(call: Call) {
  const { site } = call;
  const content = contentAt(call, "id", "page");
  const [wantsPurge, wantsDraft] = [booleanParam(call, "purge"), booleanParam(call, "draft")];
  if (wantsDraft) {
    if (content.draft === undefined && content.status !== "draft") {
      throw notFound("The page has no draft");
    }
    if (content.status === "draft") purge(site, content);
    content.draft = undefined;
  } else if (content.status === "draft") {
    throw notFound(`Could not find page with id ${content.id}`);
  } else if (wantsPurge) {
    if (content.status !== "trashed") throw badRequest("Only a trashed page can be purged");
    purge(site, content);
  } else {
    if (content.status === "trashed") throw notFound("The page is in the trash already");
    trash(site, content);
  }
  return { status: 204 };
}

/** Pages and blog posts, without what hangs on them. */
export const pageOperations: readonly Operation[] = [
  { method: "GET", pattern: "/pages", scopes: read, run: (call) => listPages(call, "page") },
  { method: "POST", pattern: "/pages", scopes: write, run: createPage },
  { method: "GET", pattern: "/pages/{id}", scopes: read, run: (call) => getPage(call, "page") },
  { method: "PUT", pattern: "/pages/{id}", scopes: write, run: updatePage },
  { method: "PUT", pattern: "/pages/{id}/title", scopes: write, run: updateTitle },
  {
    method: "DELETE",
    pattern: "/pages/{id}",
    scopes: [["delete:page:confluence"]],
    run: deletePage,
  },
  {
    method: "GET",
    pattern: "/blogposts",
    scopes: read,
    run: (call) => listPages(call, "blogpost"),
  },
  {
    method: "GET",
    pattern: "/blogposts/{id}",
    scopes: read,
    run: (call) => getPage(call, "blogpost"),
  },
];

import { z } from "zod";
import {
  addComment,
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
import { mark } from "../inline-marker.ts";
import { badRequest, notFound } from "../refused.ts";
import { type Call, idInput, readJson } from "../requests.ts";
import { type Body, emptyBody, readBody } from "../storage/body.ts";
import { contentAt, contentModel } from "../v1/content.ts";
import { parseExpand } from "../v1/expand.ts";
import { type Content, findContent, latest, stableUuid } from "../world.ts";

const written = z.object({ value: z.string(), representation: z.string().optional() });
const bodyInput = z
  .object({ storage: written.optional(), wiki: written.optional(), editor: written.optional() })
  .optional();
const ancestorsInput = z.array(z.object({ id: idInput })).optional();

/** The body of a request, `undefined` when it has none. @throws Refused 400 */
function takeBody(input: z.infer<typeof bodyInput>): Body | undefined {
  const found = input?.storage ?? input?.wiki ?? input?.editor;
  if (found === undefined) return undefined;
  const name = input?.wiki === undefined ? "storage" : "wiki";
  const representation = found.representation ?? name;
  return readBody(representation === "editor" ? "storage" : representation, found.value);
}

const created = z.object({
  type: z.enum(["page", "blogpost", "comment"]),
  status: z.enum(["current", "draft"]).default("current"),
  title: z.string().optional(),
  space: z.object({ key: z.string() }).optional(),
  ancestors: ancestorsInput,
  container: z.object({ id: idInput, type: z.string().optional() }).optional(),
  body: bodyInput,
  extensions: z
    .object({
      location: z.string().optional(),
      inlineProperties: z.object({ originalSelection: z.string() }).optional(),
    })
    .optional(),
});

type Created = z.infer<typeof created>;

/** `POST /content`: a page, a blog post or a comment. */
export function create(call: Call) {
  const given = readJson(call, created);
  const content = given.type === "comment" ? createComment(call, given) : createPage(call, given);
  return answer(call, content, "body.storage,version,space,ancestors,history,container");
}

function answer(call: Call, content: Content, opened: string) {
  const expand = parseExpand([opened, ...call.request.query.getAll("expand")]);
  return { status: 200, json: contentModel(call, content, expand) };
}

function createPage(call: Call, given: Created): Content {
  const { site, user } = call;
  const kind = given.type === "blogpost" ? "blogpost" : "page";
  if (given.space === undefined) throw badRequest("A space must be specified for new content");
  const space = spaceFor(site, user, { key: given.space.key });
  const title = given.title ?? "";
  if (given.status === "current") checkTitle(site, space, kind, title);
  const parent = given.ancestors?.at(-1)?.id;
  return addContent(site, {
    kind,
    space,
    title,
    author: user.name,
    body: takeBody(given.body) ?? emptyBody,
    status: given.status,
    parentId:
      kind === "blogpost" || parent === undefined
        ? undefined
        : parentFor(site, user, space, parent).id,
  });
}

function createComment(call: Call, given: Created): Content {
  const { site, user } = call;
  const parentId = given.ancestors?.at(-1)?.id;
  const replyTo = findContent(site, user, parentId, "comment");
  if (parentId !== undefined && replyTo === undefined) {
    throw notFound(`No comment found with id ${parentId}`);
  }
  const id = given.container?.id ?? replyTo?.containerId;
  if (id === undefined) throw badRequest("A comment needs a container");
  const on = findContent(site, user, id, "page", "blogpost", "attachment");
  if (on === undefined) throw notFound(`No content found with id: ContentId{id=${id}}`);
  const body = takeBody(given.body);
  if (body === undefined) throw badRequest("A comment needs a body");
  const selection = given.extensions?.inlineProperties?.originalSelection;
  if (given.extensions?.location !== "inline" || replyTo !== undefined) {
    return addComment(site, user, { on, replyTo, body });
  }
  if (selection === undefined) throw badRequest("An inline comment needs an original selection");
  const markerRef = stableUuid(`${on.id}/${site.nextId()}`);
  mark(site, on, { text: selection }, markerRef);
  const inline = { markerRef, selection, resolution: "open" } as const;
  return addComment(site, user, { on, body, inline });
}

const updated = z.object({
  type: z.string().optional(),
  status: z.enum(["current", "draft", "trashed"]).optional(),
  title: z.string().optional(),
  space: z.object({ key: z.string() }).optional(),
  ancestors: ancestorsInput,
  version: z.object({
    number: z.number().int(),
    message: z.string().nullish(),
    minorEdit: z.boolean().optional(),
  }),
  body: bodyInput,
});

function move(call: Call, content: Content, parentId: string | undefined): void {
  if (parentId === undefined || parentId === content.parentId || content.kind !== "page") return;
  const space = spaceFor(call.site, call.user, { id: content.spaceId });
  moveBelow(call.site, content, parentFor(call.site, call.user, space, parentId));
}

/** `PUT /content/{contentId}`: a new version, which may also move, publish or restore. */
export function update(call: Call) {
  const { site, user } = call;
  const content = contentAt(call, "contentId");
  const given = readJson(call, updated);
  if (given.type !== undefined && given.type !== content.kind) {
    throw badRequest(`The type of content cannot be changed from ${content.kind}`);
  }
  checkVersion(content, given.version.number);
  const space = spaceFor(site, user, { id: content.spaceId });
  const title = given.title ?? latest(content).title;
  if (content.kind === "page") checkTitle(site, space, "page", title, content.id);
  const body = takeBody(given.body);
  move(call, content, given.ancestors?.at(-1)?.id);
  const { number, message, minorEdit } = given.version;
  addVersion(site, user, content, { title, body, number, message: message ?? "", minorEdit });
  if (given.status !== undefined) content.status = given.status;
  return answer(call, content, "body.storage,version,space,ancestors,history,container");
}

/** `DELETE /content/{id}`: to the trash, and with `status=trashed` out of it. */
export function remove(call: Call) {
  const content = contentAt(call, "id");
  const status = call.request.query.get("status") ?? "current";
  if (status !== content.status) {
    throw notFound(`No content found with id: ContentId{id=${content.id}} and status ${status}`);
  }
  const inTree = content.kind === "page" || content.kind === "blogpost";
  if (status === "current" && inTree) trash(call.site, content);
  else if (status === "current" && content.kind === "attachment") content.status = "trashed";
  else purge(call.site, content);
  return { status: 204 };
}

import { z } from "zod";
import { addContent, parentFor, spaceFor, trash } from "../edits.ts";
import { badRequest, notFound } from "../refused.ts";
import { type Call, idInput, numberParam, type Operation, readJson } from "../requests.ts";
import {
  ancestorsOf,
  type Content,
  canSee,
  childrenOf,
  type Descendant,
  descendantsOf,
  latest,
} from "../world.ts";
import { entity, page, sorted } from "./envelope.ts";
import { contentModel } from "./models.ts";
import { contentAt, sortFacts } from "./pages.ts";

const hierarchy = [["read:hierarchical-content:confluence"]] as const;
const metadata = [["read:content.metadata:confluence"]] as const;

type Node = "page" | "folder";

function childModel(content: Content): Record<string, unknown> {
  const { id, status, spaceId, position, kind } = content;
  return { id, status, title: latest(content).title, spaceId, childPosition: position, type: kind };
}

function directChildren(call: Call, kind: Node) {
  const children = childrenOf(call.site, contentAt(call, "id", kind).id);
  return page(call, sorted(call, children, sortFacts), childModel);
}

/** The deprecated list, which has pages only and does not say their type. */
function childPages(call: Call) {
  const children = childrenOf(call.site, contentAt(call, "id", "page").id);
  const pages = children.filter(({ kind }) => kind === "page");
  return page(call, sorted(call, pages, sortFacts), (content) => {
    const { type: _type, ...model } = childModel(content);
    return model;
  });
}

function descendants(call: Call, kind: Node) {
  const depth = numberParam(call, "depth") ?? 2;
  if (depth < 1 || depth > 10) throw badRequest("depth must be between 1 and 10");
  const found = descendantsOf(call.site, contentAt(call, "id", kind).id, depth);
  return page(call, found, ({ content, depth: at }: Descendant) => {
    const { spaceId: _spaceId, ...model } = childModel(content);
    return { ...model, parentId: content.parentId, depth: at };
  });
}

/** The nearest ancestors, the highest of them first; there is no cursor. */
function ancestors(call: Call, kind: Node) {
  const limit = numberParam(call, "limit") ?? 25;
  if (limit < 1 || limit > 250) throw badRequest("limit must be between 1 and 250");
  const all = ancestorsOf(call.site, contentAt(call, "id", kind));
  const results = all.slice(-limit).map(({ id, kind: type }) => ({ id, type }));
  return entity(call, { results });
}

function treeOf(node: Node): Operation[] {
  const at = `/${node}s/{id}`;
  return [
    {
      method: "GET",
      pattern: `${at}/direct-children`,
      scopes: hierarchy,
      run: (call) => directChildren(call, node),
    },
    {
      method: "GET",
      pattern: `${at}/descendants`,
      scopes: hierarchy,
      run: (call) => descendants(call, node),
    },
    {
      method: "GET",
      pattern: `${at}/ancestors`,
      scopes: metadata,
      run: (call) => ancestors(call, node),
    },
  ];
}

function answerFolder(call: Call, folder: Content) {
  const { status } = folder;
  return entity(call, contentModel(call, folder, { version: latest(folder), status }));
}

function getFolder(call: Call) {
  const folder = contentAt(call, "id", "folder");
  if (folder.status !== "current") throw notFound(`Could not find folder with id ${folder.id}`);
  return answerFolder(call, folder);
}

const createdFolder = z.object({
  spaceId: idInput,
  title: z.string().min(1),
  parentId: idInput.nullish(),
});

function createFolder(call: Call) {
  const { site, user } = call;
  const { spaceId, title, parentId } = readJson(call, createdFolder);
  const space = spaceFor(site, user, { id: spaceId });
  const parent = parentId ? parentFor(site, user, space, parentId).id : space.homepageId;
  const author = user.name;
  return answerFolder(
    call,
    addContent(site, { kind: "folder", space, title, author, parentId: parent }),
  );
}

function deleteFolder(call: Call) {
  trash(call.site, contentAt(call, "id", "folder"));
  return { status: 204 };
}

function convertIds(call: Call) {
  const schema = z.object({ contentIds: z.array(idInput).min(1).max(250) });
  const { contentIds } = readJson(call, schema);
  const typeOf = (id: string): string | null => {
    const content = call.site.contents.get(id);
    if (content === undefined || !canSee(call.site, call.user, content)) return null;
    if (content.kind !== "comment") return content.kind;
    return content.inline === undefined ? "footer-comment" : "inline-comment";
  };
  const results = Object.fromEntries(contentIds.map((id) => [id, typeOf(id)]));
  return { status: 200, json: { results } };
}

/** Where pages and folders stand: children, descendants, ancestors, and what an id is. */
export const treeOperations: readonly Operation[] = [
  ...treeOf("page"),
  ...treeOf("folder"),
  {
    method: "GET",
    pattern: "/pages/{id}/children",
    scopes: [["read:page:confluence"]],
    run: childPages,
  },
  { method: "GET", pattern: "/folders/{id}", scopes: [["read:folder:confluence"]], run: getFolder },
  { method: "POST", pattern: "/folders", scopes: [["write:folder:confluence"]], run: createFolder },
  {
    method: "DELETE",
    pattern: "/folders/{id}",
    scopes: [["delete:folder:confluence"]],
    run: deleteFolder,
  },
  { method: "POST", pattern: "/content/convert-ids-to-types", scopes: metadata, run: convertIds },
];

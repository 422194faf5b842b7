import { z } from "zod";
import { notFound } from "../refused.ts";
import {
  booleanParam,
  type Call,
  enumParam,
  listParam,
  type Operation,
  readJson,
} from "../requests.ts";
import { findSpace, type Space, visibleSpaces } from "../world.ts";
import { entity, idListParam, idParam, page, sorted } from "./envelope.ts";
import { spaceModel, userModel } from "./models.ts";
import { listPages } from "./pages.ts";

function spaceAt(call: Call): Space {
  const id = idParam(call, "id");
  const space = findSpace(call.site, call.user, (known) => known.id === id);
  if (space === undefined) throw notFound(`Could not find space with id ${id}`);
  return space;
}

const types = [
  "global",
  "collaboration",
  "knowledge_base",
  "personal",
  "system",
  "onboarding",
  "xflow_sample_space",
] as const;

function wantsPlain(call: Call): boolean {
  return enumParam(call, "description-format", ["plain", "view"]) === "plain";
}

function listSpaces(call: Call) {
  const [keys, ids] = [listParam(call, "keys"), idListParam(call, "ids")];
  const type = enumParam(call, "type", types);
  const status = enumParam(call, "status", ["current", "archived"]);
  const plain = wantsPlain(call);
  const found = visibleSpaces(call.site, call.user).filter(
    (space) =>
      (keys.length === 0 || keys.includes(space.key)) &&
      (ids.length === 0 || ids.includes(space.id)) &&
      (type === undefined || space.type === type) &&
      status !== "archived",
  );
  const ordered = sorted(call, found, ({ id, key, name: title }) => ({ id, key, title }));
  return page(call, ordered, (space) => spaceModel(call.site, space, plain));
}

function getSpace(call: Call) {
  const space = spaceAt(call);
  const model = spaceModel(call.site, space, wantsPlain(call));
  const self = `${call.request.siteBase}${call.request.path}/labels`;
  const labels = { results: [], meta: { hasMore: false }, _links: { self } };
  return entity(call, booleanParam(call, "include-labels") ? { ...model, labels } : model);
}

function spacePages(call: Call) {
  const space = spaceAt(call);
  const rootOnly = enumParam(call, "depth", ["all", "root"]) === "root";
  return listPages(
    call,
    "page",
    (one) => one.spaceId === space.id && (!rootOnly || one.parentId === undefined),
  );
}

function usersBulk(call: Call) {
  const schema = z.object({ accountIds: z.array(z.string()).min(1).max(250) });
  const { accountIds } = readJson(call, schema);
  const found = call.site.users.filter(({ accountId }) => accountIds.includes(accountId));
  return entity(call, { results: found.map((user) => userModel(user, call)) });
}

const read = [["read:space:confluence"]] as const;
const readPages = [["read:page:confluence"]] as const;

/** Spaces, what is listed by space or label, and people. */
export const spaceOperations: readonly Operation[] = [
  { method: "GET", pattern: "/spaces", scopes: read, run: listSpaces },
  { method: "GET", pattern: "/spaces/{id}", scopes: read, run: getSpace },
  { method: "GET", pattern: "/spaces/{id}/pages", scopes: readPages, run: spacePages },
  {
    method: "GET",
    pattern: "/spaces/{id}/blogposts",
    scopes: readPages,
    run: (call) => {
      const space = spaceAt(call);
      return listPages(call, "blogpost", ({ spaceId }) => spaceId === space.id);
    },
  },
  {
    method: "GET",
    pattern: "/labels/{id}/pages",
    scopes: readPages,
    run: (call) => {
      const id = idParam(call, "id");
      return listPages(call, "page", ({ labels }) => labels.some((label) => label.id === id));
    },
  },
  {
    method: "POST",
    pattern: "/users-bulk",
    scopes: [["read:user:confluence"]],
    run: usersBulk,
  },
];

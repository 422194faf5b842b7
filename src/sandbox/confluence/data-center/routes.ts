import type { SandboxRoute } from "../../types.ts";
import { spaceFor } from "../edits.ts";
import { type Call, listParam, type Operation, param } from "../requests.ts";
import { contentModel } from "../v1/content.ts";
import { list, v1Route } from "../v1/envelope.ts";
import { highestLimit } from "../v1/expand.ts";
import { labelWrites } from "../v1/labels.ts";
import { searchContent, searchResults } from "../v1/search.ts";
import { spaceModel } from "../v1/spaces.ts";
import { type Site, visibleContents, visibleSpaces } from "../world.ts";
import { peopleOperations } from "./people.ts";
import { propertyOperations } from "./properties.ts";
import {
  expandOf,
  getAttachments,
  getChildren,
  getChildrenOfType,
  getComments,
  getContent,
  getDescendants,
  getHistory,
  getLabels,
  listContent,
} from "./reads.ts";
import { create, remove, update } from "./writes.ts";

function listSpaces(call: Call) {
  const keys = [...listParam(call, "spaceKey"), ...listParam(call, "spaceKeys")];
  const type = call.request.query.get("type");
  const found = visibleSpaces(call.site, call.user).filter(
    (space) =>
      (keys.length === 0 || keys.includes(space.key)) && (type === null || space.type === type),
  );
  const expand = expandOf(call);
  return list(call, found, (space) => spaceModel(call, space, expand));
}

function getSpace(call: Call) {
  const space = spaceFor(call.site, call.user, { key: param(call, "spaceKey") });
  return { status: 200, json: spaceModel(call, space, expandOf(call)) };
}

function spaceContent(call: Call) {
  const space = spaceFor(call.site, call.user, { key: param(call, "spaceKey") });
  const rootOnly = call.request.query.get("depth") === "root";
  const found = visibleContents(call.site, call.user).filter(
    (content) =>
      content.spaceId === space.id &&
      content.kind === param(call, "type") &&
      content.status === "current" &&
      (!rootOnly || content.parentId === undefined),
  );
  const expand = expandOf(call);
  return list(call, found, (one) => contentModel(call, one, expand), highestLimit(expand));
}

const operations: readonly Operation[] = [
  { method: "GET", pattern: "/content", run: listContent },
  { method: "POST", pattern: "/content", run: create },
  { method: "GET", pattern: "/content/search", run: searchContent },
  { method: "GET", pattern: "/content/{id}", run: getContent },
  { method: "PUT", pattern: "/content/{contentId}", run: update },
  { method: "DELETE", pattern: "/content/{id}", run: remove },
  { method: "GET", pattern: "/content/{id}/history", run: getHistory },
  { method: "GET", pattern: "/content/{id}/child", run: getChildren },
  { method: "GET", pattern: "/content/{id}/child/comment", run: getComments },
  { method: "GET", pattern: "/content/{id}/child/attachment", run: getAttachments },
  { method: "GET", pattern: "/content/{id}/child/{type}", run: getChildrenOfType },
  { method: "GET", pattern: "/content/{id}/descendant/{type}", run: getDescendants },
  { method: "GET", pattern: "/content/{id}/label", run: getLabels },
  { method: "POST", pattern: "/content/{id}/label", run: labelWrites.add },
  { method: "DELETE", pattern: "/content/{id}/label", run: labelWrites.removeByQuery },
  { method: "DELETE", pattern: "/content/{id}/label/{label}", run: labelWrites.removeByPath },
  { method: "GET", pattern: "/search", run: (call) => searchResults(call) },
  { method: "GET", pattern: "/space", run: listSpaces },
  { method: "GET", pattern: "/space/{spaceKey}", run: getSpace },
  { method: "GET", pattern: "/space/{spaceKey}/content/{type}", run: spaceContent },
  ...propertyOperations,
  ...peopleOperations,
];

/** Everything under `/rest/api` of Data Center. */
export function dataCenterRoutes(site: Site): SandboxRoute[] {
  return operations.map((operation) => v1Route(site, operation));
}

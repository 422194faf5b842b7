import type { SandboxRoute } from "../../types.ts";
import { checkTitle, moveBelow, moveBeside, moveToSpace } from "../edits.ts";
import { badRequest, notFound } from "../refused.ts";
import { type Call, listParam, type Operation, param } from "../requests.ts";
import { latest, type Site } from "../world.ts";
import { contentAt } from "./content.ts";
import { list, v1Route } from "./envelope.ts";
import { labelWrites } from "./labels.ts";
import { userModel } from "./people.ts";
import { removedOperations } from "./removed.ts";
import { searchContent, searchResults } from "./search.ts";

const search = [["search:confluence"], ["read:content-details:confluence"]] as const;
const people = [["read:confluence-user"], ["read:content-details:confluence"]] as const;

function move(call: Call) {
  const { site } = call;
  const [page, target] = [contentAt(call, "pageId"), contentAt(call, "targetId")];
  const position = param(call, "position");
  if (page.kind !== "page" && page.kind !== "folder") throw badRequest("Only pages can be moved");
  const space = site.spaces.get(target.spaceId);
  if (space !== undefined && space.id !== page.spaceId) {
    checkTitle(site, space, page.kind, latest(page).title, page.id);
  }
  if (position === "append") moveBelow(site, page, target);
  else if (position === "before" || position === "after") moveBeside(site, page, target, position);
  else throw badRequest(`${position} is not a position`);
  moveToSpace(site, page, target.spaceId);
  return { status: 200, json: { pageId: page.id } };
}

function user(call: Call) {
  const accountId = call.request.query.get("accountId");
  const found = call.site.users.find((person) => person.accountId === accountId);
  if (found === undefined) throw notFound(`No user found with account id ${accountId}`);
  return { status: 200, json: userModel(call, found) };
}

function usersInBulk(call: Call) {
  const ids = listParam(call, "accountId");
  const found = call.site.users.filter(({ accountId }) => ids.includes(accountId));
  return list(call, found, (person) => userModel(call, person));
}

const writeLabel = [
  ["write:confluence-content"],
  ["read:label:confluence", "write:label:confluence"],
] as const;
const removeLabelScopes = [["write:confluence-content"], ["write:label:confluence"]] as const;

const operations: readonly Operation[] = [
  { method: "GET", pattern: "/search", scopes: search, run: (call) => searchResults(call) },
  {
    method: "GET",
    pattern: "/search/user",
    scopes: [["read:content-details:confluence"]],
    run: (call) => searchResults(call, { only: "user", fieldsWithin: /^(user|type$)/ }),
  },
  { method: "GET", pattern: "/content/search", scopes: search, run: searchContent },
  { method: "GET", pattern: "/user", scopes: people, run: user },
  {
    method: "GET",
    pattern: "/user/current",
    scopes: people,
    run: (call) => ({ status: 200, json: userModel(call, call.user) }),
  },
  { method: "GET", pattern: "/user/bulk", scopes: people, run: usersInBulk },
  { method: "POST", pattern: "/content/{id}/label", scopes: writeLabel, run: labelWrites.add },
  {
    method: "DELETE",
    pattern: "/content/{id}/label",
    scopes: removeLabelScopes,
    run: labelWrites.removeByQuery,
  },
  {
    method: "DELETE",
    pattern: "/content/{id}/label/{label}",
    scopes: removeLabelScopes,
    run: labelWrites.removeByPath,
  },
  {
    method: "PUT",
    pattern: "/content/{pageId}/move/{position}/{targetId}",
    scopes: [["write:confluence-content"], ["write:page:confluence"]],
    run: move,
  },
];

/** What is left of `/wiki/rest/api` on Cloud, and the 410 of what is not. */
export function cloudV1Routes(site: Site): SandboxRoute[] {
  return [...operations, ...removedOperations].map((operation) => v1Route(site, operation));
}

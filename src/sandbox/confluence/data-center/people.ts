import type { SandboxUser } from "../../types.ts";
import { badRequest, notFound, Refused } from "../refused.ts";
import { type Call, type Operation, param } from "../requests.ts";
import { list } from "../v1/envelope.ts";
import { userModel } from "../v1/people.ts";
import { userNamed } from "../world.ts";

function write(call: Call) {
  return (user: SandboxUser): object => userModel(call, user);
}

function getUser(call: Call) {
  const { query } = call.request;
  const [name, key] = [query.get("username"), query.get("key")];
  if (name === null && key === null) throw badRequest("A username or a key must be given");
  const found = call.site.users.find((user) => user.name === name || user.key === key);
  if (found === undefined)
    throw notFound(`No user found with ${key === null ? "username" : "key"} : ${key ?? name}`);
  return { status: 200, json: userModel(call, found) };
}

function groupNamed(call: Call, name: string | null): readonly string[] {
  const { groups } = call.site;
  const members = name !== null && Object.hasOwn(groups, name) ? groups[name] : undefined;
  if (members === undefined) throw notFound(`No group found with name: ${name}`);
  return members;
}

function membersOf(call: Call, name: string | null) {
  const members = groupNamed(call, name).flatMap((login) => userNamed(call.site, login) ?? []);
  return list(call, members, write(call));
}

function groupModel(name: string): object {
  return { type: "group", name, _links: {}, _expandable: {} };
}

/** Everybody, for administrators only. */
function listUsers(call: Call) {
  const administrators = groupNamed(call, "confluence-administrators");
  if (!administrators.includes(call.user.name)) {
    throw new Refused(403, "Only administrators may list all users");
  }
  return list(call, call.site.users, write(call));
}

function serverInformation(call: Call) {
  const json = {
    baseUrl: call.request.siteBase,
    version: "10.2.14",
    buildNumber: 10_214,
    marketplaceBuildNumber: 10_214,
    buildDate: "2026-07-28",
  };
  return { status: 200, json };
}

/** Users, groups and what the site says about itself. */
export const peopleOperations: readonly Operation[] = [
  { method: "GET", pattern: "/user", run: getUser },
  { method: "GET", pattern: "/user/list", run: listUsers },
  {
    method: "GET",
    pattern: "/user/current",
    run: (call) => ({ status: 200, json: userModel(call, call.user) }),
  },
  {
    method: "GET",
    pattern: "/group",
    run: (call) => list(call, Object.keys(call.site.groups), groupModel),
  },
  {
    method: "GET",
    pattern: "/group/member",
    run: (call) => membersOf(call, call.request.query.get("groupName")),
  },
  {
    method: "GET",
    pattern: "/group/{groupName}/member",
    run: (call) => membersOf(call, param(call, "groupName")),
  },
  { method: "GET", pattern: "/server-information", run: serverInformation },
];

import type { SandboxAnswer, SandboxUser } from "../../types.ts";
import { userBean } from "../beans.ts";
import { type Call, issueOf, noContent, numberOf, ok } from "../call.ts";
import { refusal } from "../refusal.ts";
import type { Operation } from "../route.ts";
import { canSee, findIssue, findProject, findUser } from "../world.ts";

/** The caller, other people, and watchers. */
export const peopleOperations: readonly Operation[] = [
  {
    method: "GET",
    path: "/myself",
    run: (call) => ok({ ...userBean(call, call.user), ...details(call, call.user) }),
  },
  { method: "GET", path: "/user", run: oneUser },
  { method: "GET", path: "/user/search", run: searchUsers },
  { method: "GET", path: "/user/assignable/search", run: assignableUsers },
  { method: "GET", path: "/issue/{issueIdOrKey}/watchers", run: listWatchers },
  { method: "POST", path: "/issue/{issueIdOrKey}/watchers", run: addWatcher },
  { method: "DELETE", path: "/issue/{issueIdOrKey}/watchers", run: removeWatcher },
];

function details(call: Call, user: SandboxUser) {
  const groups = { size: user === call.world.users[0] ? 2 : 1, items: [] };
  return {
    locale: "en_US",
    groups,
    applicationRoles: { size: 1, items: [] },
    expand: "groups,applicationRoles",
  };
}

function oneUser(call: Call): SandboxAnswer {
  const cloud = call.deployment === "cloud";
  const names = cloud ? ["accountId"] : ["username", "key"];
  if (cloud && (call.query.has("username") || call.query.has("key"))) {
    throw refusal(
      400,
      "'accountId' must be the only user identifying query parameter in GDPR strict mode.",
    );
  }
  const [given] = names.filter((name) => call.query.has(name));
  if (given === undefined) {
    throw refusal(
      cloud ? 400 : 404,
      cloud
        ? "The query parameter 'accountId' is required."
        : "Either the 'username' or the 'key' query parameters need to be provided",
    );
  }
  const wanted = call.query.get(given) ?? "";
  const user = call.world.users.find((candidate) => {
    if (cloud) return candidate.accountId === wanted;
    return given === "key" ? candidate.key === wanted : candidate.name === wanted.toLowerCase();
  });
  if (user === undefined) {
    throw refusal(
      404,
      cloud
        ? "Specified user does not exist or you do not have required permissions"
        : `The user with the ${given} '${wanted}' does not exist`,
    );
  }
  return ok({ ...userBean(call, user), ...details(call, user) });
}

/** Matches beginnings of words in the display name, and of e-mail and login. */
function matching(call: Call, query: string, users: readonly SandboxUser[]): SandboxUser[] {
  const wanted = query.trim().toLowerCase();
  return users.filter((user) => {
    const logins = call.deployment === "cloud" ? [] : [user.name];
    const name = user.displayName.toLowerCase();
    const starts = [name, ...name.split(" "), user.email, ...logins];
    return starts.some((start) => start.startsWith(wanted));
  });
}

function page(call: Call, users: readonly SandboxUser[]): SandboxAnswer {
  const startAt = numberOf(call, "startAt", 0);
  const size = Math.min(numberOf(call, "maxResults", 50), 1000);
  return ok(users.slice(startAt, startAt + size).map((user) => userBean(call, user)));
}

function searchUsers(call: Call): SandboxAnswer {
  const { users } = call.world;
  if (call.deployment === "datacenter") {
    const query = call.query.get("username");
    if (query === null || query === "")
      throw refusal(400, "The username query parameter was not provided");
    const inactive = call.query.get("includeInactive") === "true";
    const known = users.filter(({ active }) => active || inactive);
    return page(call, query === "." ? known : matching(call, query, known));
  }
  const accountId = call.query.get("accountId");
  if (accountId !== null)
    return page(
      call,
      users.filter((user) => user.accountId === accountId),
    );
  const query = call.query.get("query");
  if (query === null && call.query.get("property") === null) {
    throw refusal(400, "The query parameter 'query' is required.");
  }
  return page(call, matching(call, query ?? "", users));
}

function assignableUsers(call: Call): SandboxAnswer {
  const cloud = call.deployment === "cloud";
  const issueKey = call.query.get("issueKey");
  const projectKey = call.query.get("project");
  if (issueKey === null && projectKey === null) {
    throw refusal(
      400,
      cloud
        ? "Either issueKey or project must be specified."
        : "You must specify either an issue key or a project key.",
    );
  }
  const project =
    issueKey === null
      ? findProject(call.world, call.user, projectKey ?? "")
      : findIssue(call.world, call.user, issueKey)?.project;
  if (project === undefined) {
    throw refusal(
      404,
      issueKey === null
        ? `No project could be found with key '${String(projectKey)}'.`
        : "Issue does not exist or you do not have permission to see it.",
    );
  }
  const able = call.world.users.filter((user) => user.active && canSee(user, project));
  return page(call, matching(call, call.query.get(cloud ? "query" : "username") ?? "", able));
}

function listWatchers(call: Call): SandboxAnswer {
  const issue = issueOf(call);
  const watchers = [...issue.watchers].map((user) => userBean(call, user));
  return ok({
    self: `${call.api}/issue/${issue.key}/watchers`,
    isWatching: issue.watchers.has(call.user),
    watchCount: watchers.length,
    watchers,
  });
}

function addWatcher(call: Call): SandboxAnswer {
  const issue = issueOf(call);
  const wanted = call.json;
  const user = wanted === undefined ? call.user : findUser(call.world, String(wanted));
  if (user === undefined || !canSee(user, issue.project)) throw noSuchUser(String(wanted));
  issue.watchers.add(user);
  return noContent;
}

function removeWatcher(call: Call): SandboxAnswer {
  const issue = issueOf(call);
  const names = call.deployment === "cloud" ? ["accountId"] : ["username", "userName"];
  const wanted = names.map((name) => call.query.get(name)).find((value) => value !== null);
  if (wanted === undefined || wanted === null) throw refusal(400, "Specify a user to remove.");
  const user = findUser(call.world, wanted);
  if (user === undefined) throw noSuchUser(wanted);
  issue.watchers.delete(user);
  return noContent;
}

function noSuchUser(wanted: string) {
  return refusal(
    404,
    `The user '${wanted}' does not have permission to view this issue. This user will not be added to the watch list.`,
  );
}

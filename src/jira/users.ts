import { z } from "zod";
import { bareIdentifier, exactMatches, isMe } from "../atlassian/user.ts";
import { AtlassianMcpError, isOurs } from "../errors.ts";
import { ask, type JiraContext } from "./context.ts";
import {
  displayName,
  type JiraUser,
  jiraUserSchema,
  toUserProfile,
  type UserProfileModel,
} from "./models/user.ts";

/** Where a person is wanted: gives a second place to search in. */
export interface UserScope {
  readonly issueKey?: string | undefined;
  readonly projectKey?: string | undefined;
}

const MAX_CANDIDATES = 50;
const users = z.array(jiraUserSchema);

/** The signed-in person. */
function getMyself(context: JiraContext): Promise<JiraUser> {
  const request = { path: context.dialect.path`/myself` };
  return context.cache.remember("myself", () => ask(context, request, jiraUserSchema, "user"));
}

/** @throws AtlassianMcpError `not_found`; `input` when several people fit. */
export async function getUserProfile(
  context: JiraContext,
  identifier: string,
): Promise<UserProfileModel> {
  return toUserProfile(await resolveUser(context, identifier));
}

/**
 * How a person is written into a field, with as few requests as possible.
 *
 * @throws AtlassianMcpError `not_found`, `input` as {@link resolveUser}
 */
export async function userReference(
  context: JiraContext,
  identifier: string,
  scope: UserScope = {},
): Promise<Readonly<Record<string, string>>> {
  const direct = context.dialect.directReference(identifier);
  return direct ?? context.dialect.userReference(await resolveUser(context, identifier, scope));
}

/** `undefined` leaves the field alone; null unassigns; "automatic" and "-1" let Jira choose. */
export async function assigneeReference(
  context: JiraContext,
  assignee: string | null,
  scope: UserScope = {},
): Promise<Readonly<Record<string, string>> | null> {
  const text = assignee?.trim().toLowerCase() ?? "";
  if (["", "none", "unassigned", "null"].includes(text)) return null;
  if (["-1", "automatic"].includes(text)) return context.dialect.automaticAssignee;
  return userReference(context, text === "" ? "" : (assignee ?? ""), scope);
}

/**
 * Finds one person by account id, username, key, e-mail address or exact display name, or the word `me`.
 *
 * @throws AtlassianMcpError `not_found` with similar people; `input` listing the candidates when several fit.
 */
async function resolveUser(
  context: JiraContext,
  identifier: string,
  scope: UserScope = {},
): Promise<JiraUser> {
  if (isMe(identifier)) return getMyself(context);
  const wanted = bareIdentifier(identifier);
  if (wanted === "") throw new AtlassianMcpError("input", "The user identifier is empty.");
  const direct = await lookUp(context, wanted);
  if (direct !== undefined) return direct;
  const candidates = await searchUsers(context, wanted);
  const found = pickOne(wanted, candidates);
  if (found !== undefined) return found;
  const assignable = await searchAssignable(context, wanted, scope);
  const second = pickOne(wanted, assignable);
  if (second !== undefined) return second;
  throw unknownUser(wanted, [...candidates, ...assignable]);
}

async function lookUp(context: JiraContext, identifier: string): Promise<JiraUser | undefined> {
  const path = context.dialect.path`/user`;
  for (const query of context.dialect.userLookups(identifier)) {
    try {
      return await ask(context, { path, query }, jiraUserSchema, "user");
    } catch (error) {
      // Some sites answer 400 or 403 instead of 404 to a name that nobody has.
      if (!isOurs(error, "not_found", "invalid", "forbidden")) throw error;
    }
  }
  return undefined;
}

async function searchUsers(context: JiraContext, text: string): Promise<JiraUser[]> {
  const query = { [context.dialect.userQueryName]: text, maxResults: MAX_CANDIDATES };
  return ask(context, { path: context.dialect.path`/user/search`, query }, users, "user list");
}

async function searchAssignable(
  context: JiraContext,
  text: string,
  { issueKey, projectKey }: UserScope,
): Promise<JiraUser[]> {
  if (issueKey === undefined && projectKey === undefined) return [];
  const path = context.dialect.path`/user/assignable/search`;
  const place = issueKey === undefined ? { project: projectKey } : { issueKey };
  const query = { [context.dialect.userQueryName]: text, ...place, maxResults: MAX_CANDIDATES };
  return ask(context, { path, query }, users, "user list");
}

function pickOne(identifier: string, candidates: readonly JiraUser[]): JiraUser | undefined {
  const exact = exactMatches(identifier, candidates, (user) => ({
    ids: [user.accountId, user.name, user.key, user.emailAddress ?? undefined],
    displayName: user.displayName,
  }));
  const active = exact.filter((user) => user.active !== false);
  const fitting = active.length > 0 ? active : exact;
  if (fitting.length > 1) throw ambiguousUser(identifier, fitting);
  if (fitting[0] !== undefined) return fitting[0];
  // A search by a full address finds people whose address is hidden from us: one hit can only be its owner.
  const [only, ...others] = candidates;
  const isHidden = only !== undefined && !only.emailAddress && others.length === 0;
  return isHidden && identifier.includes("@") ? only : undefined;
}

function ambiguousUser(identifier: string, candidates: readonly JiraUser[]): AtlassianMcpError {
  return new AtlassianMcpError(
    "input",
    `Several people fit "${identifier}": ${list(candidates)}.`,
    {
      next: "Name the person by the id in brackets.",
    },
  );
}

function unknownUser(identifier: string, candidates: readonly JiraUser[]): AtlassianMcpError {
  // Both searches may have found the same people.
  const labels = [...new Set(candidates.map(label))].slice(0, 5);
  const similar = labels.length > 0 ? ` Similar: ${labels.join(", ")}.` : "";
  return new AtlassianMcpError("not_found", `No user "${identifier}" was found.${similar}`, {
    next: "Give the exact display name, e-mail address, username or account id, or the word me.",
  });
}

function list(candidates: readonly JiraUser[]): string {
  return candidates.map(label).join(", ");
}

function label(user: JiraUser): string {
  return `${displayName(user)} [${user.accountId ?? user.name ?? user.key ?? "?"}]`;
}

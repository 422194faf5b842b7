import type { ConnectionCache } from "../../../atlassian/cache.ts";
import { parseAnswer } from "../../../atlassian/parse.ts";
import { bareIdentifier } from "../../../atlassian/user.ts";
import { isOurs } from "../../../errors.ts";
import { apiPath } from "../../../http/path.ts";
import type { ApiClient } from "../../../http/types.ts";
import { isCql, quotedValues } from "../../cql.ts";
import { compact } from "../../models/compact.ts";
import { type Names, type PersonRef, personKey, type UserResult } from "../../models/person.ts";
import type { UserMatches, UserQuery, UserStore } from "../types.ts";
import { type WireUser, wireList, wireUser } from "./wire.ts";

/** There is no lookup of several people at once, so only so many are named. */
const MAX_NAMES = 20;
/** Members of one group that are looked through. */
const MAX_SCANNED = 2000;
const PAGE_SIZE = 200;

export function dataCenterUsers(api: ApiClient, cache: ConnectionCache): UserStore {
  const lookUp = (person: Pick<PersonRef, "by" | "id">) =>
    cache.remember(`user:${personKey(person)}`, () => findUser(api, person));
  return {
    names: (people) => namesOf(people, lookUp),
    search: (query) => searchUsers(api, query),
  };
}

async function findUser(
  api: ApiClient,
  { by, id }: Pick<PersonRef, "by" | "id">,
): Promise<WireUser | undefined> {
  const query = by === "userkey" ? { key: id } : { username: id };
  try {
    const answer = await api.json({ path: apiPath`/rest/api/user`, query });
    return parseAnswer(wireUser, answer, "user");
  } catch (error) {
    if (isOurs(error, "not_found", "invalid", "forbidden")) return undefined;
    throw error;
  }
}

async function namesOf(
  people: readonly PersonRef[],
  lookUp: (person: PersonRef) => Promise<WireUser | undefined>,
): Promise<Names> {
  const unnamed = new Map(
    people
      .filter(({ by, name }) => name === undefined && by !== "accountid")
      .map((person) => [personKey(person), person]),
  );
  const found = await Promise.all(
    [...unnamed].slice(0, MAX_NAMES).map(async ([key, person]) => {
      const user = await lookUp(person).catch(ignoreOurs);
      return [key, user?.displayName ?? user?.username ?? person.id] as const;
    }),
  );
  return new Map(found);
}

/** What mentions people is worth reading without their names. */
function ignoreOurs(error: unknown): undefined {
  if (!isOurs(error)) throw error;
}

async function searchUsers(api: ApiClient, query: UserQuery): Promise<UserMatches> {
  const text = isCql(query.text) ? (quotedValues(query.text)[0] ?? query.text) : query.text;
  const wanted = bareIdentifier(text);
  const [byName, byKey, members] = await Promise.all([
    findUser(api, { by: "user", id: wanted }),
    looksLikeKey(wanted) ? findUser(api, { by: "userkey", id: wanted }) : undefined,
    scanGroup(api, query.group, wanted, query.limit),
  ]);
  const exact = [byName, byKey].filter((user) => user !== undefined);
  const users = new Map([...exact, ...members.users].map((user) => [markOf(user), user]));
  return {
    users: [...users.values()].slice(0, query.limit).map(presentUser),
    note: members.note,
  };
}

/** Members whose name, username or key contains the text. Reading members takes rights that not everybody has. */
async function scanGroup(
  api: ApiClient,
  group: string,
  wanted: string,
  limit: number,
): Promise<{ users: readonly WireUser[]; note?: string | undefined }> {
  const users: WireUser[] = [];
  let scanned = 0;
  try {
    while (users.length < limit) {
      const answer = await api.json({
        path: apiPath`/rest/api/group/${group}/member`,
        query: { start: scanned, limit: PAGE_SIZE },
      });
      const { results, _links } = parseAnswer(wireList(wireUser), answer, "group members");
      users.push(...results.filter((user) => isMatch(user, wanted)));
      scanned += results.length;
      if (results.length === 0 || _links?.next == null) return { users };
      if (scanned >= MAX_SCANNED) {
        return { users, note: `Only the first ${scanned} members of ${group} were looked at.` };
      }
    }
    return { users, note: `Only the first ${limit} are shown: narrow the name or raise limit.` };
  } catch (error) {
    if (!isOurs(error, "not_found", "forbidden")) throw error;
    const reason = error.code === "forbidden" ? "may not be read" : "does not exist";
    return {
      users,
      note: `Group ${group} ${reason}, so only the exact username or key was looked up. Give another group_name.`,
    };
  }
}

function isMatch(user: WireUser, wanted: string): boolean {
  const text = wanted.toLowerCase();
  return [user.displayName, user.username, user.userKey].some((mark) =>
    mark?.toLowerCase().includes(text),
  );
}

function looksLikeKey(text: string): boolean {
  return /^([0-9a-f]{32}|JIRAUSER\d+)$/i.test(text);
}

function markOf(user: WireUser): string {
  return user.userKey ?? user.username ?? user.displayName ?? "";
}

function presentUser(user: WireUser): UserResult {
  return compact<UserResult>({
    username: user.username ?? undefined,
    user_key: user.userKey ?? undefined,
    display_name: user.displayName ?? user.username ?? "",
    profile_picture: user.profilePicture?.path,
  });
}

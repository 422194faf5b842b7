import { z } from "zod";
import { parseAnswer } from "../../../atlassian/parse.ts";
import { isOurs } from "../../../errors.ts";
import { apiPath } from "../../../http/path.ts";
import type { ApiClient } from "../../../http/types.ts";
import { cqlText, isCql } from "../../cql.ts";
import { compact } from "../../models/compact.ts";
import { type Names, type PersonRef, personKey, type UserResult } from "../../models/person.ts";
import type { UserMatches, UserQuery, UserStore } from "../types.ts";

/** As many as one bulk lookup answers. */
const MAX_NAMES = 100;

const bulkAnswer = z.looseObject({
  results: z.array(
    z.looseObject({
      accountId: z.string(),
      displayName: z.string().nullish(),
      publicName: z.string().nullish(),
    }),
  ),
});

const wireUser = z.looseObject({
  accountId: z.string().nullish(),
  displayName: z.string().nullish(),
  publicName: z.string().nullish(),
  email: z.string().nullish(),
  accountStatus: z.string().nullish(),
  profilePicture: z.looseObject({ path: z.string() }).nullish(),
});

const searchAnswer = z.looseObject({
  results: z.array(z.looseObject({ title: z.string().nullish(), user: wireUser.nullish() })),
});

export function cloudUsers(api: ApiClient): UserStore {
  return {
    names: (people) => bulkNames(api, people),
    search: (query) => searchUsers(api, query),
  };
}

async function bulkNames(api: ApiClient, people: readonly PersonRef[]): Promise<Names> {
  const ids = people.filter(({ by }) => by === "accountid").map(({ id }) => id);
  const accountId = [...new Set(ids)].slice(0, MAX_NAMES);
  if (accountId.length === 0) return new Map();
  try {
    // v1, because it opens to the classic scope for people, which grants carry more often than the granular one of v2.
    const answer = await api.json({ path: apiPath`/rest/api/user/bulk`, query: { accountId } });
    const { results } = parseAnswer(bulkAnswer, answer, "users");
    return new Map(
      results.map((user) => [
        personKey({ by: "accountid", id: user.accountId }),
        user.displayName || user.publicName || user.accountId,
      ]),
    );
  } catch (error) {
    // A page is worth reading without names, e.g. when the token may not see people.
    if (isOurs(error)) return new Map();
    throw error;
  }
}

async function searchUsers(api: ApiClient, { text, limit }: UserQuery): Promise<UserMatches> {
  const cql = isCql(text) ? text : `user.fullname ~ ${cqlText(text)}`;
  const answer = await api.json({ path: apiPath`/rest/api/search/user`, query: { cql, limit } });
  const { results } = parseAnswer(searchAnswer, answer, "user search");
  const users = results.flatMap(({ user, title }) =>
    user == null
      ? []
      : [
          compact<UserResult>({
            account_id: user.accountId ?? undefined,
            display_name: user.displayName || user.publicName || title || (user.accountId ?? ""),
            email: user.email ?? undefined,
            profile_picture: user.profilePicture?.path,
            is_active: user.accountStatus == null ? undefined : user.accountStatus === "active",
          }),
        ],
  );
  const note =
    users.length >= limit
      ? `Only the first ${limit} are shown: narrow the name or raise limit.`
      : undefined;
  return { users, note };
}

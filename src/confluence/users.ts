import { AtlassianMcpError } from "../errors.ts";
import { boundedLimit, type Core } from "./core.ts";
import type { UserResult } from "./models/person.ts";

export interface UserSearchResult {
  readonly results: readonly {
    readonly entity_type: "user";
    readonly title: string;
    readonly user: UserResult;
  }[];
  readonly note?: string | undefined;
}

export interface Users {
  /** @throws AtlassianMcpError `input`, `invalid`. */
  search(query: {
    readonly text: string;
    readonly limit: number;
    readonly group: string;
  }): Promise<UserSearchResult>;
}

/** Sites give pictures as a path of their own. */
function withAddresses(core: Core, user: UserResult): UserResult {
  const { profile_picture: picture } = user;
  return picture?.startsWith("/") ? { ...user, profile_picture: core.links.below(picture) } : user;
}

export function usersOf(core: Core): Users {
  return {
    async search({ text, limit, group }) {
      if (text.trim() === "") {
        throw new AtlassianMcpError("input", "The query is empty", {
          fields: { query: "must not be empty" },
          next: "Give a name or a part of it.",
        });
      }
      const { users, note } = await core.dialect.users.search({
        text: text.trim(),
        limit: boundedLimit(core, limit),
        group,
      });
      const results = users.map((user) => ({
        entity_type: "user" as const,
        title: user.display_name,
        user: withAddresses(core, user),
      }));
      return note === undefined ? { results } : { results, note };
    },
  };
}

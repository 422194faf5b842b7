import type { ConnectionCache } from "../../atlassian/cache.ts";
import type { ApiClient } from "../../http/types.ts";
import { offsetOf } from "./cursor.ts";
import { dataCenterComments } from "./data-center/comments.ts";
import { dataCenterLabels } from "./data-center/labels.ts";
import { dataCenterPages } from "./data-center/pages.ts";
import { dataCenterProperties } from "./data-center/properties.ts";
import { dataCenterSpaces } from "./data-center/spaces.ts";
import { dataCenterUsers } from "./data-center/users.ts";
import type { ConfluenceDialect } from "./types.ts";

/** Confluence Data Center: v1 throughout. */
export function dataCenterDialect(api: ApiClient, cache: ConnectionCache): ConfluenceDialect {
  return {
    spaces: dataCenterSpaces(api, cache),
    pages: dataCenterPages(api),
    properties: dataCenterProperties(api),
    comments: dataCenterComments(api),
    labels: dataCenterLabels(api),
    users: dataCenterUsers(api, cache),
    mentions: ["user", "userkey"],
    search: {
      query: (cursor) => ({ start: String(offsetOf(cursor)) }),
      next: ({ start, received, nextLink }) =>
        nextLink === undefined || received === 0 ? undefined : String((start ?? 0) + received),
    },
  };
}

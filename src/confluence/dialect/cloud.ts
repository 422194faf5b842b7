import type { ConnectionCache } from "../../atlassian/cache.ts";
import type { ApiClient } from "../../http/types.ts";
import { cloudComments } from "./cloud/comments.ts";
import { cloudLabels } from "./cloud/labels.ts";
import { cloudPages } from "./cloud/pages.ts";
import { cloudProperties } from "./cloud/properties.ts";
import { cloudSpaces } from "./cloud/spaces.ts";
import { cloudUsers } from "./cloud/users.ts";
import { parameterOf } from "./cursor.ts";
import type { ConfluenceDialect } from "./types.ts";

/** Confluence Cloud: v2, and v1 only for what has no v2 resource. */
export function cloudDialect(api: ApiClient, cache: ConnectionCache): ConfluenceDialect {
  const spaces = cloudSpaces(api, cache);
  const labels = cloudLabels(api);
  return {
    spaces,
    labels,
    pages: cloudPages(api, spaces, labels),
    properties: cloudProperties(api),
    comments: cloudComments(api),
    users: cloudUsers(api),
    mentions: ["accountid"],
    search: {
      query: (cursor) => (cursor === undefined ? {} : { cursor }),
      next: ({ nextLink }) => parameterOf(nextLink, "cursor"),
    },
  };
}

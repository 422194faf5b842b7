import { ConnectionCache } from "../atlassian/cache.ts";
import type { Site } from "../atlassian/site.ts";
import type { ApiClient } from "../http/types.ts";
import { type Comments, commentsOf } from "./comments.ts";
import type { Core } from "./core.ts";
import { dialectOf } from "./dialect/choose.ts";
import { SpaceGuard } from "./guard.ts";
import { type Labels, labelsOf } from "./labels.ts";
import { linksOn } from "./links.ts";
import { type PageWrites, writePages } from "./page-writes.ts";
import { type Pages, readPages } from "./pages.ts";
import { type Search, searchOf } from "./search.ts";
import { type Users, usersOf } from "./users.ts";

/** Settings of the operator that bind every Confluence call. */
export interface ConfluencePolicy {
  /** `CONFLUENCE_SPACES_FILTER`: the only spaces that may be read or written. Absent: no limit. */
  readonly spaces?: readonly string[] | undefined;
  /** `ATLASSIAN_MAX_PAGINATION_LIMIT`. */
  readonly maxResults?: number | undefined;
  /** Folder below which `content_file` may lie; absent: files cannot be read (remote servers). */
  readonly filesRoot?: string | undefined;
}

export interface ConfluenceClientOptions {
  /** Already bound to the call's abort signal. */
  readonly api: ApiClient;
  readonly site: Site;
  readonly policy?: ConfluencePolicy | undefined;
  /** What this identity remembers between calls (field list, space ids). Absent: nothing is remembered. */
  readonly cache?: ConnectionCache | undefined;
}

/** Confluence as one connection sees it. Results are plain and carry links for people; bodies are Markdown. */
export interface ConfluenceClient {
  readonly site: Site;
  readonly pages: Pages & PageWrites;
  readonly comments: Comments;
  readonly labels: Labels;
  readonly users: Users;
  readonly search: Search;
}

/** Makes a client; nothing is requested until it is used. */
export function createConfluenceClient(options: ConfluenceClientOptions): ConfluenceClient {
  const { api, site, policy = {} } = options;
  const dialect = dialectOf(site.deployment, api, options.cache ?? new ConnectionCache());
  const core: Core = {
    dialect,
    guard: new SpaceGuard(policy.spaces, dialect.spaces),
    links: linksOn(site.browseBase),
    policy,
    browseBase: site.browseBase,
  };
  return {
    site,
    pages: { ...readPages(core), ...writePages(core) },
    comments: commentsOf(core),
    labels: labelsOf(core),
    users: usersOf(core),
    search: searchOf(core, api),
  };
}

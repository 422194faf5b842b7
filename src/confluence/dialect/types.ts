import type { MentionKinds } from "../../content/mention.ts";
import type { StoredComment } from "../models/comment.ts";
import type { Label } from "../models/label.ts";
import type { StoredPage } from "../models/page.ts";
import type { Names, PersonRef, UserResult } from "../models/person.ts";
import type { Space } from "../models/space.ts";

/** All that differs between the deployments. Errors are those of the API client; each method names its own. */
export interface ConfluenceDialect {
  readonly spaces: SpaceStore;
  readonly pages: PageStore;
  readonly properties: PropertyStore;
  readonly comments: CommentStore;
  readonly labels: LabelStore;
  readonly users: UserStore;
  readonly search: SearchPaging;
  /** How people are mentioned in texts. */
  readonly mentions: MentionKinds;
}

export interface SpaceStore {
  /** @throws AtlassianMcpError `not_found` when the key names no visible space. */
  byKey(key: string): Promise<Space>;
  /** The space that a page, blog post, folder or attachment lies in. @throws AtlassianMcpError `not_found`. */
  ofContent(id: string): Promise<Space>;
}

/** What {@link PageStore.get} is to deliver beside the facts that every page has. */
export interface PageParts {
  readonly body?: boolean | undefined;
  /** Labels, ancestors and the properties for emoji and width. */
  readonly metadata?: boolean | undefined;
  /** The first attachments. */
  readonly attachments?: boolean | undefined;
}

export interface PageBody {
  readonly representation: "storage" | "wiki";
  readonly value: string;
}

export interface NewPage {
  readonly space: Space;
  readonly title: string;
  readonly body: PageBody;
  readonly parentId?: string | undefined;
  readonly subtype?: "live" | undefined;
}

export interface PageChange {
  readonly title: string;
  readonly body: PageBody;
  /** Absent: the page stays where it is. */
  readonly parentId?: string | undefined;
  readonly message?: string | undefined;
  readonly minorEdit?: boolean | undefined;
}

/** A child; its space is the parent's. `type` may also be `folder`. */
export type ChildPage = Omit<StoredPage, "space">;

export interface ChildrenQuery {
  readonly start: number;
  readonly limit: number;
  readonly folders: boolean;
  /** Bodies in storage format. */
  readonly bodies: boolean;
  /** Names of v1 expansions the caller asked for. */
  readonly expand: readonly string[];
}

export interface PageStore {
  /** The published page, else its draft. @throws AtlassianMcpError `not_found`. */
  get(id: string, parts?: PageParts): Promise<StoredPage>;
  /** Exact title, without body. */
  find(space: Space, title: string): Promise<StoredPage | undefined>;
  /** Direct children in their order. @throws AtlassianMcpError `not_found`. */
  children(
    parentId: string,
    query: ChildrenQuery,
  ): Promise<{ items: ChildPage[]; isLast: boolean }>;
  /** @throws AtlassianMcpError `unsupported` for a live doc where there are none. */
  create(page: NewPage): Promise<StoredPage>;
  /** Writes the version after `current`'s. @throws AtlassianMcpError `conflict` when it is no longer the newest. */
  replace(current: StoredPage, change: PageChange): Promise<StoredPage>;
  /** To the trash. */
  trash(page: StoredPage): Promise<void>;
  /** Why `PageChange.minorEdit` has no effect here; absent where it has. */
  readonly minorEditNote?: string | undefined;
}

export interface PropertyStore {
  /** Creates, changes or (`undefined`) removes a content property; does nothing when it already is so. */
  set(pageId: string, key: string, value: string | undefined): Promise<void>;
}

export interface CommentQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface CommentStore {
  /** Comments with their replies behind them. `limit` counts what the deployment pages by. */
  list(
    pageId: string,
    query: CommentQuery,
  ): Promise<{ items: StoredComment[]; next?: string | undefined }>;
  /** @throws AtlassianMcpError `not_found`. */
  get(commentId: string): Promise<StoredComment>;
  /** A footer comment, body in storage format. */
  add(pageId: string, storage: string): Promise<StoredComment>;
  reply(parent: StoredComment, storage: string): Promise<StoredComment>;
}

export interface LabelStore {
  /** Every label of a page, blog post or attachment. */
  list(contentId: string): Promise<readonly Label[]>;
  add(contentId: string, names: readonly string[]): Promise<void>;
}

export interface UserQuery {
  readonly text: string;
  readonly limit: number;
  /** Group that is looked through where there is no search for people. */
  readonly group: string;
}

export interface UserMatches {
  readonly users: readonly UserResult[];
  /** What the reader must know about the search's reach. */
  readonly note?: string | undefined;
}

export interface UserStore {
  /** Display names of the people that can be found; missing ones are no error. */
  names(people: readonly PersonRef[]): Promise<Names>;
  search(query: UserQuery): Promise<UserMatches>;
}

export interface SearchPaging {
  /** Query parameters that ask for the page at `cursor`. */
  query(cursor: string | undefined): Readonly<Record<string, string>>;
  /** The cursor of the page after this one. */
  next(page: SearchPage): string | undefined;
}

export interface SearchPage {
  readonly start?: number | undefined;
  readonly received: number;
  /** `_links.next`, whatever it is relative to. */
  readonly nextLink?: string | undefined;
}

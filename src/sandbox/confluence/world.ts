import { createHash } from "node:crypto";
import type { SandboxDeployment, SandboxUser } from "../types.ts";
import type { BodyContext } from "./storage/adf.ts";
import type { Body } from "./storage/body.ts";

export type ContentKind = "page" | "blogpost" | "folder" | "comment" | "attachment";
export type ContentStatus = "current" | "draft" | "trashed" | "archived";

export interface ContentVersion {
  readonly number: number;
  readonly title: string;
  readonly body: Body;
  /** ISO 8601 in UTC. */
  readonly createdAt: string;
  /** Login name. */
  readonly author: string;
  readonly message: string;
  readonly minorEdit: boolean;
}

export interface Label {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
}

export interface Property {
  readonly id: string;
  readonly key: string;
  readonly value: unknown;
  readonly version: {
    readonly number: number;
    readonly createdAt: string;
    readonly author: string;
  };
}

/** What an inline comment hangs on. */
export interface InlineAnchor {
  readonly markerRef: string;
  readonly selection: string;
  readonly resolution: "open" | "reopened" | "resolved" | "dangling";
  readonly resolvedBy?: string | undefined;
  readonly resolvedAt?: string | undefined;
}

export interface FileFacts {
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly comment: string;
  /** Id in the media store, a UUID. */
  readonly mediaId: string;
}

export interface Content {
  readonly id: string;
  readonly kind: ContentKind;
  spaceId: string;
  readonly author: string;
  readonly createdAt: string;
  status: ContentStatus;
  /** Parent in the page tree; of a comment, the comment it replies to. */
  parentId: string | undefined;
  /** What a comment or an attachment is on. */
  readonly containerId: string | undefined;
  position: number;
  /** Oldest first, never empty. */
  versions: readonly [ContentVersion, ...ContentVersion[]];
  /** Unpublished changes of a published page. */
  draft: { readonly title: string; readonly body: Body } | undefined;
  labels: readonly Label[];
  properties: readonly Property[];
  owner: string;
  inline: InlineAnchor | undefined;
  readonly file: FileFacts | undefined;
  favouriteOf: readonly string[];
}

export interface Space {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly type: "global" | "personal";
  readonly description: string;
  readonly createdAt: string;
  readonly author: string;
  homepageId: string | undefined;
  /** Login names of those who may see it; absent: everyone. */
  readonly readers: readonly string[] | undefined;
}

/** The content of one pretend site. */
export interface Site {
  readonly deployment: SandboxDeployment;
  readonly users: readonly SandboxUser[];
  readonly spaces: Map<string, Space>;
  readonly contents: Map<string, Content>;
  readonly groups: Readonly<Record<string, readonly string[]>>;
  now(): Date;
  /** A number in a string that no other thing of this site has. */
  nextId(): string;
}

/** Both pretend sites. They start alike and share nothing afterwards. */
export interface ConfluenceWorld {
  readonly cloud: Site;
  readonly datacenter: Site;
}

export function latest(content: Content): ContentVersion {
  return content.versions.at(-1) ?? content.versions[0];
}

export function canSee(site: Site, user: SandboxUser, content: Content): boolean {
  const space = site.spaces.get(content.spaceId);
  if (space === undefined || !canSeeSpace(user, space)) return false;
  if (content.status === "draft" && content.author !== user.name) return false;
  const container = content.containerId;
  if (container === undefined) return true;
  const on = site.contents.get(container);
  return on !== undefined && canSee(site, user, on);
}

function canSeeSpace(user: SandboxUser, space: Space): boolean {
  return space.readers === undefined || space.readers.includes(user.name);
}

/** The content if it exists and this person may see it; of the given kinds only. */
export function findContent(
  site: Site,
  user: SandboxUser,
  id: string | undefined,
  ...kinds: readonly ContentKind[]
): Content | undefined {
  const content = id === undefined ? undefined : site.contents.get(id);
  if (content === undefined || !canSee(site, user, content)) return undefined;
  return kinds.length === 0 || kinds.includes(content.kind) ? content : undefined;
}

export function findSpace(
  site: Site,
  user: SandboxUser,
  match: (space: Space) => boolean,
): Space | undefined {
  return visibleSpaces(site, user).find(match);
}

export function visibleSpaces(site: Site, user: SandboxUser): Space[] {
  return [...site.spaces.values()].filter((space) => canSeeSpace(user, space));
}

export function visibleContents(site: Site, user: SandboxUser): Content[] {
  return [...site.contents.values()].filter((content) => canSee(site, user, content));
}

/** Current pages and folders below a node, by position. */
export function childrenOf(site: Site, parentId: string): Content[] {
  return [...site.contents.values()]
    .filter(({ kind }) => kind === "page" || kind === "folder")
    .filter((content) => content.parentId === parentId && content.status === "current")
    .sort((a, b) => a.position - b.position);
}

export interface Descendant {
  readonly content: Content;
  /** 1 for direct children. */
  readonly depth: number;
}

/** The tree below a node, parents before their children. */
export function descendantsOf(
  site: Site,
  parentId: string,
  maxDepth = 100,
  depth = 1,
): Descendant[] {
  if (depth > maxDepth) return [];
  return childrenOf(site, parentId).flatMap((content) => [
    { content, depth },
    ...descendantsOf(site, content.id, maxDepth, depth + 1),
  ]);
}

/** From the root of the tree down to the parent. */
export function ancestorsOf(site: Site, content: Content): Content[] {
  const found: Content[] = [];
  let at = content.parentId;
  while (at !== undefined) {
    const parent = site.contents.get(at);
    if (parent === undefined) break;
    found.unshift(parent);
    at = parent.parentId;
  }
  return found;
}

export function attachedTo(
  site: Site,
  containerId: string,
  kind: "comment" | "attachment",
): Content[] {
  return [...site.contents.values()].filter(
    (content) => content.kind === kind && content.containerId === containerId,
  );
}

export function userNamed(site: Site, name: string): SandboxUser | undefined {
  return site.users.find((user) => user.name === name);
}

/** How this deployment names a person inside texts: account id, or user key. */
export function identityOf(site: Site, user: SandboxUser): string {
  return site.deployment === "cloud" ? user.accountId : user.key;
}

/** A UUID that is always the same for the same words. */
export function stableUuid(words: string): string {
  const hex = createHash("sha256").update(words).digest("hex");
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
  ];
  return `${parts.join("-")}-${hex.slice(20, 32)}`;
}

export function bodyContext(site: Site, content: Content): BodyContext {
  const containerId = content.containerId ?? content.id;
  return {
    containerId,
    get files() {
      return attachedTo(site, containerId, "attachment").map((attachment) => ({
        name: latest(attachment).title,
        mediaId: attachment.file?.mediaId ?? "",
      }));
    },
    nameOf: (id) => site.users.find((user) => identityOf(site, user) === id)?.displayName,
  };
}

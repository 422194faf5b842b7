import type { SandboxUser } from "../types.ts";
import { badRequest, notFound, Refused } from "./refused.ts";
import { type Body, emptyBody } from "./storage/body.ts";
import {
  ancestorsOf,
  attachedTo,
  type Content,
  type ContentKind,
  type ContentStatus,
  childrenOf,
  descendantsOf,
  type FileFacts,
  findContent,
  findSpace,
  type InlineAnchor,
  type Label,
  latest,
  type Property,
  type Site,
  type Space,
} from "./world.ts";

export interface NewContent {
  readonly kind: ContentKind;
  readonly space: Space;
  readonly title: string;
  readonly author: string;
  readonly body?: Body | undefined;
  readonly status?: ContentStatus | undefined;
  readonly parentId?: string | undefined;
  readonly containerId?: string | undefined;
  readonly inline?: InlineAnchor | undefined;
  readonly file?: FileFacts | undefined;
  readonly createdAt?: string | undefined;
}

/** Adds content as it is, without any rule; the callers check. */
export function addContent(site: Site, given: NewContent): Content {
  const number = site.nextId();
  const id = given.kind === "attachment" && site.deployment === "cloud" ? `att${number}` : number;
  const createdAt = given.createdAt ?? site.now().toISOString();
  const { title, author, body = emptyBody } = given;
  const siblings = given.parentId === undefined ? [] : childrenOf(site, given.parentId);
  const content: Content = {
    id,
    kind: given.kind,
    spaceId: given.space.id,
    author,
    createdAt,
    status: given.status ?? "current",
    parentId: given.parentId,
    containerId: given.containerId,
    position: (siblings.at(-1)?.position ?? 0) + 100,
    versions: [{ number: 1, title, body, createdAt, author, message: "", minorEdit: false }],
    draft: undefined,
    labels: [],
    properties: [],
    owner: author,
    inline: given.inline,
    file: given.file,
    favouriteOf: [],
  };
  site.contents.set(id, content);
  return content;
}

/** @throws Refused 400 for an empty, too long or taken title; titles of a space differ in more than case. */
export function checkTitle(
  site: Site,
  space: Space,
  kind: ContentKind,
  title: string,
  self?: string,
) {
  if (title.trim() === "") throw badRequest("A title must be specified");
  if (title.length > 255) throw badRequest("Title cannot be longer than 255 characters.");
  const taken = [...site.contents.values()].some(
    (content) =>
      content.kind === kind &&
      content.id !== self &&
      content.spaceId === space.id &&
      (content.status === "current" || content.status === "archived") &&
      latest(content).title.toLowerCase() === title.toLowerCase(),
  );
  if (taken && kind !== "blogpost") {
    throw badRequest(
      `A page with this title already exists: A page already exists with the same TITLE in this space: ${title}`,
    );
  }
}

/** The space by id or key. @throws Refused 404 when it is absent or hidden. */
export function spaceFor(site: Site, user: SandboxUser, by: { id?: string; key?: string }): Space {
  const space = findSpace(site, user, ({ id, key }) => id === by.id || key === by.key);
  if (space === undefined)
    throw notFound(`No space with ${by.id ? "id" : "key"} : ${by.id ?? by.key}`);
  return space;
}

/** A page or folder that can be a parent in this space. @throws Refused 404, or 400 for one in another space. */
export function parentFor(site: Site, user: SandboxUser, space: Space, id: string): Content {
  const parent = findContent(site, user, id, "page", "folder");
  if (parent === undefined || parent.status !== "current") {
    throw notFound(`Could not find parent page or folder with id ${id}`);
  }
  if (parent.spaceId !== space.id) {
    throw badRequest("The parent page must be in the same space as the page");
  }
  return parent;
}

export interface Edit {
  readonly title: string;
  /** Absent: the body stays. */
  readonly body?: Body | undefined;
  readonly number: number;
  readonly message?: string | undefined;
  readonly minorEdit?: boolean | undefined;
}

/** @throws Refused 409 unless `number` is the next version. */
export function checkVersion(content: Content, number: number): void {
  const current = latest(content).number;
  const publishes = content.status === "draft" && number === 1;
  if (number === current + 1 || publishes) return;
  throw new Refused(
    409,
    `Version must be incremented when updating a page. Current Version: [${current}]. Provided version: [${number}]`,
  );
}

/** Adds a version. A draft has one version only, which is replaced. The caller has checked the number. */
export function addVersion(site: Site, user: SandboxUser, content: Content, edit: Edit): void {
  const before = latest(content);
  const version = {
    number: content.status === "draft" ? 1 : edit.number,
    title: edit.title,
    body: edit.body ?? before.body,
    createdAt: site.now().toISOString(),
    author: user.name,
    message: edit.message ?? "",
    minorEdit: edit.minorEdit ?? false,
  };
  content.versions = content.status === "draft" ? [version] : [...content.versions, version];
  content.draft = undefined;
}

/** Puts a page below another node, at the end. @throws Refused 400 when that would make a circle. */
export function moveBelow(site: Site, content: Content, parent: Content | undefined): void {
  if (parent !== undefined) {
    const circular =
      parent.id === content.id || ancestorsOf(site, parent).some(({ id }) => id === content.id);
    if (circular) throw badRequest("Can't add a parent page that is a descendant of the page");
  }
  const siblings = parent === undefined ? [] : childrenOf(site, parent.id);
  content.position = (siblings.at(-1)?.position ?? 0) + 100;
  content.parentId = parent?.id;
}

/** Puts a page right before or after another node. @throws Refused as {@link moveBelow}. */
export function moveBeside(
  site: Site,
  content: Content,
  target: Content,
  position: "before" | "after",
): void {
  const parent = target.parentId === undefined ? undefined : site.contents.get(target.parentId);
  moveBelow(site, content, parent);
  if (parent === undefined) return;
  const siblings = childrenOf(site, parent.id).filter(({ id }) => id !== content.id);
  const at = siblings.findIndex(({ id }) => id === target.id) + (position === "after" ? 1 : 0);
  siblings.splice(at, 0, content);
  siblings.forEach((sibling, index) => {
    sibling.position = (index + 1) * 100;
  });
}

/** Takes a page with everything below and on it to another space. */
export function moveToSpace(site: Site, content: Content, spaceId: string): void {
  const moved = [content, ...descendantsOf(site, content.id).map((below) => below.content)];
  const ids = new Set(moved.map(({ id }) => id));
  for (const one of site.contents.values()) {
    if (ids.has(one.id) || ids.has(one.containerId ?? "")) one.spaceId = spaceId;
  }
}

/** Moves content to the trash; the pages below it go to its parent. */
export function trash(site: Site, content: Content): void {
  const parent = content.parentId === undefined ? undefined : site.contents.get(content.parentId);
  for (const below of childrenOf(site, content.id)) moveBelow(site, below, parent);
  content.status = "trashed";
}

/** Removes content for good, with its comments and attachments. */
export function purge(site: Site, content: Content): void {
  for (const kind of ["comment", "attachment"] as const) {
    for (const attached of attachedTo(site, content.id, kind)) site.contents.delete(attached.id);
  }
  for (const reply of [...site.contents.values()]) {
    if (reply.kind === "comment" && reply.parentId === content.id) purge(site, reply);
  }
  site.contents.delete(content.id);
}

/** Adds a label unless it is there. @throws Refused 400 for names that Confluence does not take. */
export function addLabel(site: Site, content: Content, name: string, prefix = "global"): void {
  const wanted = name.toLowerCase();
  if (wanted === "" || wanted.length > 255 || /[\s:;,.?&[\]()#^*@!]/.test(wanted)) {
    throw badRequest(`The label "${name}" contains characters that are not allowed`);
  }
  if (content.labels.some((label) => label.name === wanted && label.prefix === prefix)) return;
  const known = [...site.contents.values()]
    .flatMap(({ labels }) => labels)
    .find((label) => label.name === wanted && label.prefix === prefix);
  const label: Label = known ?? { id: site.nextId(), name: wanted, prefix };
  content.labels = [...content.labels, label];
}

export function removeLabel(content: Content, name: string): void {
  content.labels = content.labels.filter((label) => label.name !== name.toLowerCase());
}

/** Creates or replaces a property; the caller has checked the version. */
export function putProperty(
  site: Site,
  user: SandboxUser,
  content: Content,
  { key, value }: { readonly key: string; readonly value: unknown },
): Property {
  const before = content.properties.find((property) => property.key === key);
  const property: Property = {
    id: before?.id ?? site.nextId(),
    key,
    value,
    version: {
      number: (before?.version.number ?? 0) + 1,
      createdAt: site.now().toISOString(),
      author: user.name,
    },
  };
  content.properties = [...content.properties.filter((other) => other.key !== key), property];
  return property;
}

export interface NewComment {
  readonly on: Content;
  readonly replyTo?: Content | undefined;
  readonly body: Body;
  readonly inline?: InlineAnchor | undefined;
  readonly createdAt?: string | undefined;
}

/** Adds a comment; a reply hangs on the same place as the comment it answers. */
export function addComment(site: Site, user: SandboxUser, given: NewComment): Content {
  const space = site.spaces.get(given.on.spaceId);
  if (space === undefined) throw notFound("The page is in no space");
  return addContent(site, {
    kind: "comment",
    space,
    title: `Re: ${latest(given.on).title}`,
    author: user.name,
    body: given.body,
    parentId: given.replyTo?.id,
    containerId: given.on.id,
    inline: given.inline ?? given.replyTo?.inline,
    createdAt: given.createdAt,
  });
}

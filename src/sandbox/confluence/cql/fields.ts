import type { SandboxUser } from "../../types.ts";
import { storageOf, textOfBody } from "../storage/body.ts";
import {
  ancestorsOf,
  bodyContext,
  type Content,
  type ContentVersion,
  latest,
  type Site,
  type Space,
  userNamed,
} from "../world.ts";

/** A thing that a search can find. */
export type Hit =
  | { readonly kind: "content"; readonly content: Content }
  | { readonly kind: "space"; readonly space: Space }
  | { readonly kind: "user"; readonly user: SandboxUser };

export type FieldKind = "term" | "user" | "text" | "title" | "date";

export interface Field {
  readonly kind: FieldKind;
  /** What the field holds; `undefined` when such a thing has no such field. Dates are ISO 8601. */
  read(hit: Hit, site: Site): readonly string[] | undefined;
}

const texts = new WeakMap<ContentVersion, string>();

/** The words of the current version, without its title. */
export function bodyText(site: Site, content: Content): string {
  const version = latest(content);
  const known = texts.get(version);
  if (known !== undefined) return known;
  const text = textOfBody(version.body, bodyContext(site, content));
  texts.set(version, text);
  return text;
}

/** Everything this deployment lets one name a person by in CQL. */
export function identities(site: Site, user: SandboxUser): string[] {
  return site.deployment === "cloud" ? [user.accountId] : [user.name, user.key];
}

function namesOf(site: Site, logins: readonly string[]): string[] {
  return logins.flatMap((login) => {
    const user = userNamed(site, login);
    return user === undefined ? [] : identities(site, user);
  });
}

function storageText(site: Site, content: Content): string {
  return storageOf(latest(content).body, bodyContext(site, content));
}

type Read = (content: Content, site: Site) => readonly string[] | undefined;

/** A field that only content has. */
function ofContent(kind: FieldKind, read: Read): Field {
  return {
    kind,
    read: (hit, site) => (hit.kind === "content" ? read(hit.content, site) : undefined),
  };
}

function allMatches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].flatMap(([, found]) => (found === undefined ? [] : [found]));
}

function contributors({ versions }: Content): string[] {
  return [...new Set(versions.map(({ author }) => author))];
}

function spaceOf(hit: Hit, site: Site): Space | undefined {
  if (hit.kind === "space") return hit.space;
  return hit.kind === "content" ? site.spaces.get(hit.content.spaceId) : undefined;
}

function ofSpace(kind: FieldKind, read: (space: Space) => string): Field {
  return {
    kind,
    read: (hit, site) => {
      const space = spaceOf(hit, site);
      return space === undefined ? undefined : [read(space)];
    },
  };
}

function ofUser(kind: FieldKind, read: (user: SandboxUser, site: Site) => string[]): Field {
  return { kind, read: (hit, site) => (hit.kind === "user" ? read(hit.user, site) : undefined) };
}

/** The name under which a result is shown. */
export function titleOf(hit: Hit): string {
  if (hit.kind === "content") return latest(hit.content).title;
  return hit.kind === "space" ? hit.space.name : hit.user.displayName;
}

function fullText(hit: Hit, site: Site): string[] {
  if (hit.kind === "content") return [titleOf(hit), bodyText(site, hit.content)];
  if (hit.kind === "space") return [hit.space.name, hit.space.description];
  return [hit.user.displayName];
}

/** When the thing came to be, or was last changed. ISO 8601, `undefined` for people. */
export function dateOf(hit: Hit, which: "created" | "lastmodified"): string | undefined {
  if (hit.kind === "user") return undefined;
  if (hit.kind === "space") return hit.space.createdAt;
  return which === "created" ? hit.content.createdAt : latest(hit.content).createdAt;
}

function date(which: "created" | "lastmodified"): Field {
  return {
    kind: "date",
    read: (hit) => {
      const found = dateOf(hit, which);
      return found === undefined ? undefined : [found];
    },
  };
}

const id = ofContent("term", (content) => [content.id]);

/** What CQL can ask for, by lower-case name. */
export const fields: Readonly<Record<string, Field>> = {
  type: {
    kind: "term",
    read: (hit) => [hit.kind === "content" ? hit.content.kind : hit.kind],
  },
  space: ofSpace("term", ({ key }) => key),
  "space.key": ofSpace("term", ({ key }) => key),
  "space.type": ofSpace("term", ({ type }) => type),
  "space.title": ofSpace("text", ({ name }) => name),
  title: { kind: "title", read: (hit) => [titleOf(hit)] },
  text: { kind: "text", read: fullText },
  sitesearch: { kind: "text", read: fullText },
  label: ofContent("term", ({ labels }) => labels.map(({ name }) => name)),
  creator: ofContent("user", ({ author }, site) => namesOf(site, [author])),
  contributor: ofContent("user", (content, site) => namesOf(site, contributors(content))),
  // Whoever writes a page watches it.
  watcher: ofContent("user", (content, site) => namesOf(site, contributors(content))),
  favourite: ofContent("user", ({ favouriteOf }, site) => namesOf(site, favouriteOf)),
  mention: ofContent("user", (content, site) => {
    const ids = allMatches(storageText(site, content), /ri:(?:account-id|userkey)="([^"]*)"/g);
    const people = site.users.filter(({ accountId, key }) =>
      [accountId, key].some((known) => ids.includes(known)),
    );
    return people.flatMap((user) => identities(site, user));
  }),
  macro: ofContent("term", (content, site) =>
    allMatches(storageText(site, content), /<ac:structured-macro ac:name="([^"]*)"/g),
  ),
  created: date("created"),
  lastmodified: date("lastmodified"),
  ancestor: ofContent("term", (content, site) =>
    ancestorsOf(site, content).map((above) => above.id),
  ),
  parent: ofContent("term", ({ parentId }) => (parentId === undefined ? [] : [parentId])),
  container: ofContent("term", ({ containerId }) =>
    containerId === undefined ? [] : [containerId],
  ),
  id,
  content: id,
  user: ofUser("user", (user, site) => identities(site, user)),
  "user.accountid": ofUser("user", (user) => [user.accountId]),
  "user.userkey": ofUser("user", (user) => [user.key]),
  "user.fullname": ofUser("title", ({ displayName }) => [displayName]),
};

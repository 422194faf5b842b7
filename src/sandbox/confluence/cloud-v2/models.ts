import type { SandboxUser } from "../../types.ts";
import { contentLinks } from "../links.ts";
import { type Call, enumParam } from "../requests.ts";
import { type Body, bodyAs } from "../storage/body.ts";
import {
  bodyContext,
  type Content,
  type ContentVersion,
  latest,
  type Property,
  type Site,
  type Space,
  userNamed,
} from "../world.ts";

export const listFormats = ["storage", "atlas_doc_format"] as const;
export const singleFormats = [
  ...listFormats,
  "view",
  "export_view",
  "anonymous_export_view",
  "styled_view",
  "editor",
] as const;
export type Format = (typeof singleFormats)[number];

/** The account id of a login name. */
export function accountId(site: Site, name: string): string {
  return userNamed(site, name)?.accountId ?? name;
}

/** Lists answer 400 for the rendered formats, single entities give all. */
export function formatParam(call: Call, formats: readonly Format[]): Format | undefined {
  return enumParam(call, "body-format", formats);
}

export function bodyModel(
  { site }: Call,
  content: Content,
  body: Body,
  format: Format | undefined,
): object {
  if (format === undefined) return {};
  // Both names of a format stand in the answer: the key is always one of the request's values.
  const value = bodyAs(body, format, bodyContext(site, content));
  return { [format]: { representation: format, value } };
}

export function versionModel(site: Site, version: ContentVersion): object {
  const { number, message, minorEdit, createdAt, author } = version;
  return { number, message, minorEdit, createdAt, authorId: accountId(site, author) };
}

function parentFacts(site: Site, content: Content): object {
  if (content.parentId === undefined) return { parentId: null, parentType: null };
  const type = site.contents.get(content.parentId)?.kind === "folder" ? "folder" : "page";
  return { parentId: content.parentId, parentType: type };
}

export interface Shown {
  readonly version: ContentVersion;
  readonly status: string;
  readonly format?: Format | undefined;
}

/** A page, folder or blog post without its optional parts. */
export function contentModel(call: Call, content: Content, shown: Shown): object {
  const { site } = call;
  const { version, status, format } = shown;
  const tree =
    content.kind === "blogpost"
      ? {}
      : { ...parentFacts(site, content), position: content.position, lastOwnerId: null };
  return {
    ...tree,
    ...(content.kind === "folder"
      ? { type: "folder" }
      : { body: bodyModel(call, content, version.body, format) }),
    id: content.id,
    status,
    title: version.title,
    spaceId: content.spaceId,
    authorId: accountId(site, content.author),
    ownerId: accountId(site, content.owner),
    createdAt: content.createdAt,
    version: versionModel(site, version),
    _links: contentLinks(site, content),
  };
}

export function propertyModel(site: Site, { id, key, value, version }: Property): object {
  const { number, createdAt, author } = version;
  return {
    id,
    key,
    value,
    version: {
      number,
      createdAt,
      message: "",
      minorEdit: false,
      authorId: accountId(site, author),
    },
  };
}

export function spaceModel(site: Site, space: Space, plainDescription: boolean): object {
  const { id, key, name, type, createdAt, homepageId, description } = space;
  const plain = { representation: "plain", value: description };
  return {
    id,
    key,
    name,
    type,
    status: "current",
    authorId: accountId(site, space.author),
    spaceOwnerId: accountId(site, space.author),
    createdAt,
    ...(homepageId === undefined ? {} : { homepageId }),
    description: plainDescription ? { plain } : null,
    icon: null,
    _links: { webui: `/spaces/${key}` },
  };
}

export function commentModel(call: Call, comment: Content, format: Format | undefined): object {
  const { site } = call;
  const version = latest(comment);
  const on = site.contents.get(comment.containerId ?? "");
  const place = on?.kind === "blogpost" ? "blogPostId" : "pageId";
  const webui = on === undefined ? "" : contentLinks(site, on)["webui"];
  return {
    id: comment.id,
    status: comment.status,
    title: version.title,
    [place]: comment.containerId,
    ...(comment.parentId === undefined ? {} : { parentCommentId: comment.parentId }),
    version: versionModel(site, version),
    body: bodyModel(call, comment, version.body, format),
    ...inlineFacts(site, comment),
    _links: { webui: `${webui}?focusedCommentId=${comment.id}` },
  };
}

function inlineFacts(site: Site, { inline }: Content): object {
  if (inline === undefined) return {};
  const { markerRef, selection, resolution, resolvedBy, resolvedAt } = inline;
  return {
    resolutionStatus: resolution,
    ...(resolvedBy === undefined ? {} : { resolutionLastModifierId: accountId(site, resolvedBy) }),
    ...(resolvedAt === undefined ? {} : { resolutionLastModifiedAt: resolvedAt }),
    properties: {
      inlineMarkerRef: markerRef,
      inlineOriginalSelection: selection,
      "inline-marker-ref": markerRef,
      "inline-original-selection": selection,
    },
  };
}

export function attachmentModel(call: Call, attachment: Content): object {
  const { site } = call;
  const version = latest(attachment);
  const { file, containerId = "" } = attachment;
  const name = encodeURIComponent(version.title);
  const webui = `/pages/viewpageattachments.action?pageId=${containerId}&preview=/${containerId}/${attachment.id}/${name}`;
  const download = `/download/attachments/${containerId}/${name}?version=${version.number}&api=v2`;
  return {
    id: attachment.id,
    status: attachment.status,
    title: version.title,
    createdAt: attachment.createdAt,
    pageId: containerId,
    mediaType: file?.mediaType,
    mediaTypeDescription: file?.mediaType,
    comment: file?.comment,
    fileId: file?.mediaId,
    fileSize: file?.sizeBytes,
    webuiLink: webui,
    downloadLink: download,
    version: versionModel(site, version),
    _links: { webui, download },
  };
}

export function userModel(user: SandboxUser, { site }: Call): object {
  const personal = [...site.spaces.values()].find(({ key }) => key === `~${user.name}`);
  return {
    accountId: user.accountId,
    accountType: "atlassian",
    accountStatus: user.active ? "active" : "inactive",
    displayName: user.displayName,
    publicName: user.displayName,
    email: user.email,
    timeZone: user.timeZone,
    isExternalCollaborator: false,
    profilePicture: { path: "/wiki/aa-avatar/default", isDefault: true },
    ...(personal === undefined ? {} : { personalSpaceId: personal.id }),
  };
}

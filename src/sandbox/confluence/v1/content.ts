import { contentLinks } from "../links.ts";
import { notFound } from "../refused.ts";
import { type Call, param } from "../requests.ts";
import { bodyAs } from "../storage/body.ts";
import {
  ancestorsOf,
  attachedTo,
  bodyContext,
  type Content,
  type ContentVersion,
  childrenOf,
  findContent,
  latest,
  type Space,
  userNamed,
} from "../world.ts";
import { linkBase, listModel } from "./envelope.ts";
import { type Expand, nothingExpanded, within } from "./expand.ts";
import { personModel, userModel } from "./people.ts";
import { spaceModel } from "./spaces.ts";

/** The content that the path names. @throws Refused 404 when it is absent or hidden. */
export function contentAt(call: Call, name: string): Content {
  const id = param(call, name);
  const content = findContent(call.site, call.user, id);
  if (content === undefined) throw notFound(`No content found with id: ContentId{id=${id}}`);
  return content;
}

const firstPage = { start: 0, limit: 25 };

function versionModel(call: Call, content: Content, version: ContentVersion): object {
  const { number, message, minorEdit, createdAt: when, author } = version;
  const self = `${linkBase(call).base}/rest/api/content/${content.id}/version/${number}`;
  const own =
    call.site.deployment === "cloud" ? { friendlyWhen: when.slice(0, 10) } : { hidden: false };
  const by = personModel(call, author);
  return { by, when, message, number, minorEdit, ...own, _links: { self } };
}

/** Who made the content and who changed it. */
export function historyModel(call: Call, content: Content, expand: Expand): object {
  const version = latest(content);
  const self = `${linkBase(call).base}/rest/api/content/${content.id}/history`;
  const before = content.versions.at(-2);
  const names = [...new Set(content.versions.map(({ author }) => author))];
  const users = names.flatMap((name) => userNamed(call.site, name) ?? []);
  const publishers = {
    users: users.map((user) => userModel(call, user)),
    userKeys: users.map(({ key }) => key),
    ...(call.site.deployment === "cloud"
      ? { userAccountIds: users.map(({ accountId }) => accountId) }
      : {}),
  };
  return {
    latest: true,
    createdBy: personModel(call, content.author),
    createdDate: content.createdAt,
    ...(expand.has("lastUpdated") ? { lastUpdated: versionModel(call, content, version) } : {}),
    ...(expand.has("previousVersion") && before !== undefined
      ? { previousVersion: versionModel(call, content, before) }
      : {}),
    ...(expand.has("contributors") ? { contributors: { publishers } } : {}),
    _links: { self },
    _expandable: { lastUpdated: "", previousVersion: "", contributors: "", nextVersion: "" },
  };
}

export function labelModel({ id, name, prefix }: Content["labels"][number]): object {
  return { id, name, prefix, label: name };
}

function bodies(call: Call, content: Content, version: ContentVersion, expand: Expand): object {
  const context = bodyContext(call.site, content);
  const known = [
    "storage",
    "view",
    "export_view",
    "styled_view",
    "anonymous_export_view",
    "editor",
  ];
  if (call.site.deployment === "cloud") known.push("atlas_doc_format");
  const shown = known.filter((name) => expand.has(name));
  const open = shown.map((name) => [
    name,
    {
      value: bodyAs(version.body, name, context),
      representation: name,
      _expandable: { content: "" },
    },
  ]);
  const closed = known.filter((name) => !expand.has(name)).map((name) => [name, ""]);
  return { ...Object.fromEntries(open), _expandable: Object.fromEntries(closed) };
}

function metadata(call: Call, content: Content, expand: Expand): object {
  const labels = listModel(call, content.labels, labelModel, { start: 0, limit: 200 });
  return {
    ...(content.file === undefined
      ? {}
      : { mediaType: content.file.mediaType, comment: content.file.comment }),
    ...(expand.has("labels") ? { labels } : {}),
    _expandable: { currentuser: "", properties: "", frontend: "", editorHtml: "" },
  };
}

function children(call: Call, content: Content, expand: Expand): object {
  const open = (name: "page" | "comment" | "attachment"): object => {
    if (!expand.has(name)) return {};
    const found = name === "page" ? childPages(call, content) : topAttached(call, content, name);
    const write = (one: Content): object => contentModel(call, one, within(expand, name));
    return { [name]: listModel(call, found, write, firstPage) };
  };
  const at = `/rest/api/content/${content.id}/child`;
  return {
    ...open("page"),
    ...open("comment"),
    ...open("attachment"),
    _links: { self: `${linkBase(call).base}${at}` },
    _expandable: { page: `${at}/page`, comment: `${at}/comment`, attachment: `${at}/attachment` },
  };
}

export function childPages({ site }: Call, content: Content): Content[] {
  return childrenOf(site, content.id).filter(({ kind }) => kind === "page");
}

/** Without replies, which are children of comments. */
function topAttached(call: Call, content: Content, kind: "comment" | "attachment"): Content[] {
  return currentAttached(call, content, kind).filter(({ parentId }) => parentId === undefined);
}

export function currentAttached(
  { site }: Call,
  content: Content,
  kind: "comment" | "attachment",
): Content[] {
  return attachedTo(site, content.id, kind).filter(({ status }) => status === "current");
}

function extensions(call: Call, content: Content): object {
  const { inline, file, position } = content;
  if (file !== undefined) {
    const { mediaType, sizeBytes: fileSize, comment } = file;
    return { mediaType, fileSize, comment };
  }
  if (content.kind !== "comment") return { position };
  if (inline === undefined) return { location: "footer" };
  const by = inline.resolvedBy === undefined ? undefined : personModel(call, inline.resolvedBy);
  return {
    location: "inline",
    inlineProperties: { originalSelection: inline.selection, markerRef: inline.markerRef },
    resolution: {
      status: inline.resolution,
      ...(by === undefined ? {} : { lastModifier: by, lastModifiedDate: inline.resolvedAt }),
    },
  };
}

function links(call: Call, content: Content): object {
  const { base, context } = linkBase(call);
  const self = `${base}/rest/api/content/${content.id}`;
  const on = call.site.contents.get(content.containerId ?? "");
  const { webui = "", tinyui = "" } = contentLinks(call.site, on ?? content);
  const isCloud = call.site.deployment === "cloud";
  const viewPage = `/pages/viewpage.action?pageId=${(on ?? content).id}`;
  const page = isCloud ? webui : viewPage;
  const mark = isCloud ? "?" : "&";
  const name = encodeURIComponent(latest(content).title);
  const version = latest(content).number;
  const more =
    content.kind === "attachment"
      ? {
          download: `/download/attachments/${content.containerId}/${name}?version=${version}&api=v2`,
        }
      : {};
  return {
    self,
    webui: content.kind === "comment" ? `${page}${mark}focusedCommentId=${content.id}` : page,
    ...(content.kind === "page" ? { tinyui } : {}),
    ...more,
    base,
    context,
  };
}

function container(call: Call, content: Content): object | undefined {
  const on = call.site.contents.get(content.containerId ?? "");
  if (on !== undefined) return contentModel(call, on, nothingExpanded);
  const space = call.site.spaces.get(content.spaceId);
  return space === undefined ? undefined : spaceModel(call, space, nothingExpanded);
}

/** Comments hang below comments, pages below pages; folders are not shown by v1. */
function ancestors(call: Call, content: Content): object[] {
  return ancestorsOf(call.site, content).map((one) => contentModel(call, one, nothingExpanded));
}

const expandable = [
  "container",
  "metadata",
  "operations",
  "children",
  "restrictions",
  "history",
  "ancestors",
  "body",
  "version",
  "descendants",
  "space",
];

/** A version other than the latest is shown as `historical`. */
export function contentModel(
  call: Call,
  content: Content,
  expand: Expand,
  version: ContentVersion = latest(content),
): object {
  const space: Space | undefined = call.site.spaces.get(content.spaceId);
  const parts: Readonly<Record<string, () => unknown>> = {
    space: () => space && spaceModel(call, space, within(expand, "space")),
    version: () => versionModel(call, content, version),
    history: () => historyModel(call, content, within(expand, "history")),
    ancestors: () => ancestors(call, content),
    body: () => bodies(call, content, version, within(expand, "body")),
    metadata: () => metadata(call, content, within(expand, "metadata")),
    children: () => children(call, content, within(expand, "children")),
    container: () => container(call, content),
    operations: () =>
      ["read", "update", "delete"].map((operation) => ({ operation, targetType: content.kind })),
  };
  const open = Object.entries(parts).filter(([name]) => expand.has(name));
  const closed = expandable.filter((name) => !(name in parts && expand.has(name)));
  const isCloud = call.site.deployment === "cloud";
  return {
    id: content.id,
    type: content.kind,
    status: version === latest(content) ? content.status : "historical",
    title: version.title,
    ...(isCloud ? { macroRenderedOutput: {} } : {}),
    extensions: extensions(call, content),
    ...(content.kind === "attachment" && !expand.has("metadata")
      ? { metadata: metadata(call, content, nothingExpanded) }
      : {}),
    ...Object.fromEntries(open.map(([name, write]) => [name, write()])),
    _links: links(call, content),
    _expandable: Object.fromEntries(closed.map((name) => [name, ""])),
  };
}

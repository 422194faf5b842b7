import { type ExcerptKind, excerpt, highlight } from "../cql/excerpt.ts";
import { bodyText, dateOf, type Hit, titleOf } from "../cql/fields.ts";
import { contentLinks } from "../links.ts";
import { badRequest } from "../refused.ts";
import { type Call, enumParam } from "../requests.ts";
import { type SearchLimits, search } from "../search.ts";
import { contentModel } from "./content.ts";
import { linkBase, listModel, relativePath, sliceOf } from "./envelope.ts";
import { type Expand, highestLimit, parseExpand, within } from "./expand.ts";
import { userModel } from "./people.ts";
import { spaceModel } from "./spaces.ts";

const excerptKinds = [
  "highlight",
  "highlight_unescaped",
  "indexed",
  "indexed_unescaped",
  "none",
] as const;

interface Writing {
  readonly call: Call;
  readonly expand: Expand;
  readonly excerptKind: ExcerptKind;
  readonly pattern: RegExp | undefined;
}

function thing({ call, expand }: Writing, hit: Hit): object {
  switch (hit.kind) {
    case "content":
      return { content: contentModel(call, hit.content, within(expand, "content")) };
    case "space":
      return { space: spaceModel(call, hit.space, within(expand, "space")) };
    case "user":
      return { user: userModel(call, hit.user) };
  }
}

function textOf({ call }: Writing, hit: Hit): string {
  if (hit.kind === "content") return bodyText(call.site, hit.content);
  return hit.kind === "space" ? hit.space.description : "";
}

function urlOf({ call }: Writing, hit: Hit): string {
  const isCloud = call.site.deployment === "cloud";
  switch (hit.kind) {
    case "content": {
      const on = call.site.contents.get(hit.content.containerId ?? "") ?? hit.content;
      if (!isCloud) return `/pages/viewpage.action?pageId=${on.id}`;
      return contentLinks(call.site, on)["webui"] ?? "";
    }
    case "space":
      return `/spaces/${hit.space.key}`;
    case "user":
      return isCloud ? `/people/${hit.user.accountId}` : `/display/~${hit.user.name}`;
  }
}

function resultModel(writing: Writing, hit: Hit): object {
  const { call, excerptKind, pattern } = writing;
  const space = hit.kind === "content" ? call.site.spaces.get(hit.content.spaceId) : undefined;
  const lastModified = dateOf(hit, "lastmodified") ?? call.site.now().toISOString();
  return {
    ...thing(writing, hit),
    title: highlight(titleOf(hit), excerptKind === "none" ? undefined : pattern),
    excerpt: excerpt(textOf(writing, hit), excerptKind, pattern),
    url: urlOf(writing, hit),
    ...(space === undefined
      ? {}
      : { resultGlobalContainer: { title: space.name, displayUrl: `/spaces/${space.key}` } }),
    breadcrumbs: [],
    entityType: hit.kind,
    iconCssClass: `aui-icon content-type-${hit.kind === "content" ? hit.content.kind : hit.kind}`,
    lastModified,
    friendlyLastModified: lastModified.slice(0, 10),
    score: 0,
  };
}

function cqlOf({ request }: Call): string {
  const cql = request.query.get("cql");
  if (cql === null || cql.trim() === "") throw badRequest("CQL query must be provided");
  return cql;
}

/** Cloud's next page is behind an opaque cursor, Data Center's behind an offset. */
function startOf({ request, site }: Call): number | undefined {
  const cursor = request.query.get("cursor");
  if (site.deployment !== "cloud" || cursor === null) return undefined;
  const start = /^_f_([\w-]+)$/.exec(cursor)?.[1];
  const offset = Number(Buffer.from(start ?? "", "base64url").toString("utf8"));
  if (start === undefined || !Number.isInteger(offset)) throw badRequest("Invalid cursor");
  return offset;
}

function pageModel<T>(
  call: Call,
  items: readonly T[],
  write: (item: T) => unknown,
  highest: number,
) {
  const slice = sliceOf(call, highest, startOf(call));
  const model = listModel(call, items, write, slice);
  const end = slice.start + slice.limit;
  if (call.site.deployment !== "cloud") return model;
  const { base, context } = linkBase(call);
  const query = new URLSearchParams(call.request.query);
  query.set("next", "true");
  query.set("cursor", `_f_${Buffer.from(String(end)).toString("base64url")}`);
  query.set("limit", String(slice.limit));
  query.set("start", String(end));
  const more = slice.limit > 0 && end < items.length;
  const next = more ? { next: `${relativePath(call)}?${query}` } : {};
  return { ...model, _links: { base, context, self: `${base}${relativePath(call)}`, ...next } };
}

/** `GET /search` and `GET /search/user`: results with excerpts. */
export function searchResults(call: Call, limits: SearchLimits = {}) {
  const cql = cqlOf(call);
  const expand = parseExpand(call.request.query.getAll("expand"));
  const excerptKind = enumParam(call, "excerpt", excerptKinds) ?? "highlight";
  const { hits, pattern } = search(cql, call, limits);
  const writing = { call, expand, excerptKind, pattern };
  const write = (hit: Hit): object => resultModel(writing, hit);
  return {
    status: 200,
    json: {
      ...pageModel(call, hits, write, highestLimit(expand)),
      totalSize: hits.length,
      cqlQuery: cql,
      searchDuration: 1,
    },
  };
}

/** `GET /content/search`: the content alone. */
export function searchContent(call: Call) {
  const expand = parseExpand(call.request.query.getAll("expand"));
  const { hits } = search(cqlOf(call), call, { only: "content" });
  const found = hits.flatMap((hit) => (hit.kind === "content" ? [hit.content] : []));
  const write = (content: (typeof found)[number]): object => contentModel(call, content, expand);
  return { status: 200, json: pageModel(call, found, write, highestLimit(expand)) };
}

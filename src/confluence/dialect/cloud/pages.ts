import { z } from "zod";
import { parseAnswer } from "../../../atlassian/parse.ts";
import { isOurs } from "../../../errors.ts";
import { apiPath } from "../../../http/path.ts";
import type { ApiClient } from "../../../http/types.ts";
import type { Label } from "../../models/label.ts";
import { type Ancestor, nextVersion, type StoredPage } from "../../models/page.ts";
import type { Space } from "../../models/space.ts";
import type { LabelStore, NewPage, PageChange, PageParts, PageStore } from "../types.ts";
import { visibleAttachments } from "./attachments.ts";
import { cloudChildren } from "./children.ts";
import { contentPath, type Kind, withKind } from "./kinds.ts";
import { listAll } from "./paging.ts";
import type { CloudSpaces } from "./spaces.ts";
import { personOf, type WirePage, wireId, wireList, wireNode, wirePage } from "./wire.ts";

/** What is read beside a page and may fail without it. */
type Visible = Pick<StoredPage, "ancestors" | "attachments" | "warnings">;

const readable: readonly Kind[] = ["pages", "blogposts"];

const minorEditNote =
  "Confluence Cloud's page API has no minor edit: watchers may have been notified.";

export function cloudPages(api: ApiClient, spaces: CloudSpaces, labels: LabelStore): PageStore {
  const assemble = async (wire: WirePage, kind: Kind): Promise<StoredPage> => {
    const space = await spaces.byId(wire.spaceId ?? "");
    return { ...pageFacts(wire, kind === "blogposts" ? "blogpost" : "page"), space };
  };
  return {
    minorEditNote,
    async get(id, parts = {}) {
      const { wire, kind } = await withKind(api, id, readable, async (each) => ({
        kind: each,
        wire: await fetchPage(api, each, id, parts),
      }));
      const page = await assemble(wire, kind);
      const wantsAncestors = parts.metadata && page.parentId !== undefined && kind === "pages";
      const [above, attached, allLabels]: [Visible, Visible, readonly Label[]] = await Promise.all([
        wantsAncestors ? visibleAncestors(api, id) : {},
        parts.attachments ? visibleAttachments(api, kind, id) : {},
        parts.metadata && wire.labels?.meta?.hasMore ? labels.list(id) : labelsOf(wire),
      ]);
      const warnings = [...(above.warnings ?? []), ...(attached.warnings ?? [])];
      const found = { ...page, ...above, ...attached, warnings };
      if (!parts.metadata) return found;
      return { ...found, labels: allLabels, properties: propertiesOf(wire) };
    },
    async find(space, title) {
      const answer = await api.json({
        path: apiPath`/api/v2/pages`,
        query: { "space-id": [await idOf(spaces, space)], title, limit: 1 },
      });
      const wire = parseAnswer(wireList(wirePage), answer, "pages").results[0];
      return wire && assemble(wire, "pages");
    },
    children: (parentId, query) => cloudChildren(api, spaces, parentId, query),
    // The space is known: a request that fails now would hide what was written.
    async create(page) {
      const wire = await postPage(api, page, await idOf(spaces, page.space));
      return { ...pageFacts(wire, "page"), space: page.space };
    },
    replace: async (current, change) => ({
      ...pageFacts(await putPage(api, current, change), current.type),
      space: current.space,
    }),
    async trash(page) {
      const path = contentPath(kindOfPage(page), page.id);
      await api.json({ method: "DELETE", path, order: `page:${page.id}` });
    },
  };
}

async function fetchPage(
  api: ApiClient,
  kind: Kind,
  id: string,
  parts: PageParts,
): Promise<WirePage> {
  const path = contentPath(kind, id);
  const query = {
    "body-format": parts.body ? "storage" : undefined,
    "include-labels": parts.metadata,
    "include-properties": parts.metadata,
  };
  try {
    return parseAnswer(wirePage, await api.json({ path, query }), "page");
  } catch (error) {
    if (!isOurs(error, "not_found")) throw error;
    // What was never published answers 404 unless its draft is asked for.
    const draft = await api.json({ path, query: { ...query, "get-draft": true } });
    return parseAnswer(wirePage, draft, "page");
  }
}

async function postPage(api: ApiClient, page: NewPage, spaceId: string): Promise<WirePage> {
  const { title, parentId, subtype, body } = page;
  const answer = await api.json({
    method: "POST",
    path: apiPath`/api/v2/pages`,
    json: { spaceId, status: "current", title, parentId, subtype, body },
    order: parentId === undefined ? undefined : `page:${parentId}`,
  });
  return parseAnswer(wirePage, answer, "page");
}

async function putPage(
  api: ApiClient,
  current: StoredPage,
  { title, parentId, body, message }: PageChange,
): Promise<WirePage> {
  const answer = await api.json({
    method: "PUT",
    path: contentPath(kindOfPage(current), current.id),
    json: {
      id: current.id,
      status: current.status === "draft" ? "draft" : "current",
      title,
      parentId,
      body,
      version: { number: nextVersion(current), message },
    },
    // Sent twice, the second one would meet the version of the first and look like somebody else's edit.
    idempotent: false,
    order: `page:${current.id}`,
  });
  return parseAnswer(wirePage, answer, "page");
}

async function idOf(spaces: CloudSpaces, space: Space): Promise<string> {
  return space.id ?? (await spaces.byKey(space.key)).id ?? "";
}
function kindOfPage(page: StoredPage): Kind {
  return page.type === "blogpost" ? "blogposts" : "pages";
}

/** The facts of a v2 page that need no further request. */
export function pageFacts(wire: WirePage, type: string): Omit<StoredPage, "space"> {
  return {
    id: wire.id,
    type,
    status: wire.status ?? "current",
    subtype: wire.subtype ?? undefined,
    title: wire.title ?? "",
    parentId: wire.parentId ?? undefined,
    author: personOf(wire.authorId),
    createdAt: wire.createdAt ?? undefined,
    version: wire.version
      ? {
          number: wire.version.number,
          author: personOf(wire.version.authorId),
          when: wire.version.createdAt ?? undefined,
        }
      : undefined,
    webui: wire._links?.webui ?? undefined,
    body: wire.body,
  };
}

function labelsOf(wire: WirePage): readonly Label[] {
  return wire.labels?.results ?? [];
}

function propertiesOf(wire: WirePage): Record<string, unknown> {
  return Object.fromEntries((wire.properties?.results ?? []).map(({ key, value }) => [key, value]));
}

const ancestorAnswer = z.looseObject({ id: wireId, type: z.string().nullish() });

/** Ancestors take a scope of their own, and a page is worth reading without them. */
async function visibleAncestors(
  api: ApiClient,
  id: string,
): Promise<Pick<StoredPage, "ancestors" | "warnings">> {
  try {
    return { ancestors: await ancestorsOf(api, id) };
  } catch (error) {
    if (!isOurs(error, "scope", "forbidden")) throw error;
    return { warnings: [`The pages above could not be read: ${error.message}`] };
  }
}

/** v2 names ancestors by id only; the titles of pages cost one request for all, those of folders one each. */
async function ancestorsOf(api: ApiClient, id: string): Promise<Ancestor[]> {
  const chain = await listAll(api, apiPath`/api/v2/pages/${id}/ancestors`, ancestorAnswer);
  const ids = chain.filter(({ type }) => type === "page").map((ancestor) => ancestor.id);
  const pages =
    ids.length === 0 ? [] : await listAll(api, apiPath`/api/v2/pages`, wirePage, { id: ids });
  const folders = await Promise.all(
    chain.filter(({ type }) => type === "folder").map((folder) => folderOf(api, folder.id)),
  );
  const titles = new Map(
    [...pages, ...folders].map(({ id: own, title }) => [own, title ?? undefined]),
  );
  return chain.map(({ id: ancestorId, type }) => ({
    id: ancestorId,
    title: titles.get(ancestorId),
    type: type === "page" ? undefined : (type ?? undefined),
  }));
}

async function folderOf(api: ApiClient, id: string) {
  try {
    const answer = await api.json({ path: apiPath`/api/v2/folders/${id}` });
    return parseAnswer(wireNode, answer, "folder");
  } catch (error) {
    // The page is worth reading without the title of a folder that the caller may not see.
    if (isOurs(error)) return { id, title: undefined };
    throw error;
  }
}

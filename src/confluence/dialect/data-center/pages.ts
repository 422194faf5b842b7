import { parseAnswer } from "../../../atlassian/parse.ts";
import { AtlassianMcpError, isOurs } from "../../../errors.ts";
import { apiPath } from "../../../http/path.ts";
import type { ApiClient } from "../../../http/types.ts";
import { nextVersion, type StoredPage } from "../../models/page.ts";
import { emojiKeys, widthKeys } from "../../page-properties.ts";
import type { ChildPage, NewPage, PageBody, PageChange, PageParts, PageStore } from "../types.ts";
import { attachedTo, attachmentExpansions } from "./attachments.ts";
import { listItems } from "./paging.ts";
import { pageFacts, type WireContent, wireContent, wireList } from "./wire.ts";

const always = ["version", "space", "history", "ancestors"];
const metadata = [
  "metadata.labels",
  `metadata.properties.${emojiKeys[0]}`,
  `metadata.properties.${widthKeys[0]}`,
];

export function dataCenterPages(api: ApiClient): PageStore {
  return {
    async get(id, parts = {}) {
      const wire = await fetchContent(api, id, expandOf(parts));
      if (wire.type === "page" || wire.type === "blogpost") {
        return { ...withSpace(wire), attachments: attachedTo(wire) };
      }
      throw new AtlassianMcpError("not_found", `${id} is a ${wire.type}, not a page`, {
        next: "Give the id of a page; confluence_search finds pages.",
      });
    },
    async find(space, title) {
      const answer = await api.json({
        path: apiPath`/rest/api/content`,
        query: { spaceKey: space.key, title, type: "page", limit: 1, expand: always.join(",") },
      });
      const wire = parseAnswer(wireList(wireContent), answer, "pages").results[0];
      return wire && withSpace(wire);
    },
    async children(parentId, { start, limit, bodies, expand }) {
      const expansions = [...new Set([...expand, ...(bodies ? ["body.storage", "version"] : [])])];
      const found = await listItems(
        api,
        apiPath`/rest/api/content/${parentId}/child/page`,
        wireContent,
        // One more than wanted shows whether something follows.
        { start, limit: limit + 1, query: { expand: expansions.join(",") || undefined } },
      );
      const items: ChildPage[] = found.items
        .slice(0, limit)
        .map((wire) => ({ ...pageFacts(wire), parentId: undefined }));
      return { items, isLast: found.isLast && found.items.length <= limit };
    },
    create: async (page) => withSpace(await postPage(api, page)),
    // What was written stays written, whatever the answer leaves out.
    replace: async (current, change) => {
      const page = pageFacts(await putPage(api, current, change));
      const version = page.version ?? { number: nextVersion(current) };
      return { ...page, version, webui: page.webui ?? current.webui, space: current.space };
    },
    async trash(page) {
      const path = apiPath`/rest/api/content/${page.id}`;
      await api.json({ method: "DELETE", path, order: `page:${page.id}` });
    },
  };
}

async function postPage(api: ApiClient, page: NewPage): Promise<WireContent> {
  if (page.subtype !== undefined) throw noLiveDocs();
  const answer = await api.json({
    method: "POST",
    path: apiPath`/rest/api/content`,
    query: { expand: always.join(",") },
    json: {
      type: "page",
      title: page.title,
      space: { key: page.space.key },
      ancestors: page.parentId === undefined ? undefined : [{ id: page.parentId }],
      body: bodyOf(page.body),
    },
    order: page.parentId === undefined ? undefined : `page:${page.parentId}`,
  });
  return parseAnswer(wireContent, answer, "page");
}

async function putPage(
  api: ApiClient,
  current: StoredPage,
  { title, parentId, body, message, minorEdit }: PageChange,
): Promise<WireContent> {
  const answer = await api.json({
    method: "PUT",
    path: apiPath`/rest/api/content/${current.id}`,
    query: { status: current.status === "draft" ? "draft" : undefined },
    json: {
      id: current.id,
      type: current.type,
      status: current.status,
      title,
      ancestors: parentId === undefined ? undefined : [{ id: parentId }],
      body: bodyOf(body),
      version: { number: nextVersion(current), message, minorEdit },
    },
    // Sent twice, the second one would meet the version of the first and look like somebody else's edit.
    idempotent: false,
    order: `page:${current.id}`,
  });
  return parseAnswer(wireContent, answer, "page");
}

/** The published content, else its draft. */
export async function fetchContent(
  api: ApiClient,
  id: string,
  expand: readonly string[],
): Promise<WireContent> {
  const path = apiPath`/rest/api/content/${id}`;
  const query = { expand: expand.join(",") || undefined };
  try {
    return parseAnswer(wireContent, await api.json({ path, query }), "content");
  } catch (error) {
    if (!isOurs(error, "not_found")) throw error;
    const draft = await api.json({ path, query: { ...query, status: "draft" } });
    return parseAnswer(wireContent, draft, "content");
  }
}

function expandOf(parts: PageParts): string[] {
  return [
    ...always,
    ...(parts.body ? ["body.storage"] : []),
    ...(parts.metadata ? metadata : []),
    ...(parts.attachments ? attachmentExpansions : []),
  ];
}

function bodyOf({ representation, value }: PageBody) {
  return { [representation]: { value, representation } };
}

function withSpace(wire: WireContent): StoredPage {
  if (wire.space == null) throw new AtlassianMcpError("shape", `Page ${wire.id} has no space`);
  const { key, name, id } = wire.space;
  return { ...pageFacts(wire), space: { key, name: name ?? key, id: id ?? undefined } };
}

function noLiveDocs(): AtlassianMcpError {
  return new AtlassianMcpError("unsupported", "Live docs exist on Confluence Cloud only", {
    next: "Leave subtype out to create an ordinary page.",
  });
}

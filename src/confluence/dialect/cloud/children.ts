import { collectTokens } from "../../../atlassian/paging.ts";
import { apiPath } from "../../../http/path.ts";
import type { ApiClient } from "../../../http/types.ts";
import type { ChildPage, ChildrenQuery } from "../types.ts";
import { contentPath, type Kind, withKind } from "./kinds.ts";
import { pageFacts } from "./pages.ts";
import { listAll, listPage, MAX_PAGE_SIZE } from "./paging.ts";
import type { CloudSpaces } from "./spaces.ts";
import { type WireNode, wireNode, wirePage } from "./wire.ts";

const parents: readonly Kind[] = ["pages", "folders", "whiteboards", "databases", "embeds"];

/** Pages and folders directly below a page, folder or other node of the content tree. */
export async function cloudChildren(
  api: ApiClient,
  spaces: CloudSpaces,
  parentId: string,
  query: ChildrenQuery,
): Promise<{ items: ChildPage[]; isLast: boolean }> {
  const shown = query.folders ? ["page", "folder"] : ["page"];
  const end = query.start + query.limit;
  const { items } = await withKind(api, parentId, parents, (kind) =>
    collectTokens({
      // One more than wanted shows whether something follows.
      limit: end + 1,
      pageSize: MAX_PAGE_SIZE,
      async fetch(cursor) {
        const page = await listPage(
          api,
          contentPath(kind, parentId, "/direct-children"),
          wireNode,
          {
            limit: MAX_PAGE_SIZE,
            cursor,
          },
        );
        return { ...page, items: page.items.filter(({ type }) => shown.includes(type ?? "page")) };
      },
    }),
  );
  const nodes = await Promise.all(
    items.slice(query.start, end).map((node) => childOf(node, spaces)),
  );
  return { items: await withDetails(api, nodes, query), isLast: items.length <= end };
}

async function childOf(node: WireNode, spaces: CloudSpaces): Promise<ChildPage> {
  const child = {
    id: node.id,
    type: node.type ?? "page",
    status: node.status ?? "current",
    title: node.title ?? "",
  };
  if (child.type !== "folder" || node.spaceId == null) return child;
  const { key } = await spaces.byId(node.spaceId);
  return { ...child, webui: `/spaces/${key}/folder/${node.id}` };
}

/** Versions, dates and bodies of all child pages in one request. */
async function withDetails(
  api: ApiClient,
  nodes: ChildPage[],
  query: ChildrenQuery,
): Promise<ChildPage[]> {
  const ids = nodes.filter(({ type }) => type === "page").map(({ id }) => id);
  const wanted = query.bodies || query.expand.some((word) => /^(version|history)/.test(word));
  if (!wanted || ids.length === 0) return nodes;
  const pages = await listAll(api, apiPath`/api/v2/pages`, wirePage, {
    id: ids,
    "body-format": query.bodies ? "storage" : undefined,
  });
  const byId = new Map(pages.map((page) => [page.id, page]));
  return nodes.map((node) => {
    const page = byId.get(node.id);
    return page ? { ...pageFacts(page, node.type), parentId: undefined } : node;
  });
}

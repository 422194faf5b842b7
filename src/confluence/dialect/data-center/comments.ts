import { parseAnswer } from "../../../atlassian/parse.ts";
import { AtlassianMcpError } from "../../../errors.ts";
import { apiPath } from "../../../http/path.ts";
import type { ApiClient } from "../../../http/types.ts";
import type { StoredComment } from "../../models/comment.ts";
import { offsetOf } from "../cursor.ts";
import type { CommentStore } from "../types.ts";
import { fetchContent } from "./pages.ts";
import { listItems } from "./paging.ts";
import { personOf, type WireContent, wireContent } from "./wire.ts";

const expand = [
  "body.storage",
  "version",
  "history",
  "ancestors",
  "container",
  "extensions.inlineProperties",
  "extensions.resolution",
];

export function dataCenterComments(api: ApiClient): CommentStore {
  return {
    async list(pageId, { limit, cursor }) {
      const start = offsetOf(cursor);
      const found = await listItems(
        api,
        apiPath`/rest/api/content/${pageId}/child/comment`,
        wireContent,
        {
          start,
          limit,
          query: {
            depth: "all",
            location: ["footer", "inline", "resolved"],
            expand: expand.join(","),
          },
        },
      );
      const next = found.isLast ? undefined : String(start + found.items.length);
      return { items: found.items.map((wire) => commentOf(wire, pageId)), next };
    },
    async get(commentId) {
      const wire = await fetchContent(api, commentId, expand);
      if (wire.type === "comment") return commentOf(wire);
      throw new AtlassianMcpError("not_found", `${commentId} is a ${wire.type}, not a comment`, {
        next: "confluence_get_comments lists the comments of a page with their ids.",
      });
    },
    async add(pageId, storage) {
      // The container must be named with its type, which an id does not show.
      const { id, type } = await fetchContent(api, pageId, []);
      return post(api, { container: { id, type } }, storage, `page:${pageId}`);
    },
    reply: (parent, storage) =>
      post(
        api,
        {
          container: { id: parent.containerId, type: parent.containerType ?? "page" },
          ancestors: [{ id: parent.id }],
        },
        storage,
        `comment:${parent.id}`,
      ),
  };
}

async function post(
  api: ApiClient,
  target: { readonly container: object; readonly ancestors?: readonly object[] },
  storage: string,
  order: string,
): Promise<StoredComment> {
  const answer = await api.json({
    method: "POST",
    path: apiPath`/rest/api/content`,
    query: { expand: expand.join(",") },
    json: {
      type: "comment",
      ...target,
      body: { storage: { value: storage, representation: "storage" } },
    },
    order,
  });
  return commentOf(parseAnswer(wireContent, answer, "comment"));
}

function commentOf(wire: WireContent, pageId?: string): StoredComment {
  const { extensions, version, history } = wire;
  const inline = extensions?.inlineProperties != null || extensions?.location === "inline";
  return {
    id: wire.id,
    location: inline ? "inline" : "footer",
    title: wire.title ?? undefined,
    containerId: wire.container?.id ?? pageId,
    containerType: wire.container?.type === "blogpost" ? "blogpost" : "page",
    parentId: wire.ancestors?.at(-1)?.id,
    body: wire.body,
    author: personOf(history?.createdBy) ?? personOf(version?.by),
    createdAt: history?.createdDate ?? undefined,
    updatedAt: version?.when ?? undefined,
    resolution: resolutionOf(extensions?.resolution, extensions?.location),
    selection: extensions?.inlineProperties?.originalSelection ?? undefined,
    webui: wire._links?.webui ?? undefined,
  };
}

function resolutionOf(resolution: unknown, location: string | null | undefined) {
  if (location === "resolved") return "resolved";
  if (typeof resolution === "string") return resolution || undefined;
  const isObject = typeof resolution === "object" && resolution !== null;
  const status = isObject && "status" in resolution ? resolution.status : undefined;
  return typeof status === "string" && status !== "" ? status : undefined;
}

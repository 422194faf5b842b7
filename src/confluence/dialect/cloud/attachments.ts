import { isOurs } from "../../../errors.ts";
import type { ApiClient } from "../../../http/types.ts";
import { MAX_LISTED, type StoredAttachment } from "../../models/attachment.ts";
import type { StoredPage } from "../../models/page.ts";
import { contentPath, type Kind } from "./kinds.ts";
import { listPage } from "./paging.ts";
import { personOf, type WireAttachment, wireAttachment } from "./wire.ts";

/** Attachments take a scope of their own, and a page is worth reading without them. */
export async function visibleAttachments(
  api: ApiClient,
  kind: Kind,
  id: string,
): Promise<Pick<StoredPage, "attachments" | "warnings">> {
  try {
    const path = contentPath(kind, id, "/attachments");
    const { items, next } = await listPage(api, path, wireAttachment, { limit: MAX_LISTED });
    const hasMore = next !== undefined || items.length > MAX_LISTED;
    return { attachments: { items: items.slice(0, MAX_LISTED).map(attachmentFacts), hasMore } };
  } catch (error) {
    if (!isOurs(error)) throw error;
    return { warnings: [`The attachments could not be read: ${error.message}`] };
  }
}

function attachmentFacts(wire: WireAttachment): StoredAttachment {
  return {
    id: wire.id,
    status: wire.status ?? "current",
    title: wire.title ?? "",
    mediaType: wire.mediaType ?? undefined,
    bytes: wire.fileSize ?? undefined,
    download: wire.downloadLink ?? wire._links?.download ?? undefined,
    version: wire.version?.number,
    createdAt: wire.createdAt ?? undefined,
    author: personOf(wire.version?.authorId),
  };
}

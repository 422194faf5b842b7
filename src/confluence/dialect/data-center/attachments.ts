import { type Attached, MAX_LISTED, type StoredAttachment } from "../../models/attachment.ts";
import { personOf, type WireAttachment, type WireContent } from "./wire.ts";

/** What has to be expanded on a page for {@link attachedTo}. */
export const attachmentExpansions = [
  "children.attachment.version",
  "children.attachment.history",
] as const;

/** The attachments that came with a page; `undefined` where they were not expanded. */
export function attachedTo(wire: WireContent): Attached | undefined {
  const list = wire.children?.attachment;
  if (list == null) return undefined;
  // An expanded list does not always say that it was cut.
  const hasMore = list._links?.next != null || list.results.length >= MAX_LISTED;
  return { items: list.results.slice(0, MAX_LISTED).map(attachmentFacts), hasMore };
}

function attachmentFacts(wire: WireAttachment): StoredAttachment {
  const { extensions, metadata } = wire;
  return {
    id: wire.id,
    status: wire.status ?? "current",
    title: wire.title ?? "",
    mediaType: extensions?.mediaType ?? metadata?.mediaType ?? undefined,
    bytes: extensions?.fileSize ?? undefined,
    download: wire._links?.download ?? undefined,
    version: wire.version?.number,
    createdAt: wire.history?.createdDate ?? undefined,
    author: personOf(wire.version?.by),
  };
}

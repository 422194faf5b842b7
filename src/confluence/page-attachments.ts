import type { Links } from "./links.ts";
import { type AttachmentResult, presentAttachment } from "./models/attachment.ts";
import type { StoredPage } from "./models/page.ts";
import type { Names, PersonRef } from "./models/person.ts";

/** Who is named in the list of attachments. */
export function attachmentAuthors({ attachments }: StoredPage): (PersonRef | undefined)[] {
  return attachments?.items.map(({ author }) => author) ?? [];
}

/** The list as a tool shows it; nothing where it was not read. */
export function listAttachments(
  { id, attachments }: StoredPage,
  links: Links,
  names: Names,
): {
  readonly attachments?: readonly AttachmentResult[];
  readonly attachmentsHint?: string;
} {
  if (attachments === undefined) return {};
  const { items, hasMore } = attachments;
  const shown = items.map((item) => presentAttachment(item, links.below(item.download), names));
  if (!hasMore) return { attachments: shown };
  const attachmentsHint = `Only the first ${items.length} attachments are listed; confluence_search with \`type = attachment AND container = ${id}\` finds all.`;
  return { attachments: shown, attachmentsHint };
}

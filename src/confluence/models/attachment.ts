import { compact } from "./compact.ts";
import { type Names, nameOf, type PersonRef } from "./person.ts";

/** How many attachments are listed with a page. */
export const MAX_LISTED = 25;

/** A file of a page or blog post as a deployment stores it. */
export interface StoredAttachment {
  readonly id: string;
  readonly status: string;
  readonly title: string;
  readonly mediaType?: string | undefined;
  readonly bytes?: number | undefined;
  /** Path below the browse base, as the site tells it. */
  readonly download?: string | undefined;
  readonly version?: number | undefined;
  /** ISO 8601, of the first version. */
  readonly createdAt?: string | undefined;
  /** Of the latest version. */
  readonly author?: PersonRef | undefined;
}

/** The first attachments of a page. */
export interface Attached {
  readonly items: readonly StoredAttachment[];
  /** There are, or may be, others. */
  readonly hasMore: boolean;
}

/** An attachment in the result of a page. */
export interface AttachmentResult {
  readonly id: string;
  readonly type: "attachment";
  readonly status: string;
  readonly title: string;
  readonly media_type?: string | undefined;
  /** Bytes. */
  readonly file_size?: number | undefined;
  readonly download_url?: string | undefined;
  readonly version_number?: number | undefined;
  readonly created?: string | undefined;
  readonly author_display_name?: string | undefined;
}

export function presentAttachment(
  { id, status, title, mediaType, bytes, version, createdAt, author }: StoredAttachment,
  downloadUrl: string | undefined,
  names: Names,
): AttachmentResult {
  return compact<AttachmentResult>({
    id,
    type: "attachment",
    status,
    title,
    media_type: mediaType,
    file_size: bytes,
    download_url: downloadUrl,
    version_number: version,
    created: createdAt,
    author_display_name: nameOf(author, names),
  });
}

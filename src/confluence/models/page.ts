import type { Attached, AttachmentResult } from "./attachment.ts";
import { compact } from "./compact.ts";
import type { Label } from "./label.ts";
import { type Names, nameOf, type PersonRef } from "./person.ts";
import type { Space } from "./space.ts";

/** A page or blog post as a deployment stores it. */
export interface StoredPage {
  readonly id: string;
  /** `page` or `blogpost`. */
  readonly type: string;
  /** `current`, `draft`, `archived`, … */
  readonly status: string;
  /** `live` for a live doc. */
  readonly subtype?: string | undefined;
  readonly title: string;
  readonly space: Space;
  readonly parentId?: string | undefined;
  readonly version?: PageVersion | undefined;
  readonly author?: PersonRef | undefined;
  /** ISO 8601. */
  readonly createdAt?: string | undefined;
  /** Path below the browse base, as the site tells it. */
  readonly webui?: string | undefined;
  /** Storage format, byte-exact; absent unless asked for. */
  readonly body?: string | undefined;
  readonly labels?: readonly Label[] | undefined;
  /** Outermost first; absent unless asked for. */
  readonly ancestors?: readonly Ancestor[] | undefined;
  /** Absent unless asked for. */
  readonly attachments?: Attached | undefined;
  /** Values of content properties by key; absent unless asked for. */
  readonly properties?: Readonly<Record<string, unknown>> | undefined;
  /** What was asked for and could not be read. */
  readonly warnings?: readonly string[] | undefined;
}

export interface PageVersion {
  readonly number: number;
  readonly author?: PersonRef | undefined;
  /** ISO 8601. */
  readonly when?: string | undefined;
}

export interface Ancestor {
  readonly id: string;
  readonly title?: string | undefined;
  readonly type?: string | undefined;
}

/** A page in a tool's result. */
export interface PageResult {
  readonly id: string;
  readonly title: string;
  readonly type: string;
  readonly status?: string | undefined;
  readonly subtype?: string | undefined;
  readonly url?: string | undefined;
  readonly space?: { readonly key: string; readonly name: string } | undefined;
  readonly parent_id?: string | undefined;
  readonly created?: string | undefined;
  readonly updated?: string | undefined;
  readonly author?: string | undefined;
  readonly version?: number | undefined;
  readonly version_author?: string | undefined;
  readonly version_date?: string | undefined;
  readonly labels?: readonly string[] | undefined;
  readonly ancestors?: readonly Ancestor[] | undefined;
  readonly emoji?: string | undefined;
  readonly page_width?: string | undefined;
  /** Present, if empty, whenever they were read. */
  readonly attachments?: readonly AttachmentResult[] | undefined;
  /** How to find those that are not listed. */
  readonly attachments_hint?: string | undefined;
  readonly content?: PageContent | undefined;
  /** Facts that could not be read. */
  readonly warnings?: readonly string[] | undefined;
}

export interface PageContent {
  readonly value: string;
  readonly format: "markdown" | "storage";
  /** Present when only a part is shown. */
  readonly total_characters?: number | undefined;
  readonly next_offset?: number | undefined;
  readonly hint?: string | undefined;
}

/** What {@link presentPage} cannot know from the page itself. */
export interface PageExtras {
  readonly url?: string | undefined;
  readonly names?: Names | undefined;
  readonly attachments?: readonly AttachmentResult[] | undefined;
  readonly attachmentsHint?: string | undefined;
  readonly content?: PageContent | undefined;
  readonly emoji?: string | undefined;
  readonly pageWidth?: string | undefined;
}

/** The page as a tool shows it. A status of `current` says nothing and is left out. */
export function presentPage(
  page: Omit<StoredPage, "space"> & { readonly space?: Space | undefined },
  extras: PageExtras,
): PageResult {
  const names = extras.names ?? new Map<string, string>();
  const shown = compact<PageResult>({
    id: page.id,
    title: page.title,
    type: page.type,
    status: page.status === "current" ? undefined : page.status,
    subtype: page.subtype,
    url: extras.url,
    space: page.space && { key: page.space.key, name: page.space.name },
    parent_id: page.parentId,
    created: page.createdAt,
    updated: page.version?.when,
    author: nameOf(page.author, names),
    version: page.version?.number,
    version_author: nameOf(page.version?.author, names),
    version_date: page.version?.when,
    labels: page.labels?.map((label) => label.label),
    ancestors: page.ancestors?.map((ancestor) => compact<Ancestor>({ ...ancestor })),
    emoji: extras.emoji,
    page_width: extras.pageWidth,
    attachments: extras.attachments,
    attachments_hint: extras.attachmentsHint,
    content: extras.content,
    warnings: page.warnings,
  });
  // An empty list says that there are none, a missing one that nobody looked.
  return extras.attachments?.length === 0 ? { ...shown, attachments: [] } : shown;
}

/** The page without what a writer knows anyway: authors, labels, ancestors. */
export function presentBriefly(page: StoredPage, url: string): PageResult {
  const { id, type, status, subtype, title, space, parentId } = page;
  const version = page.version && { number: page.version.number, when: page.version.when };
  return presentPage({ id, type, status, subtype, title, space, parentId, version }, { url });
}

/** The number that the next write must carry. Drafts have one version, which is replaced. */
export function nextVersion(page: StoredPage): number {
  return page.status === "draft" ? 1 : (page.version?.number ?? 0) + 1;
}

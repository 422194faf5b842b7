import { AtlassianMcpError, isOurs } from "../errors.ts";
import {
  type BodySource,
  type ContentFormat,
  type PreparedBody,
  prepareBody,
  readStored,
  requireNoLoss,
  type TableLayout,
} from "./body.ts";
import { readContentFile } from "./content-file.ts";
import { type Core, contentIdOf, namesFor } from "./core.ts";
import type { PageBody } from "./dialect/types.ts";
import { type PageResult, presentBriefly, presentPage, type StoredPage } from "./models/page.ts";
import type { Space } from "./models/space.ts";
import { type PageLook, readLook, writeLook } from "./page-properties.ts";
import { loadPage } from "./pages.ts";

/** A body and how to read it: `content` or `contentFile`, not both. */
export interface ContentInput {
  readonly content?: string | undefined;
  /** Path below the operator's folder for files. */
  readonly contentFile?: string | undefined;
  readonly format: ContentFormat;
  readonly headingAnchors: boolean;
  readonly tableLayout?: TableLayout | undefined;
}

export interface PageCreation extends ContentInput, PageLook {
  readonly spaceKey: string;
  readonly title: string;
  readonly parentId?: string | undefined;
  readonly subtype?: "live" | undefined;
  /** Show the stored body in the result. */
  readonly includeContent: boolean;
}

export interface PageUpdate extends ContentInput, PageLook {
  readonly page: string;
  readonly title: string;
  readonly parentId?: string | undefined;
  readonly minorEdit: boolean;
  readonly versionComment?: string | undefined;
  /** Number of the version that the caller has read. */
  readonly expectedVersion?: number | undefined;
  readonly allowContentLoss: boolean;
  readonly includeContent: boolean;
}

export interface PageWriteResult {
  readonly message: string;
  readonly page: PageResult;
  /** Steps that failed after the page was written. */
  readonly warnings?: readonly string[] | undefined;
}

export interface PageWrites {
  /** @throws AtlassianMcpError `conflict` with the existing page when the title is taken; `input`, `forbidden`, `unsupported`. */
  create(creation: PageCreation): Promise<PageWriteResult>;
  /** @throws AtlassianMcpError `conflict` with the current version; `input` when content would be lost; `forbidden`. */
  update(update: PageUpdate): Promise<PageWriteResult>;
  /** @throws AtlassianMcpError `not_found`, `forbidden`; `unsupported` for drafts. */
  trash(page: string): Promise<{ success: true; message: string; page: PageResult }>;
}

export function writePages(core: Core): PageWrites {
  return {
    create: (creation) => createPage(core, creation),
    update: (update) => updatePage(core, update),
    trash: (page) => trashPage(core, page),
  };
}

async function createPage(core: Core, creation: PageCreation): Promise<PageWriteResult> {
  const source = await sourceOf(core, creation);
  if (source === undefined) throw needsContent();
  core.guard.requireSpace({ key: creation.spaceKey });
  const { body } = prepareBody(source);
  const parentId = await parentOf(core, creation.parentId);
  const space = await core.dialect.spaces.byKey(creation.spaceKey);
  const { title, subtype } = creation;
  const page = await core.dialect.pages
    .create({ space, title, body, parentId, subtype })
    .catch((error: unknown) => explainTitle(core, error, space, title));
  // The answer to a creation leaves the subtype out.
  const created = { ...page, subtype: page.subtype ?? subtype };
  return finish(core, created, creation, `Page "${page.title}" was created.`, []);
}

async function updatePage(core: Core, update: PageUpdate): Promise<PageWriteResult> {
  const source = await sourceOf(core, update);
  const id = await contentIdOf(core, update.page);
  const parentId = await parentOf(core, update.parentId);
  const current = await loadPage(core, id, { body: true });
  requireNotTrashed(current);
  const version = current.version?.number;
  if (update.expectedVersion !== undefined && update.expectedVersion !== version) {
    throw outdated(id, version, update.expectedVersion);
  }
  const step = { ...update, source, parentId };
  const notes =
    update.minorEdit && core.dialect.pages.minorEditNote ? [core.dialect.pages.minorEditNote] : [];
  if (!changesPage(current, step)) {
    return finish(core, current, update, `Page "${current.title}" keeps its version.`, []);
  }
  const page = await replacePage(core, current, step);
  return finish(core, page, update, `Page "${page.title}" was updated.`, notes);
}

interface UpdateStep extends PageUpdate {
  readonly source: BodySource | undefined;
}

function changesPage(current: StoredPage, step: UpdateStep): boolean {
  const moves = step.parentId !== undefined && step.parentId !== current.parentId;
  return step.source !== undefined || step.title !== current.title || moves;
}

async function replacePage(core: Core, current: StoredPage, step: UpdateStep): Promise<StoredPage> {
  const prepared = prepareUpdate(current, step);
  try {
    return await replaceOnce(core, current, step, prepared.body);
  } catch (error) {
    if (!isOurs(error, "conflict")) throw error;
    const latest = await loadPage(core, current.id, { body: true });
    if (latest.version?.number === current.version?.number) throw error;
    if (step.expectedVersion !== undefined || prepared.usesCurrent) {
      throw outdated(current.id, latest.version?.number, current.version?.number, error);
    }
    return replaceOnce(core, latest, step, prepareUpdate(latest, step).body);
  }
}

function prepareUpdate(current: StoredPage, step: UpdateStep): PreparedBody {
  if (step.source === undefined) {
    const body = { representation: "storage", value: current.body ?? "" } as const;
    return { body, usesCurrent: false, lost: [] };
  }
  const prepared = prepareBody(step.source, current.body);
  if (!step.allowContentLoss) requireNoLoss(prepared);
  return prepared;
}

function replaceOnce(
  core: Core,
  current: StoredPage,
  step: UpdateStep,
  body: PageBody,
): Promise<StoredPage> {
  const { title, parentId, versionComment, minorEdit } = step;
  return core.dialect.pages
    .replace(current, {
      title,
      body,
      parentId: parentId === current.parentId ? undefined : parentId,
      message: versionComment,
      minorEdit,
    })
    .catch((error: unknown) =>
      title === current.title
        ? rethrow(error)
        : explainTitle(core, error, current.space, title, current.id),
    );
}

async function trashPage(core: Core, text: string) {
  const page = await loadPage(core, await contentIdOf(core, text), {});
  const shown = presentBriefly(page, core.links.page(page));
  requireNotTrashed(page);
  if (page.status === "draft") {
    throw new AtlassianMcpError("unsupported", `Page ${page.id} is a draft: deleting it is final`, {
      next: "Discard the draft in Confluence itself.",
    });
  }
  await core.dialect.pages.trash(page);
  const message = `Page "${page.title}" was moved to the trash of space ${page.space.key}. It can be restored there: Space settings, Trash.`;
  return { success: true as const, message, page: shown };
}

/** A write would bring the page back, a deletion end it for good. */
function requireNotTrashed(page: StoredPage): void {
  if (page.status !== "trashed" && page.status !== "deleted") return;
  throw new AtlassianMcpError("unsupported", `Page ${page.id} is in the trash`, {
    next: `Restore it first: Space settings of ${page.space.key}, Trash.`,
  });
}

/** Emoji, width and the stored body: what follows a write that cannot be taken back. */
async function finish(
  core: Core,
  page: StoredPage,
  look: PageLook & { readonly includeContent: boolean },
  message: string,
  notes: readonly string[],
): Promise<PageWriteResult> {
  const warnings = [...notes, ...(await writeLook(core.dialect.properties, page.id, look))];
  const shown = await showWritten(core, page, look, warnings);
  return { message, page: shown, ...(warnings.length > 0 ? { warnings } : {}) };
}

async function showWritten(
  core: Core,
  page: StoredPage,
  look: PageLook & { readonly includeContent: boolean },
  warnings: string[],
): Promise<PageResult> {
  const url = core.links.page(page);
  if (!look.includeContent) return presentBriefly(page, url);
  try {
    const stored = await core.dialect.pages.get(page.id, { body: true, metadata: true });
    const body = readStored(stored.body ?? "");
    const names = await namesFor(core, [stored.author, stored.version?.author, ...body.people]);
    const content = { value: body.toMarkdown(names), format: "markdown" } as const;
    return presentPage(stored, { url, names, content, ...readLook(stored.properties) });
  } catch (error) {
    if (!isOurs(error)) throw error;
    warnings.push(`Page ${page.id} was written but could not be read back: ${error.message}`);
    return presentBriefly(page, url);
  }
}

async function sourceOf(core: Core, input: ContentInput): Promise<BodySource | undefined> {
  const { content, contentFile, format, headingAnchors, tableLayout } = input;
  if (content !== undefined && contentFile !== undefined) {
    throw new AtlassianMcpError("input", "Both content and content_file are given", {
      fields: { content_file: "cannot be combined with content" },
      next: "Give one of them.",
    });
  }
  const text =
    contentFile === undefined ? content : await readContentFile(contentFile, core.policy.filesRoot);
  if (text === undefined) return undefined;
  return { text, format, headingAnchors, tableLayout, mentions: core.dialect.mentions };
}

async function parentOf(core: Core, parent: string | undefined): Promise<string | undefined> {
  if (parent === undefined || parent.trim() === "") return undefined;
  const id = await contentIdOf(core, parent);
  await core.guard.requireContent(id);
  return id;
}

/** Sites refuse a taken title in their own words and language, so the page itself is looked for. */
async function explainTitle(
  core: Core,
  error: unknown,
  space: Space,
  title: string,
  own?: string,
): Promise<never> {
  if (!isOurs(error, "invalid", "conflict")) throw error;
  // Upstream's refusal says more than a failure to explain it.
  const taken = await core.dialect.pages.find(space, title).catch(() => undefined);
  if (taken === undefined || taken.id === own) throw error;
  const url = core.links.page(taken);
  throw new AtlassianMcpError(
    "conflict",
    `Space ${space.key} already has a page "${title}": id ${taken.id}, ${url}`,
    {
      ...error.details,
      next: "Choose another title, or change that page with confluence_update_page.",
    },
    error,
  );
}

function outdated(
  id: string,
  now: number | undefined,
  expected: number | undefined,
  cause?: unknown,
) {
  return new AtlassianMcpError(
    "conflict",
    `Page ${id} is at version ${now}, not at version ${expected}: somebody changed it meanwhile`,
    {
      next: "Read the page again, apply your change to it and write it with the new expected_version.",
    },
    cause,
  );
}

function needsContent(): AtlassianMcpError {
  return new AtlassianMcpError("input", "The page has no body", {
    fields: { content: "or content_file is required" },
    next: "Give content (it may be empty) or content_file.",
  });
}

function rethrow(error: unknown): never {
  throw error;
}

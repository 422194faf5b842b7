import { AtlassianMcpError, isOurs } from "../errors.ts";
import { readStored, type StoredBody } from "./body.ts";
import {
  boundedLimit,
  type Core,
  contentIdOf,
  explainNotFound,
  findPageId,
  namesFor,
} from "./core.ts";
import type { ChildPage, PageParts } from "./dialect/types.ts";
import { compact } from "./models/compact.ts";
import { type PageContent, type PageResult, presentPage, type StoredPage } from "./models/page.ts";
import type { Names } from "./models/person.ts";
import { attachmentAuthors, listAttachments } from "./page-attachments.ts";
import { readLook } from "./page-properties.ts";

export interface PageQuery {
  /** Id, address or tiny link; wins over title and space. */
  readonly page?: string | undefined;
  readonly title?: string | undefined;
  readonly spaceKey?: string | undefined;
  readonly metadata: boolean;
  readonly markdown: boolean;
  /** Characters of the body to leave out at its start. */
  readonly offset?: number | undefined;
  readonly maxCharacters?: number | undefined;
}

export interface ChildPagesQuery {
  readonly start: number;
  readonly limit: number;
  readonly folders: boolean;
  readonly content: boolean;
  readonly markdown: boolean;
  readonly expand: readonly string[];
}

export interface ChildPagesResult {
  readonly parent_id: string;
  readonly count: number;
  readonly limit_requested: number;
  readonly start_requested: number;
  readonly results: readonly PageResult[];
  /** `start` of the next call; absent on the last page. */
  readonly next_start?: number | undefined;
}

export interface Pages {
  /** @throws AtlassianMcpError `not_found`, `forbidden`, `input`. */
  get(query: PageQuery): Promise<{ metadata: PageResult } | { content: PageContent }>;
  /** @throws AtlassianMcpError `not_found`, `forbidden`. */
  children(parent: string, query: ChildPagesQuery): Promise<ChildPagesResult>;
}

export function readPages(core: Core): Pages {
  return {
    async get(query) {
      const id = await idOf(core, query);
      const { metadata } = query;
      const page = await loadPage(core, id, { body: true, metadata, attachments: metadata });
      const body = query.markdown ? readBody(page) : undefined;
      const people = metadata
        ? [page.author, page.version?.author, ...attachmentAuthors(page)]
        : [];
      const names = await namesFor(core, [...people, ...(body?.people ?? [])]);
      const content = contentOf(page, body, names, query);
      if (!metadata) return { content };
      const url = core.links.page(page);
      const files = listAttachments(page, core.links, names);
      const look = readLook(page.properties);
      return { metadata: presentPage(page, { url, names, content, ...files, ...look }) };
    },
    children: (parent, query) => listChildren(core, parent, query),
  };
}

async function listChildren(
  core: Core,
  parent: string,
  query: ChildPagesQuery,
): Promise<ChildPagesResult> {
  const id = await contentIdOf(core, parent);
  await core.guard.requireContent(id);
  const limit = boundedLimit(core, query.limit);
  const { items, isLast } = await core.dialect.pages
    .children(id, { ...query, limit, bodies: query.content })
    .catch(explainNotFound("Page", id, searchHint));
  const read = items.map((item) => ({
    item,
    body: query.markdown && item.body !== undefined ? readBody(item) : undefined,
  }));
  const people = read.flatMap(({ item, body }) => [
    item.author,
    item.version?.author,
    ...(body?.people ?? []),
  ]);
  const names = await namesFor(core, people);
  return {
    parent_id: id,
    count: items.length,
    limit_requested: query.limit,
    start_requested: query.start,
    results: read.map(({ item, body }) => {
      const hasContent = query.content && item.body !== undefined;
      const content = hasContent ? contentOf(item, body, names, {}) : undefined;
      const url = item.type === "page" || item.webui ? core.links.page(item) : undefined;
      return presentPage(item, { url, names, content });
    }),
    ...(isLast ? {} : { next_start: query.start + items.length }),
  };
}

const searchHint = "Find the page with confluence_search; deleted pages are in the space's trash.";

/** Reads a page and checks that its space may be used. @throws AtlassianMcpError `not_found`, `forbidden`. */
export async function loadPage(core: Core, id: string, parts: PageParts): Promise<StoredPage> {
  const page = await core.dialect.pages
    .get(id, parts)
    .catch(explainNotFound("Page", id, searchHint));
  core.guard.requireSpace(page.space);
  return page;
}

function idOf(core: Core, { page, title, spaceKey }: PageQuery): Promise<string> | string {
  if (page !== undefined) return contentIdOf(core, page);
  if (title !== undefined && spaceKey !== undefined) return findPageId(core, spaceKey, title);
  throw new AtlassianMcpError("input", "No page is named", {
    fields: { page_id: "or both title and space_key must be given" },
    next: "Give page_id (an id or an address), or title and space_key.",
  });
}

function contentOf(
  page: ChildPage,
  body: StoredBody | undefined,
  names: Names,
  part: Pick<PageQuery, "offset" | "maxCharacters">,
): PageContent {
  const text = body ? body.toMarkdown(names) : (page.body ?? "");
  const { value, ...cut } = excerptOf(text, part.offset ?? 0, part.maxCharacters);
  return { value, format: body ? "markdown" : "storage", ...compact(cut) };
}

/** A part of a text, never cut inside a character, with what is needed to read on. */
function excerptOf(
  text: string,
  offset: number,
  maxCharacters: number | undefined,
): Omit<PageContent, "format"> {
  const start = splitsPair(text, offset) ? offset + 1 : offset;
  const wanted = maxCharacters === undefined ? text.length : start + maxCharacters;
  const end = splitsPair(text, wanted) ? wanted + 1 : wanted;
  const value = text.slice(start, end);
  if (value.length === text.length) return { value };
  if (start >= text.length) {
    const hint = `There is nothing at offset ${offset}: the text has ${text.length} characters.`;
    return { value, total_characters: text.length, hint };
  }
  const isLast = end >= text.length;
  return {
    value,
    total_characters: text.length,
    next_offset: isLast ? undefined : end,
    hint: `Only characters ${start} to ${Math.min(end, text.length)} are shown: ${isLast ? "this is the end" : `continue with offset ${end}`}. Do not write a part back as the whole page.`,
  };
}

function splitsPair(text: string, at: number): boolean {
  return /^[\uDC00-\uDFFF]/.test(text.slice(at, at + 1)) && at > 0;
}

function readBody(page: ChildPage): StoredBody {
  try {
    return readStored(page.body ?? "");
  } catch (error) {
    if (!isOurs(error)) throw error;
    const next = "Read it with convert_to_markdown set to false.";
    throw error.with({ next }, `Page ${page.id} cannot be shown as Markdown: ${error.message}`);
  }
}

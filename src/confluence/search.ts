import { z } from "zod";
import { parseAnswer } from "../atlassian/parse.ts";
import { excerptToMarkdown } from "../content/storage/excerpt.ts";
import { AtlassianMcpError, isOurs } from "../errors.ts";
import { apiPath } from "../http/path.ts";
import type { ApiClient } from "../http/types.ts";
import { boundedLimit, type Core } from "./core.ts";
import { cqlText, isCql, withinSpaces } from "./cql.ts";
import { badCursor } from "./dialect/cursor.ts";
import { compact } from "./models/compact.ts";
import type { SearchHit } from "./models/search.ts";

export interface SearchQuery {
  /** Words or CQL. */
  readonly query: string;
  readonly limit: number;
  readonly spaces?: readonly string[] | undefined;
  readonly cursor?: string | undefined;
}

export interface SearchResult {
  /** The CQL that was asked. */
  readonly cql: string;
  readonly total?: number | undefined;
  readonly results: readonly SearchHit[];
  /** For `cursor` of the next call; absent on the last page. */
  readonly next_cursor?: string | undefined;
}

export interface Search {
  /** @throws AtlassianMcpError `input` for CQL that is not well-formed, `invalid` in upstream's words, `forbidden`. */
  content(query: SearchQuery): Promise<SearchResult>;
}

const person = z.looseObject({ displayName: z.string().nullish() }).nullish();
const space = z.looseObject({ key: z.string().nullish(), name: z.string().nullish() }).nullish();

const hit = z.looseObject({
  content: z
    .looseObject({
      id: z.union([z.string(), z.number()]).nullish(),
      type: z.string().nullish(),
      title: z.string().nullish(),
      space,
      version: z
        .looseObject({ number: z.number().nullish(), when: z.string().nullish() })
        .nullish(),
      history: z.looseObject({ createdBy: person, createdDate: z.string().nullish() }).nullish(),
    })
    .nullish(),
  space,
  title: z.string().nullish(),
  excerpt: z.string().nullish(),
  url: z.string().nullish(),
  entityType: z.string().nullish(),
  lastModified: z.string().nullish(),
});

const answer = z.looseObject({
  results: z.array(hit),
  start: z.number().nullish(),
  // Cloud's name; Data Center's description names the same `totalCount`.
  totalSize: z.number().nullish(),
  totalCount: z.number().nullish(),
  _links: z.looseObject({ next: z.string().nullish() }).nullish(),
});

export function searchOf(core: Core, api: ApiClient): Search {
  async function ask(cql: string, limit: number, cursor: string | undefined) {
    const raw = await api.json({
      path: apiPath`/rest/api/search`,
      query: {
        cql,
        limit,
        expand: "content.space,content.version,content.history",
        ...core.dialect.search.query(cursor),
      },
    });
    return parseAnswer(answer, raw, "search results");
  }

  return {
    async content({ query, limit, spaces, cursor }) {
      const within = core.guard.searchable(spaces);
      const bounded = boundedLimit(core, limit);
      const wanted = candidates(query).map((cql) => withinSpaces(cql, within));
      const { cql, page } = await firstUnderstood(wanted, (each) =>
        ask(each, bounded, cursor).catch((error: unknown) => explainCursor(error, cursor)),
      );
      const next = core.dialect.search.next({
        start: page.start ?? undefined,
        received: page.results.length,
        nextLink: page._links?.next ?? undefined,
      });
      // The condition in the CQL should do; what it lets through must not leave all the same.
      const allowed = page.results.filter((each) => isAllowed(core, each));
      return {
        cql,
        ...compact({ total: page.totalSize ?? page.totalCount ?? undefined }),
        results: allowed.map((each) => present(core, each)),
        ...compact({ next_cursor: next }),
      };
    },
  };
}

/** CQL as it is; words as site search, or as plain text search where the site does not know it. */
function candidates(query: string): string[] {
  const text = query.trim();
  if (text === "") {
    throw new AtlassianMcpError("input", "The query is empty", {
      fields: { query: "must not be empty" },
      next: 'Give words to search for, or CQL such as type = page AND title ~ "plan".',
    });
  }
  return isCql(text) ? [text] : [`siteSearch ~ ${cqlText(text)}`, `text ~ ${cqlText(text)}`];
}

async function firstUnderstood<Page>(
  candidatesLeft: readonly string[],
  ask: (cql: string) => Promise<Page>,
): Promise<{ cql: string; page: Page }> {
  const [cql = "", ...others] = candidatesLeft;
  try {
    return { cql, page: await ask(cql) };
  } catch (error) {
    const isUnknown = isOurs(error, "invalid") && /siteSearch/i.test(wordsOf(error));
    if (isUnknown && others.length > 0) return firstUnderstood(others, ask);
    if (!isOurs(error, "invalid")) throw error;
    throw error.with({ next: `Correct the CQL that was sent: ${cql}` });
  }
}

/** Only a site with opaque cursors can tell that one is not its own. */
function explainCursor(error: unknown, cursor: string | undefined): never {
  const isMeant = cursor !== undefined && isOurs(error, "invalid");
  if (!isMeant || !/cursor/i.test(wordsOf(error))) throw error;
  throw badCursor(error);
}

function wordsOf(error: AtlassianMcpError): string {
  return [error.message, ...Object.values(error.details.fields ?? {})].join(" ");
}

function isAllowed(core: Core, each: z.output<typeof hit>): boolean {
  const key = each.content?.space?.key ?? each.space?.key ?? keyFromUrl(each.url);
  return core.guard.allows(key ?? undefined);
}

function keyFromUrl(url: string | null | undefined): string | undefined {
  const key = /^\/(?:spaces|display)\/([^/?#]+)/.exec(url ?? "")?.[1];
  return key === undefined ? undefined : decodeURIComponent(key);
}

function present(core: Core, each: z.output<typeof hit>): SearchHit {
  const { content } = each;
  const place = content?.space ?? each.space;
  const excerpt = each.excerpt ? excerptToMarkdown(each.excerpt).trim() : "";
  return compact<SearchHit>({
    id: content?.id == null ? undefined : String(content.id),
    title: content?.title ?? withoutMarks(each.title ?? ""),
    type: content?.type ?? each.entityType ?? "unknown",
    space: place?.key ? { key: place.key, name: place.name ?? place.key } : undefined,
    url: core.links.below(each.url ?? undefined),
    created: content?.history?.createdDate ?? undefined,
    updated: content?.version?.when ?? each.lastModified ?? undefined,
    author: content?.history?.createdBy?.displayName ?? undefined,
    version: content?.version?.number ?? undefined,
    content: excerpt === "" ? undefined : { value: excerpt, format: "excerpt" },
  });
}

/** Titles of what is not content come with the marks of the highlighter. */
function withoutMarks(title: string): string {
  return title.replace(/@@@(?:end)?hl@@@/g, "");
}

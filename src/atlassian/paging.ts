/** One page of an offset-paged list. */
export interface OffsetPage<Item> {
  readonly items: readonly Item[];
  readonly total?: number | undefined;
  readonly isLast?: boolean | undefined;
}

export interface Collected<Item> {
  readonly items: readonly Item[];
  /** As the site counts; absent where it does not say. */
  readonly total?: number | undefined;
  /** Nothing follows the last item. */
  readonly isLast: boolean;
}

export interface OffsetPaging<Item> {
  readonly startAt?: number | undefined;
  /** How many items are wanted; absent: all. */
  readonly limit?: number | undefined;
  readonly pageSize: number;
  fetch(startAt: number, maxResults: number): Promise<OffsetPage<Item>>;
}

/**
 * Walks an offset-paged list until `limit` items are there or the list ends. Advances by what was received, because
 * sites lower `maxResults` as they like; an empty page ends the walk.
 */
export async function collectOffset<Item>(paging: OffsetPaging<Item>): Promise<Collected<Item>> {
  const limit = paging.limit ?? Number.POSITIVE_INFINITY;
  const items: Item[] = [];
  let at = paging.startAt ?? 0;
  let total: number | undefined;
  while (items.length < limit) {
    const page = await paging.fetch(at, Math.min(paging.pageSize, limit - items.length));
    items.push(...page.items);
    at += page.items.length;
    total = page.total ?? total;
    if (page.items.length === 0 || page.isLast === true || (total !== undefined && at >= total)) {
      return { items: items.slice(0, limit), total, isLast: items.length <= limit };
    }
  }
  return { items: items.slice(0, limit), total, isLast: false };
}

/** One page of a token-paged list. */
export interface TokenPage<Item> {
  readonly items: readonly Item[];
  /** Absent on the last page. */
  readonly next?: string | undefined;
}

export interface TokenPaging<Item> {
  readonly token?: string | undefined;
  readonly limit: number;
  readonly pageSize: number;
  fetch(token: string | undefined, maxResults: number): Promise<TokenPage<Item>>;
}

/** Pages without items that still carry a token, in a row, before the walk gives up. */
const MAX_EMPTY_PAGES = 3;

/** Walks a token-paged list until `limit` items are there or the list ends; `next` continues where it stopped. */
export async function collectTokens<Item>(
  paging: TokenPaging<Item>,
): Promise<{ items: readonly Item[]; next?: string | undefined }> {
  const items: Item[] = [];
  let token = paging.token;
  let empty = 0;
  while (items.length < paging.limit) {
    const wanted = Math.min(paging.pageSize, paging.limit - items.length);
    const page = await paging.fetch(token, wanted);
    items.push(...page.items);
    token = page.next;
    empty = page.items.length === 0 ? empty + 1 : 0;
    if (token === undefined || empty >= MAX_EMPTY_PAGES) break;
  }
  return { items, next: token };
}

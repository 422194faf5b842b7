import type { z } from "zod";
import { parseAnswer } from "../../../atlassian/parse.ts";
import type { ApiPath } from "../../../http/path.ts";
import type { ApiClient, QueryValue } from "../../../http/types.ts";
import { parameterOf } from "../cursor.ts";
import { wireList } from "./wire.ts";

/** v2 refuses larger pages with 400. */
export const MAX_PAGE_SIZE = 250;

/** One page of a v2 list. Only the cursor is taken of `_links.next`: the link itself misses the gateway's prefix. */
export async function listPage<Item extends z.ZodType>(
  api: ApiClient,
  path: ApiPath,
  item: Item,
  query: Readonly<Record<string, QueryValue>>,
): Promise<{ items: z.output<Item>[]; next?: string | undefined }> {
  const answer = await api.json({ path, query });
  const list = parseAnswer(wireList(item), answer, "list");
  return { items: list.results, next: parameterOf(list._links?.next, "cursor") };
}

/** Every item of a v2 list, up to `most`. */
export async function listAll<Item extends z.ZodType>(
  api: ApiClient,
  path: ApiPath,
  item: Item,
  query: Readonly<Record<string, QueryValue>> = {},
  most = 5000,
): Promise<z.output<Item>[]> {
  const items: z.output<Item>[] = [];
  const seen = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await listPage(api, path, item, { limit: MAX_PAGE_SIZE, ...query, cursor });
    items.push(...page.items);
    cursor = page.next;
    // A site that repeats a cursor would keep us here forever.
    if (cursor !== undefined && seen.has(cursor)) break;
    if (cursor !== undefined) seen.add(cursor);
  } while (cursor !== undefined && items.length < most);
  return items;
}

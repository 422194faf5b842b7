import type { z } from "zod";
import { type Collected, collectOffset } from "../../../atlassian/paging.ts";
import { parseAnswer } from "../../../atlassian/parse.ts";
import type { ApiPath } from "../../../http/path.ts";
import type { ApiClient, QueryValue } from "../../../http/types.ts";
import { wireList } from "./wire.ts";

export interface ListOptions {
  readonly query?: Readonly<Record<string, QueryValue>> | undefined;
  readonly start?: number | undefined;
  /** How many items are wanted; absent: all. */
  readonly limit?: number | undefined;
  readonly pageSize?: number | undefined;
}

/** Items of a v1 list. The site may lower `limit`, above all when bodies are expanded. */
export function listItems<Item extends z.ZodType>(
  api: ApiClient,
  path: ApiPath,
  item: Item,
  options: ListOptions = {},
): Promise<Collected<z.output<Item>>> {
  return collectOffset({
    startAt: options.start,
    limit: options.limit,
    pageSize: options.pageSize ?? 200,
    async fetch(start, limit) {
      const answer = await api.json({ path, query: { ...options.query, start, limit } });
      const list = parseAnswer(wireList(item), answer, "list");
      return { items: list.results, isLast: list._links?.next == null };
    },
  });
}

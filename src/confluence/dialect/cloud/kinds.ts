import { z } from "zod";
import { parseAnswer } from "../../../atlassian/parse.ts";
import { AtlassianMcpError, isOurs } from "../../../errors.ts";
import { type ApiPath, apiPath } from "../../../http/path.ts";
import type { ApiClient } from "../../../http/types.ts";

/** v2 has a collection per kind of content, callers know only an id. */
export type Kind =
  | "pages"
  | "blogposts"
  | "folders"
  | "attachments"
  | "whiteboards"
  | "databases"
  | "embeds";

const kinds: ReadonlyMap<string, Kind> = new Map(
  Object.entries({
    page: "pages",
    blogpost: "blogposts",
    folder: "folders",
    attachment: "attachments",
    whiteboard: "whiteboards",
    database: "databases",
    embed: "embeds",
  }),
);

/** `/api/v2/KIND/ID` and what follows; the kind stays readable in the path's template. */
export function contentPath(kind: Kind, id: string, rest = ""): ApiPath {
  const parts = [`/api/v2/${kind}/`, rest];
  return apiPath(Object.assign(parts, { raw: parts }), id);
}

/**
 * Runs `attempt` for pages and, when there is no such page, once more for what the id really is.
 *
 * @throws AtlassianMcpError `not_found`, naming the kind when the id is something that `allowed` leaves out.
 */
export async function withKind<T>(
  api: ApiClient,
  id: string,
  allowed: readonly Kind[],
  attempt: (kind: Kind) => Promise<T>,
): Promise<T> {
  if (id.startsWith("att")) {
    // No other resource takes such an id: it answers 400 with words about types of numbers.
    if (allowed.includes("attachments")) return attempt("attachments");
    throw unusable(id, "attachment");
  }
  try {
    return await attempt("pages");
  } catch (error) {
    if (!isOurs(error, "not_found")) throw error;
    const type = await typeOf(api, id);
    const kind = type === undefined ? undefined : kinds.get(type);
    if (type === undefined || kind === "pages") throw error;
    if (kind !== undefined && allowed.includes(kind)) return attempt(kind);
    throw unusable(id, type);
  }
}

function unusable(id: string, type: string): AtlassianMcpError {
  return new AtlassianMcpError(
    "not_found",
    `${id} is of type ${type}, which this operation cannot use`,
    {
      next: "Give the id of a page; confluence_search finds pages.",
    },
  );
}

const typesAnswer = z.looseObject({ results: z.record(z.string(), z.string().nullable()) });

async function typeOf(api: ApiClient, id: string): Promise<string | undefined> {
  try {
    const answer = await api.json({
      method: "POST",
      path: apiPath`/api/v2/content/convert-ids-to-types`,
      json: { contentIds: [id] },
      idempotent: true,
    });
    return parseAnswer(typesAnswer, answer, "content types").results[id] ?? undefined;
  } catch (error) {
    // The caller's own 404 says more than a failure to explain it.
    if (isOurs(error)) return undefined;
    throw error;
  }
}

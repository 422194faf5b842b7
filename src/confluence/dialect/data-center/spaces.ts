import { z } from "zod";
import type { ConnectionCache } from "../../../atlassian/cache.ts";
import { parseAnswer } from "../../../atlassian/parse.ts";
import { AtlassianMcpError, isOurs } from "../../../errors.ts";
import { apiPath } from "../../../http/path.ts";
import type { ApiClient } from "../../../http/types.ts";
import type { Space } from "../../models/space.ts";
import { spellings } from "../space-key.ts";
import type { SpaceStore } from "../types.ts";
import { fetchContent } from "./pages.ts";
import { wireId } from "./wire.ts";

const spaceAnswer = z.looseObject({ id: wireId, key: z.string(), name: z.string() });

/** The space of the first spelling that the site knows. */
async function find(
  api: ApiClient,
  key: string,
  [first = key, ...others]: string[],
): Promise<Space> {
  try {
    const answer = await api.json({ path: apiPath`/rest/api/space/${first}` });
    return parseAnswer(spaceAnswer, answer, "space");
  } catch (error) {
    if (!isOurs(error, "not_found")) throw error;
    if (others.length > 0) return find(api, key, others);
    throw error.with(
      { next: "Check the space key; it stands in the space's address after /display/." },
      `Space ${key} does not exist or is not visible to you`,
    );
  }
}

export function dataCenterSpaces(api: ApiClient, cache: ConnectionCache): SpaceStore {
  return {
    byKey: (key) =>
      cache.remember(`space:key:${key.toLowerCase()}`, () => find(api, key, spellings(key))),
    async ofContent(id) {
      const { space } = await fetchContent(api, id, ["space"]);
      if (space == null) throw new AtlassianMcpError("shape", `Content ${id} has no space`);
      return { key: space.key, name: space.name ?? space.key, id: space.id ?? undefined };
    },
  };
}

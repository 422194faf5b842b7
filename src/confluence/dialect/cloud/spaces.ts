import { z } from "zod";
import type { ConnectionCache } from "../../../atlassian/cache.ts";
import { parseAnswer } from "../../../atlassian/parse.ts";
import { AtlassianMcpError } from "../../../errors.ts";
import { apiPath } from "../../../http/path.ts";
import type { ApiClient } from "../../../http/types.ts";
import type { Space } from "../../models/space.ts";
import { spellings } from "../space-key.ts";
import type { SpaceStore } from "../types.ts";
import { contentPath, type Kind, withKind } from "./kinds.ts";
import { wireId, wireList, wireSpace } from "./wire.ts";

/** Spaces by key and by the numeric id that v2 uses; both are remembered. */
export interface CloudSpaces extends SpaceStore {
  byId(id: string): Promise<Space>;
}

const containers: readonly Kind[] = [
  "pages",
  "blogposts",
  "folders",
  "attachments",
  "whiteboards",
  "databases",
  "embeds",
];

const located = z.looseObject({
  spaceId: wireId.nullish(),
  pageId: wireId.nullish(),
  blogPostId: wireId.nullish(),
});

export function cloudSpaces(api: ApiClient, cache: ConnectionCache): CloudSpaces {
  const byId = (id: string) =>
    cache.remember(`space:id:${id}`, async () =>
      parseAnswer(wireSpace, await api.json({ path: apiPath`/api/v2/spaces/${id}` }), "space"),
    );

  const byKey = (key: string) =>
    cache.remember(`space:key:${key.toLowerCase()}`, async () => {
      const answer = await api.json({
        path: apiPath`/api/v2/spaces`,
        query: { keys: spellings(key), limit: 2 },
      });
      const { results } = parseAnswer(wireList(wireSpace), answer, "spaces");
      const space = results.find((each) => each.key === key) ?? results[0];
      if (space === undefined) throw noSpace(key);
      return space;
    });

  const ofContent = async (id: string): Promise<Space> => {
    const content = await withKind(api, id, containers, async (kind) =>
      parseAnswer(located, await api.json({ path: contentPath(kind, id) }), "content"),
    );
    if (content.spaceId != null) return byId(content.spaceId);
    const container = content.pageId ?? content.blogPostId;
    if (container == null) throw new AtlassianMcpError("shape", `Content ${id} has no space`);
    return ofContent(container);
  };

  return { byId, byKey, ofContent };
}

function noSpace(key: string): AtlassianMcpError {
  return new AtlassianMcpError(
    "not_found",
    `Space ${key} does not exist or is not visible to you`,
    {
      next: "Check the space key; it stands in the space's address after /spaces/.",
    },
  );
}

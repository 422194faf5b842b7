import { z } from "zod";
import { parseAnswer } from "../../../atlassian/parse.ts";
import { isOurs } from "../../../errors.ts";
import { apiPath } from "../../../http/path.ts";
import type { ApiClient } from "../../../http/types.ts";
import type { PropertyStore } from "../types.ts";

const propertyAnswer = z.looseObject({
  value: z.unknown().optional(),
  version: z.looseObject({ number: z.number() }).nullish(),
});

export function dataCenterProperties(api: ApiClient): PropertyStore {
  async function find(pageId: string, key: string) {
    try {
      const answer = await api.json({ path: apiPath`/rest/api/content/${pageId}/property/${key}` });
      return parseAnswer(propertyAnswer, answer, "content property");
    } catch (error) {
      if (isOurs(error, "not_found")) return undefined;
      throw error;
    }
  }

  return {
    async set(pageId, key, value) {
      const known = await find(pageId, key);
      if (known?.value === value) return;
      const order = `page:${pageId}`;
      if (known === undefined) {
        const path = apiPath`/rest/api/content/${pageId}/property`;
        await api.json({ method: "POST", path, json: { key, value }, order });
        return;
      }
      const path = apiPath`/rest/api/content/${pageId}/property/${key}`;
      if (value === undefined) {
        await api.json({ method: "DELETE", path, order });
        return;
      }
      const version = { number: (known.version?.number ?? 0) + 1 };
      await api.json({
        method: "PUT",
        path,
        json: { key, value, version },
        idempotent: false,
        order,
      });
    },
  };
}

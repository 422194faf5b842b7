import { parseAnswer } from "../../../atlassian/parse.ts";
import { apiPath } from "../../../http/path.ts";
import type { ApiClient } from "../../../http/types.ts";
import type { PropertyStore } from "../types.ts";
import { wireList, wireProperty } from "./wire.ts";

/** v2 addresses properties by numeric id, so the key is looked up first. */
export function cloudProperties(api: ApiClient): PropertyStore {
  async function find(pageId: string, key: string) {
    const answer = await api.json({
      path: apiPath`/api/v2/pages/${pageId}/properties`,
      query: { key },
    });
    const list = parseAnswer(wireList(wireProperty), answer, "content properties");
    return list.results.find((property) => property.key === key);
  }

  return {
    async set(pageId, key, value) {
      const known = await find(pageId, key);
      if (known?.value === value) return;
      const order = `page:${pageId}`;
      if (known === undefined) {
        const path = apiPath`/api/v2/pages/${pageId}/properties`;
        await api.json({ method: "POST", path, json: { key, value }, order });
        return;
      }
      const path = apiPath`/api/v2/pages/${pageId}/properties/${known.id}`;
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

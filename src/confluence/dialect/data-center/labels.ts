import { apiPath } from "../../../http/path.ts";
import type { ApiClient } from "../../../http/types.ts";
import type { LabelStore } from "../types.ts";
import { addLabels } from "../v1-labels.ts";
import { listItems } from "./paging.ts";
import { wireLabel } from "./wire.ts";

export function dataCenterLabels(api: ApiClient): LabelStore {
  return {
    async list(contentId) {
      const path = apiPath`/rest/api/content/${contentId}/label`;
      return (await listItems(api, path, wireLabel)).items;
    },
    add: (contentId, names) => addLabels(api, contentId, names),
  };
}

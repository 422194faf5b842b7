import type { ApiClient } from "../../../http/types.ts";
import type { LabelStore } from "../types.ts";
import { addLabels } from "../v1-labels.ts";
import { contentPath, type Kind, withKind } from "./kinds.ts";
import { listAll } from "./paging.ts";
import { wireLabel } from "./wire.ts";

const labelled: readonly Kind[] = ["pages", "blogposts", "attachments"];

/** Read through v2, written through v1, which has no successor. */
export function cloudLabels(api: ApiClient): LabelStore {
  return {
    list: (contentId) =>
      withKind(api, contentId, labelled, (kind) =>
        listAll(api, contentPath(kind, contentId, "/labels"), wireLabel),
      ),
    add: (contentId, names) => addLabels(api, contentId, names),
  };
}

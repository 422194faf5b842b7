import { apiPath } from "../../http/path.ts";
import type { ApiClient } from "../../http/types.ts";

/** Adds labels by the one resource that both deployments have for it. */
export async function addLabels(
  api: ApiClient,
  contentId: string,
  names: readonly string[],
): Promise<void> {
  await api.json({
    method: "POST",
    path: apiPath`/rest/api/content/${contentId}/label`,
    json: names.map((name) => ({ prefix: "global", name })),
    order: `page:${contentId}`,
  });
}

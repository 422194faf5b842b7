import type { ApiPath } from "../../http/path.ts";
import { apiPath } from "../../http/path.ts";

/** {@link apiPath} with a fixed beginning. */
export function rootedPath(root: string) {
  return (parts: TemplateStringsArray, ...values: readonly (string | number)[]): ApiPath => {
    const [first = "", ...rest] = parts;
    return apiPath(Object.assign([root + first, ...rest], { raw: parts.raw }), ...values);
  };
}

export const noOriginals = new Map<string, { label: string; data: unknown }>();

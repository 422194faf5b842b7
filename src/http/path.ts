import { AtlassianMcpError } from "../errors.ts";

declare const brand: unique symbol;

/** A path below a product's API base that only {@link apiPath} can make. */
export interface ApiPath {
  /** Percent-encoded, starts with `/`, no query. */
  readonly path: string;
  /** The same with `{}` for each value: safe for logs, errors and metrics. */
  readonly template: string;
  readonly [brand]: true;
}

/**
 * Tagged template for request paths: `` apiPath`/rest/api/3/issue/${key}/comment` ``.
 *
 * Each value becomes exactly one path segment: it is percent-encoded, and empty values, `.` and `..`
 * are refused, because keys and ids come from a model and must not reach another resource.
 *
 * @throws AtlassianMcpError `input` for a value that cannot be a segment.
 */
export function apiPath(
  parts: TemplateStringsArray,
  ...values: readonly (string | number)[]
): ApiPath {
  let path = parts[0] ?? "";
  let template = path;
  values.forEach((value, index) => {
    const text = String(value).trim();
    if (text === "" || text === "." || text === "..") {
      throw new AtlassianMcpError("input", `"${text}" is not a usable key or id`, {
        next: "Give the key or id of an existing item, e.g. PROJ-123.",
      });
    }
    const rest = parts[index + 1] ?? "";
    path += encodeURIComponent(text) + rest;
    template += `{}${rest}`;
  });
  return { path, template } as ApiPath;
}

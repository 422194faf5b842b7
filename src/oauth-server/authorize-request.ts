import { parsedUrl } from "../parsed-url.ts";
import type { Places } from "./places.ts";
import type { AuthorizationServerOptions } from "./types.ts";

/** An authorization request as the library takes it: our scopes where it names none of them, our own way to write us. */
export function preparedQuery(
  query: URLSearchParams,
  places: Places,
  { scopes }: Pick<AuthorizationServerOptions, "scopes">,
): URLSearchParams {
  const prepared = withOurResource(query, places);
  const asked = (query.get("scope") ?? "").split(/[\s+]+/).filter((scope) => scope !== "");
  const isNamed = asked.some((scope) => scopes.some((each) => each === scope));
  if (!isNamed) {
    const kept = asked.filter((scope) => scope === "openid");
    prepared.set("scope", [...scopes, ...kept].join(" "));
  }
  return prepared;
}

/** A trailing slash makes no other resource, nor does the transport of 2024; the same one twice is once. */
export function withOurResource(parameters: URLSearchParams, places: Places): URLSearchParams {
  const prepared = new URLSearchParams(parameters);
  const asked = prepared.getAll("resource").map((resource) => canonical(resource, places));
  prepared.delete("resource");
  for (const resource of new Set(asked)) prepared.append("resource", resource);
  return prepared;
}

function canonical(resource: string, places: Places): string {
  const href = parsedUrl(resource)?.href;
  return href !== undefined && places.isResource(href.replace(/\/$/, ""))
    ? places.resource
    : resource;
}

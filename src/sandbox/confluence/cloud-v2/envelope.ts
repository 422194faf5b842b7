import type { SandboxAnswer, SandboxRequest, SandboxRoute } from "../../types.ts";
import { badRequest, type Refused } from "../refused.ts";
import {
  type Call,
  listParam,
  numberParam,
  type Operation,
  routeOf,
  wrongType,
} from "../requests.ts";
import type { Site } from "../world.ts";

const prefix = "/wiki/api/v2";

const codes: Readonly<Record<number, string>> = {
  400: "INVALID_REQUEST_PARAMETER",
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  409: "CONFLICT",
};

function refuse({ status, message }: Refused): SandboxAnswer {
  const code = codes[status] ?? "INVALID_REQUEST_PARAMETER";
  return { status, json: { errors: [{ status, code, title: message, detail: null }] } };
}

/** An operation under `/wiki/api/v2` as a route. `scopes` of v2 are granular only. */
export function v2Route(site: Site, operation: Operation): SandboxRoute {
  return routeOf(site, operation, prefix, refuse);
}

function wikiBase(request: SandboxRequest): string {
  return `${request.siteBase}/wiki`;
}

/** A single entity with the link base that v2 gives it. */
export function entity(call: Call, json: object, status = 200): SandboxAnswer {
  const links = "_links" in json && typeof json._links === "object" ? json._links : {};
  return { status, json: { ...json, _links: { ...links, base: wikiBase(call.request) } } };
}

const maxLimit = 250;

function limitOf(call: Call): number {
  const limit = numberParam(call, "limit") ?? 25;
  if (limit < 1 || limit > maxLimit) {
    throw badRequest(`Provided value {${limit}} for 'limit' is not in the range 1 to ${maxLimit}`);
  }
  return limit;
}

function offsetOf({ request }: Call): number {
  const cursor = request.query.get("cursor");
  if (cursor === null) return 0;
  const found = /^\{"offset":(\d+)\}$/.exec(Buffer.from(cursor, "base64url").toString("utf8"));
  if (found === null) throw badRequest("Invalid cursor provided");
  return Number(found[1]);
}

function nextLink({ request }: Call, offset: number): string {
  const query = new URLSearchParams(request.query);
  query.set("cursor", Buffer.from(`{"offset":${offset}}`).toString("base64url"));
  return `${request.path}?${query}`;
}

/**
 * One page of a list. The link to the next one is relative to the host and stays without the
 * gateway's prefix, whichever way the request came.
 */
export function page<T>(
  call: Call,
  items: readonly T[],
  write: (item: T) => unknown,
): SandboxAnswer {
  const [limit, offset] = [limitOf(call), offsetOf(call)];
  const results = items.slice(offset, offset + limit).map(write);
  const base = wikiBase(call.request);
  const end = offset + limit;
  if (end >= items.length) return { status: 200, json: { results, _links: { base } } };
  const next = nextLink(call, end);
  const link = `<${next}>; rel="next", <${base}>; rel="base"`;
  return { status: 200, headers: { Link: link }, json: { results, _links: { next, base } } };
}

/** A numeric id of the path. @throws Refused 400 for anything else. */
export function idParam({ request }: Call, name: string): string {
  const value = request.params[name] ?? "";
  if (!/^\d+$/.test(value)) throw wrongType(value, name, "long");
  return value;
}

/** Numeric ids of the query. @throws Refused 400 for anything else. */
export function idListParam(call: Call, name: string): string[] {
  const values = listParam(call, name);
  for (const value of values) if (!/^\d+$/.test(value)) throw wrongType(value, name, "long");
  return values;
}

const sortKeys: Readonly<Record<string, (item: Sortable) => string | number>> = {
  id: ({ id }) => Number(id),
  title: ({ title = "" }) => title.toLowerCase(),
  name: ({ title = "" }) => title.toLowerCase(),
  key: ({ key = "" }) => key,
  "created-date": ({ createdAt = "" }) => createdAt,
  "modified-date": ({ modifiedAt = "" }) => modifiedAt,
};

/** What lists can be sorted by. */
export interface Sortable {
  readonly id: string;
  readonly title?: string | undefined;
  readonly key?: string | undefined;
  readonly createdAt?: string | undefined;
  readonly modifiedAt?: string | undefined;
}

/** The items in the order of the `sort` parameter, a name with `-` for descending. @throws Refused 400 */
export function sorted<T>(call: Call, items: readonly T[], facts: (item: T) => Sortable): T[] {
  const sort = call.request.query.get("sort");
  if (sort === null || sort === "") return [...items];
  const name = sort.replace(/^-/, "");
  const key = Object.hasOwn(sortKeys, name) ? sortKeys[name] : undefined;
  if (key === undefined)
    throw wrongType(sort, "sort", `one of ${Object.keys(sortKeys).join(", ")}`);
  const sign = sort.startsWith("-") ? -1 : 1;
  return [...items].sort((a, b) => {
    const [left, right] = [key(facts(a)), key(facts(b))];
    return left < right ? -sign : left > right ? sign : 0;
  });
}

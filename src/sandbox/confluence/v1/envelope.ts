import type { SandboxAnswer, SandboxRoute } from "../../types.ts";
import type { Refused } from "../refused.ts";
import { type Call, numberParam, type Operation, routeOf } from "../requests.ts";
import type { Site } from "../world.ts";

const reasons: Readonly<Record<number, string>> = {
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  409: "Conflict",
};

const exceptions: Readonly<Record<number, string>> = {
  400: "com.atlassian.confluence.api.service.exceptions.api.BadRequestException",
  403: "com.atlassian.confluence.api.service.exceptions.PermissionException",
  404: "com.atlassian.confluence.api.service.exceptions.NotFoundException",
  409: "com.atlassian.confluence.api.service.exceptions.ConflictException",
};

/** A v1 error body. Cloud puts the exception's name before the message, Data Center adds a reason. */
function refuseAs(site: Site): (refused: Refused) => SandboxAnswer {
  return ({ status, message }) => {
    const data = {
      authorized: status !== 403 && status !== 404,
      valid: status !== 400,
      allowedInReadOnlyMode: true,
      errors: status === 400 ? [{ message: { key: message, translation: message, args: [] } }] : [],
      successful: false,
    };
    const json =
      site.deployment === "cloud"
        ? { statusCode: status, data, message: `${exceptions[status]}: ${message}` }
        : { statusCode: status, data, message, reason: reasons[status] };
    return { status, json };
  };
}

/** An operation under `/wiki/rest/api` (Cloud) or `/rest/api` (Data Center) as a route. */
export function v1Route(site: Site, operation: Operation): SandboxRoute {
  const prefix = site.deployment === "cloud" ? "/wiki/rest/api" : "/rest/api";
  return routeOf(site, operation, prefix, refuseAs(site));
}

/** What links start with: the base URL, and its path. */
export function linkBase({ site, request }: Call): { base: string; context: string } {
  const base = site.deployment === "cloud" ? `${request.siteBase}/wiki` : request.siteBase;
  return { base, context: new URL(base).pathname.replace(/\/$/, "") };
}

/** The path of the request below the link base, e.g. `/rest/api/search`. */
export function relativePath({ site, request }: Call): string {
  return site.deployment === "cloud" ? request.path.replace(/^\/wiki/, "") : request.path;
}

export interface Slice {
  readonly start: number;
  readonly limit: number;
}

/** `start` and `limit`; a limit above the highest is lowered without a word. */
export function sliceOf(
  call: Call,
  highest: number,
  start = numberParam(call, "start") ?? 0,
): Slice {
  const limit = numberParam(call, "limit") ?? 25;
  return { start: Math.max(0, start), limit: Math.min(Math.max(0, limit), highest) };
}

/** One page of a v1 list, the next one linked by offset. */
export function list<T>(
  call: Call,
  items: readonly T[],
  write: (item: T) => unknown,
  highest = 200,
): SandboxAnswer {
  const slice = sliceOf(call, highest);
  return { status: 200, json: listModel(call, items, write, slice) };
}

/** As {@link list}, for lists inside other answers. */
export function listModel<T>(
  call: Call,
  items: readonly T[],
  write: (item: T) => unknown,
  { start, limit }: Slice,
): object {
  const { base, context } = linkBase(call);
  const path = relativePath(call);
  const results = items.slice(start, start + limit).map(write);
  const query = new URLSearchParams(call.request.query);
  query.set("start", String(start + limit));
  query.set("limit", String(limit));
  const more = limit > 0 && start + limit < items.length;
  const next = more ? { next: `${path}?${query}` } : {};
  const _links = { base, context, self: `${base}${path}`, ...next };
  return { results, start, limit, size: results.length, _links };
}

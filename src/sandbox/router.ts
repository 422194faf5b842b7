import type { SandboxRoute } from "./types.ts";

interface Node {
  readonly fixed: Map<string, Node>;
  variable?: Node | undefined;
  /** By method; parameter names belong to the route, because two methods may name a segment differently. */
  readonly routes: Map<string, { readonly route: SandboxRoute; readonly names: readonly string[] }>;
}

/** `found` holds the route and its decoded parameters; `methods` what the path would take, empty for an unknown path. */
export type RouteMatch =
  | {
      readonly found: SandboxRoute;
      readonly params: Readonly<Record<string, string>>;
    }
  | { readonly found: undefined; readonly methods: readonly string[] };

/** Finds routes by method and path segments in time that does not depend on the number of routes. */
export interface Router {
  find(method: string, path: string): RouteMatch;
}

/** Fixed segments win over variable ones. Throws on two routes with the same method and shape. */
export function createRouter(routes: readonly SandboxRoute[]): Router {
  const root = node();
  for (const route of routes) insert(root, route);
  return { find: (method, path) => find(root, method, path) };
}

function node(): Node {
  return { fixed: new Map(), routes: new Map() };
}

function insert(root: Node, route: SandboxRoute): void {
  let at = root;
  const names: string[] = [];
  for (const segment of segmentsOf(route.pattern)) {
    if (segment.startsWith("{")) {
      names.push(segment.slice(1, -1));
      at.variable ??= node();
      at = at.variable;
    } else {
      let next = at.fixed.get(segment);
      if (next === undefined) {
        next = node();
        at.fixed.set(segment, next);
      }
      at = next;
    }
  }
  if (at.routes.has(route.method)) {
    throw new Error(`two routes for ${route.method} ${route.pattern}`);
  }
  at.routes.set(route.method, { route, names });
}

function find(root: Node, method: string, path: string): RouteMatch {
  const segments = segmentsOf(path);
  const values: string[] = [];
  const end = walk(root, segments, 0, values);
  if (end === undefined) return { found: undefined, methods: [] };
  const hit = end.routes.get(method);
  if (hit === undefined) return { found: undefined, methods: [...end.routes.keys()] };
  const params: Record<string, string> = {};
  hit.names.forEach((name, index) => {
    params[name] = decode(values[index] ?? "");
  });
  return { found: hit.route, params };
}

function walk(
  at: Node,
  segments: readonly string[],
  index: number,
  values: string[],
): Node | undefined {
  const segment = segments[index];
  if (segment === undefined) return at.routes.size > 0 ? at : undefined;
  const next = at.fixed.get(segment);
  const fixed = next === undefined ? undefined : walk(next, segments, index + 1, values);
  if (fixed !== undefined || at.variable === undefined || segment === "") return fixed;
  values.push(segment);
  const end = walk(at.variable, segments, index + 1, values);
  if (end === undefined) values.pop();
  return end;
}

function segmentsOf(path: string): string[] {
  const segments = path.split("/");
  segments.shift();
  if (segments.length > 1 && segments.at(-1) === "") segments.pop();
  return segments;
}

function decode(segment: string): string {
  if (!segment.includes("%")) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

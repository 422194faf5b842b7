import type { Endpoint } from "./types.ts";

/** What a path of ours is for. */
export type Route =
  | { readonly kind: "server-metadata" | "jwks" }
  | { readonly kind: "resource-metadata"; readonly resource: string }
  | { readonly kind: "authorize" | "token" | "revoke" | "register" | "callback" }
  | { readonly kind: "resume" | "interaction" | "site"; readonly id: string }
  | { readonly kind: "account"; readonly action?: AccountAction | undefined };

export type AccountAction = "sign-in" | "sign-out" | "revoke" | "revoke-all";

/** The addresses of this server as clients and browsers see them. */
export interface Places {
  /** Exactly as clients compare it: without a trailing slash. */
  readonly issuer: string;
  readonly origin: string;
  /** Path before all of ours, such as `/atlassian`; often empty. */
  readonly prefix: string;
  /** The audience of every token, without a trailing slash. */
  readonly resource: string;
  /** Where each endpoint that is served is described. Clients compare what is there with the address they use. */
  readonly resourceMetadata: Readonly<Record<"mcp", string> & Partial<Record<Endpoint, string>>>;
  /** True where browsers reach us by https, as everywhere but on this machine. */
  readonly isSecure: boolean;
  /** The route of a path as it arrives, whether or not a proxy in front took the prefix off. */
  routeOf(path: string): Route | undefined;
  /** Path of ours for browsers, from the root. */
  path(below: string): string;
  url(below: string): string;
  /** True for every address of an endpoint of ours, without a trailing slash. */
  isResource(url: string): boolean;
}

export interface PlaceOptions {
  readonly issuer: URL;
  readonly resource: URL;
  readonly sseResource?: URL | undefined;
  readonly redirectUri: URL;
}

const fixed: Readonly<Record<string, Route>> = {
  "/jwks": { kind: "jwks" },
  "/authorize": { kind: "authorize" },
  "/token": { kind: "token" },
  "/revoke": { kind: "revoke" },
  "/register": { kind: "register" },
  "/account": { kind: "account" },
  "/account/sign-in": { kind: "account", action: "sign-in" },
  "/account/sign-out": { kind: "account", action: "sign-out" },
  "/account/revoke": { kind: "account", action: "revoke" },
  "/account/revoke-all": { kind: "account", action: "revoke-all" },
};

const serverDocuments = ["oauth-authorization-server", "openid-configuration"];
const resourceDocument = "oauth-protected-resource";

export function createPlaces(options: PlaceOptions): Places {
  const { issuer, redirectUri } = options;
  const prefix = trimmed(issuer.pathname);
  const resource = addressOf(options.resource);
  const sse = options.sseResource && addressOf(options.sseResource);
  const withoutPrefix = (path: string) =>
    prefix !== "" && (path === prefix || path.startsWith(`${prefix}/`))
      ? path.slice(prefix.length)
      : path;
  const callback = withoutPrefix(trimmed(redirectUri.pathname));
  const inserted = new Set(["", prefix]);
  const described = new Map(
    [sse, resource].flatMap((each) => {
      const path = each && new URL(each).pathname;
      return path
        ? ([
            [path, each],
            [withoutPrefix(path), each],
          ] as const)
        : [];
    }),
  );
  for (const path of ["", prefix]) described.set(path, resource);
  const wellKnown = (path: string): Route | undefined => {
    const match = /^\/\.well-known\/([a-z-]+)(.*)$/.exec(path);
    const [, name = "", rest = ""] = match ?? [];
    if (serverDocuments.includes(name) && inserted.has(rest)) return { kind: "server-metadata" };
    const found = name === resourceDocument ? described.get(rest) : undefined;
    return found === undefined ? undefined : { kind: "resource-metadata", resource: found };
  };
  const descriptionOf = (address: string) =>
    `${issuer.origin}/.well-known/${resourceDocument}${trimmed(new URL(address).pathname)}`;
  const base = `${issuer.origin}${prefix}`;
  return {
    issuer: base,
    origin: issuer.origin,
    prefix,
    resource,
    resourceMetadata: {
      mcp: descriptionOf(resource),
      ...(sse !== undefined && { sse: descriptionOf(sse) }),
    },
    isSecure: issuer.protocol === "https:",
    routeOf(path) {
      const whole = trimmed(path);
      const below = withoutPrefix(whole);
      if (below === callback) return { kind: "callback" };
      return wellKnown(whole) ?? wellKnown(below) ?? fixedRoute(below) ?? idRoute(below);
    },
    path: (below) => `${prefix}${below}`,
    url: (below) => `${base}${below}`,
    isResource: (url) => url === resource || url === sse,
  };
}

function fixedRoute(path: string): Route | undefined {
  return Object.hasOwn(fixed, path) ? fixed[path] : undefined;
}

function idRoute(path: string): Route | undefined {
  const match = /^\/(authorize|interaction)\/([\w-]{16,64})(\/site)?$/.exec(path);
  const [, place, id = "", site] = match ?? [];
  if (place === "interaction") return { kind: site === undefined ? "interaction" : "site", id };
  return place === "authorize" && site === undefined ? { kind: "resume", id } : undefined;
}

function addressOf({ origin, pathname }: URL): string {
  return `${origin}${trimmed(pathname)}`;
}

function trimmed(path: string): string {
  // The look-behind keeps it linear: anybody may send thousands of slashes.
  return path.replace(/(?<!\/)\/+$/, "");
}

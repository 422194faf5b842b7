import { parsedUrl } from "../parsed-url.ts";
import knownClients from "./known-clients.json" with { type: "json" };
import type { Places } from "./places.ts";
import { isLoopbackRedirect, parseRedirectPattern } from "./redirect-patterns.ts";

/** Which addresses an answer may be sent to. */
export interface RedirectPolicy {
  /** What makes an address unusable for anybody, as the end of a sentence; `undefined`: nothing. */
  flawOf(uri: string): string | undefined;
  /** True where the operator, or the list of known clients, allows it. `ownHost`: that of a client's own document. */
  allows(uri: string, ownHost?: string): boolean;
  /** True for an address that leads back to this server, however it is written. */
  isOurs(uri: string): boolean;
}

/** Schemes that run something or open something on the user's machine instead of handing over to an app. */
const dangerous = new Set(
  "about blob data file filesystem ftp intent javascript mailto ms-msdt search-ms tel vbscript view-source ws wss".split(
    " ",
  ),
);
const longest = 2048;

export function createRedirectPolicy(
  places: Places,
  patterns: readonly string[] | undefined,
): RedirectPolicy {
  const listed = patterns?.map(parseRedirectPattern);
  const known = knownClients.flatMap(({ redirects }) => redirects.map(parseRedirectPattern));
  const isOurs = collisionWith(places);
  return {
    flawOf: (uri) => formFlaw(uri) ?? (isOurs(uri) ? "leads back to this server" : undefined),
    allows(uri, ownHost) {
      const url = new URL(uri);
      if (listed !== undefined) return listed.some((matches) => matches(url));
      const isOwn = url.protocol === "https:" && url.host === ownHost;
      return isOwn || isLoopbackRedirect(url) || known.some((matches) => matches(url));
    },
    isOurs,
  };
}

function formFlaw(uri: string): string | undefined {
  const url = uri.length > longest ? undefined : parsedUrl(uri);
  if (url === undefined) return "is no usable address";
  if (dangerous.has(url.protocol.slice(0, -1)))
    return `has the scheme ${url.protocol.slice(0, -1)}`;
  if (uri.includes("#")) return "has a fragment";
  if (url.username !== "" || url.password !== "") return "names a user";
  // What a browser would rewrite can be compared with nothing.
  if (url.href !== uri && url.href !== `${uri}/`) return "is not written in its plain form";
  if (/(^|\/)(\.|%2e){1,2}(\/|$)/i.test(url.pathname)) return "has dot segments";
  if (url.protocol === "http:" && !isLoopbackRedirect(url)) return "uses http off this machine";
  if (url.protocol === "https:" && hostKey(url.hostname) === "loopback") {
    return "uses https on the client's own machine";
  }
  return undefined;
}

const loopback =
  /^(localhost|(.+\.)?localhost|127(\.\d{1,3}){3}|\[::1\]|\[::ffff:7f[\da-f]{2}:[\da-f]{1,4}\])$/;

/** All names of this machine are one. */
function hostKey(hostname: string): string {
  const plain = hostname.toLowerCase().replace(/(?<!\.)\.+$/, "");
  return loopback.test(plain) ? "loopback" : plain;
}

function collisionWith(places: Places): (uri: string) => boolean {
  const own = new URL(places.issuer);
  const ownPlace = `${hostKey(own.hostname)}:${portOf(own)}`;
  const prefix = places.prefix.toLowerCase();
  return (uri) => {
    const url = parsedUrl(uri);
    if (url === undefined) return false;
    if (url.protocol !== "http:" && url.protocol !== "https:") return false;
    if (`${hostKey(url.hostname)}:${portOf(url)}` !== ownPlace) return false;
    const path = plainPath(url.pathname);
    return path === prefix || path.startsWith(`${prefix}/`);
  };
}

function portOf({ port, protocol }: URL): string {
  return port || (protocol === "https:" ? "443" : "80");
}

/** A path as the most lenient of servers would read it. */
function plainPath(path: string): string {
  let plain = path;
  for (let round = 0; round < 3; round += 1) {
    try {
      plain = decodeURIComponent(plain);
    } catch {
      break;
    }
  }
  const { pathname } = new URL(plain.replace(/[\\/]+/g, "/"), "http://path.invalid/");
  return pathname.toLowerCase();
}

import { AtlassianMcpError } from "../errors.ts";
import { parsedUrl } from "../parsed-url.ts";

/** Tells whether a redirect address is one of those that an operator allows. */
export type RedirectPattern = (uri: URL) => boolean;

const shape =
  /^([a-z][a-z\d+.-]*):\/\/(\*\.)?(\[[\da-f:.]+\]|[^\s/?#@:*[\]]*)(?::(\d{1,5}|\*))?(\/[^\s?#]*)?$/i;
const loopbackHosts = new Set(["localhost", "127.0.0.1", "[::1]"]);
const defaultPorts: Readonly<Record<string, string>> = { "http:": "80", "https:": "443" };

/**
 * A pattern in the language of `ATLASSIAN_OAUTH_ALLOWED_CLIENT_REDIRECT_URIS`: the scheme exactly; the host exactly, or
 * what is below it after `*.`; the port exactly, `*` for any, absent for the usual one and for any on this machine; the
 * path with `*` for anything, `/` or nothing for every path. An app's own scheme may stand alone, as `app://*`.
 *
 * @throws AtlassianMcpError `config` for what is no pattern.
 */
export function parseRedirectPattern(text: string): RedirectPattern {
  const own = /^([a-z][a-z\d+.-]*):\/\/\*$/i.exec(text)?.[1]?.toLowerCase();
  if (own !== undefined && !/^https?$/.test(own)) return (uri) => uri.protocol === `${own}:`;
  const match = shape.exec(text);
  const [, scheme = "", below, host = "", port, path = "/"] = match ?? [];
  const hostname = hostOf(scheme, host);
  const isWeb = /^https?$/i.test(scheme);
  if (match === null || hostname === undefined || (isWeb && hostname === "")) throw unusable(text);
  const protocol = `${scheme.toLowerCase()}:`;
  const pathPattern = glob(path);
  return (uri) =>
    uri.protocol === protocol &&
    (below === undefined ? uri.hostname === hostname : uri.hostname.endsWith(`.${hostname}`)) &&
    isPort(uri, port) &&
    (path === "/" || pathPattern.test(uri.pathname));
}

/** True for the three names of this machine that clients listen on, in the form that `URL` gives them. */
export function isLoopbackRedirect(uri: URL): boolean {
  return uri.protocol === "http:" && loopbackHosts.has(uri.hostname);
}

function hostOf(scheme: string, host: string): string | undefined {
  return parsedUrl(`${scheme}://${host}`)?.hostname;
}

function isPort(uri: URL, wanted: string | undefined): boolean {
  if (wanted === "*") return true;
  if (wanted === undefined) return loopbackHosts.has(uri.hostname) || uri.port === "";
  return (uri.port || (defaultPorts[uri.protocol] ?? "")) === wanted;
}

function glob(path: string): RegExp {
  const literal = path.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${literal.join(".*")}$`);
}

function unusable(text: string): AtlassianMcpError {
  const setting = "ATLASSIAN_OAUTH_ALLOWED_CLIENT_REDIRECT_URIS";
  return new AtlassianMcpError("config", `${setting} holds "${text}", which is no pattern`, {
    setting,
    next: "Write patterns such as http://localhost:* or https://client.example.com/callback.",
  });
}

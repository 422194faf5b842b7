import { AtlassianMcpError } from "../errors.ts";
import { parsedUrl } from "../parsed-url.ts";

/**
 * Key or id of the issue that a caller's text names: a key (result in capitals), an id, or a browse link of this site.
 *
 * @param name argument or field, for the error.
 * @throws AtlassianMcpError `input` for links to other sites and links that name no issue.
 */
export function issueKeyOf(browseBase: string, text: string, name = "issue_key"): string {
  const trimmed = text.trim();
  const key = trimmed.includes("/") ? keyInLink(new URL(browseBase), trimmed, name) : trimmed;
  return /^[a-z][a-z0-9_]*-\d+$/i.test(key) ? key.toUpperCase() : key;
}

function keyInLink(base: URL, text: string, name: string): string {
  const url = linkFrom(base, text);
  if (url === undefined) throw notAnIssue(text, name);
  const root = `${base.pathname.replace(/\/$/, "")}/`;
  if (url.host !== base.host || !url.pathname.startsWith(root)) throw elsewhere(url, base, name);
  const key = /^browse\/([^/]+)\/?$/.exec(url.pathname.slice(root.length))?.[1];
  if (key === undefined) throw notAnIssue(text, name);
  return key;
}

/** People leave out the scheme, or scheme and host, of what they copy. */
function linkFrom(base: URL, text: string): URL | undefined {
  const isComplete = /^(?:https?:)?\//i.test(text);
  const link = isComplete ? text : `${base.protocol}//${text}`;
  return parsedUrl(link, base.origin);
}

function elsewhere(url: URL, base: URL, name: string): AtlassianMcpError {
  const own = base.host + base.pathname.replace(/\/$/, "");
  return new AtlassianMcpError(
    "input",
    `${url.host}${url.host === base.host ? url.pathname : ""} is another site: this server works with ${own}.`,
    { fields: { [name]: `must be on ${own}` }, next: "Give the key of an issue of this site." },
  );
}

function notAnIssue(text: string, name: string): AtlassianMcpError {
  return new AtlassianMcpError("input", `"${text.slice(0, 200)}" does not name an issue.`, {
    fields: { [name]: "takes an issue key, its id or its browse link" },
    next: "Give an issue key such as PROJ-123.",
  });
}

import { AtlassianMcpError } from "../errors.ts";
import { parsedUrl } from "../parsed-url.ts";

/** What a caller's text names: a content id, or a page by space and title. */
export type PageRef =
  | { readonly id: string }
  | { readonly spaceKey: string; readonly title: string };

/**
 * Reads an id, an address of a page, folder or blog post on this site, or a tiny link. Nothing is requested.
 *
 * @throws AtlassianMcpError `input` for other texts and for addresses of other sites.
 */
export function parsePageRef(text: string, browseBase: string): PageRef {
  const trimmed = text.trim();
  if (/^(att)?\d+$/.test(trimmed)) return { id: trimmed };
  if (/^https?:\/\//i.test(trimmed)) return fromUrl(trimmed, new URL(browseBase));
  const tiny = /^\/?(?:wiki\/)?x\/([\w-]+)\/?$/.exec(trimmed)?.[1];
  if (tiny !== undefined) return { id: tinyId(tiny) };
  throw unusable(trimmed, "is neither a page id nor an address of a page");
}

/** The id in a tiny link: bytes in little-endian order, in base64 without its last zeros. */
export function tinyId(code: string): string {
  const base64 = code.replaceAll("-", "/").replaceAll("_", "+").padEnd(11, "A");
  const bytes = Buffer.from(`${base64}=`, "base64");
  if (code.length > 11 || bytes.length !== 8) throw unusable(code, "is not a tiny link");
  return bytes.readBigUInt64LE().toString();
}

function fromUrl(text: string, base: URL): PageRef {
  const url = parsedUrl(text);
  if (url === undefined) throw unusable(text, "is not an address");
  if (url.host !== base.host) {
    throw new AtlassianMcpError(
      "input",
      `${url.host} is another site: this server works with ${base.host}`,
      { fields: { page_id: `must be on ${base.host}` }, next: "Give a page of this site." },
    );
  }
  const query = url.searchParams.get("pageId");
  if (query !== null && /^\d+$/.test(query)) return { id: query };
  const [spaceKey, title] = [url.searchParams.get("spaceKey"), url.searchParams.get("title")];
  if (spaceKey && title) return { spaceKey, title };
  return fromPath(url.pathname) ?? unusableAddress(text);
}

function fromPath(path: string): PageRef | undefined {
  const tiny = /\/x\/([\w-]+)\/?$/.exec(path)?.[1];
  if (tiny !== undefined) return { id: tinyId(tiny) };
  // Also /pages/edit-v2/123, /folder/123, /whiteboard/123 and /blog/2026/11/05/123/Title.
  const id =
    /\/blog\/\d{4}\/\d{2}\/\d{2}\/(\d+)(?:\/|$)/.exec(path)?.[1] ??
    /\/(?:pages|folder|whiteboard|database|blog)(?:\/edit(?:-v2)?)?\/(\d+)(?:\/|$)/.exec(path)?.[1];
  if (id !== undefined) return { id };
  const [, space, title] = /\/display\/([^/]+)\/([^/]+)\/?$/.exec(path) ?? [];
  if (space === undefined || title === undefined) return undefined;
  return { spaceKey: decode(space), title: decode(title) };
}

function decode(segment: string): string {
  const spaced = segment.replaceAll("+", " ");
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

function unusableAddress(text: string): never {
  throw unusable(text, "does not name a page");
}

function unusable(text: string, problem: string): AtlassianMcpError {
  return new AtlassianMcpError("input", `"${text}" ${problem}`, {
    next: "Give the numeric page id, the page's address, or title and space_key.",
  });
}

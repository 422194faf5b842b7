import { badRequest } from "./refused.ts";
import { type Body, storageOf } from "./storage/body.ts";
import { escapeXml } from "./storage/xml.ts";
import { bodyContext, type Content, latest, type Site } from "./world.ts";

/** The text that an inline comment is put on. */
export interface Selection {
  readonly text: string;
  /** How often the caller found it; checked when given. */
  readonly matchCount?: number | undefined;
  /** Which of the matches is meant, from 0. */
  readonly matchIndex?: number | undefined;
}

/** Where the text stands between tags. */
function matchesOf(storage: string, text: string): number[] {
  const found: number[] = [];
  const wanted = escapeXml(text);
  for (let at = storage.indexOf(wanted); at >= 0; at = storage.indexOf(wanted, at + 1)) {
    const inTag = storage.lastIndexOf("<", at) > storage.lastIndexOf(">", at);
    if (!inTag) found.push(at);
  }
  return found;
}

/**
 * The page's storage format with a marker around the selected text.
 *
 * @throws Refused 400 when the text is not there as often as said.
 */
function withMarker(site: Site, page: Content, selection: Selection, ref: string): Body {
  if (selection.text === "") throw badRequest("The text selection must not be empty");
  const storage = storageOf(latest(page).body, bodyContext(site, page));
  const found = matchesOf(storage, selection.text);
  const at = found[selection.matchIndex ?? 0];
  const miscounted = selection.matchCount !== undefined && selection.matchCount !== found.length;
  if (at === undefined || miscounted) {
    throw badRequest("The text selection of the inline comment does not match the page");
  }
  const end = at + escapeXml(selection.text).length;
  const open = `<ac:inline-comment-marker ac:ref="${ref}">`;
  const marked = `${open}${storage.slice(at, end)}</ac:inline-comment-marker>`;
  return { format: "storage", value: storage.slice(0, at) + marked + storage.slice(end) };
}

/** Puts the marker into the current version, which does not count as a new one. */
export function mark(site: Site, page: Content, selection: Selection, ref: string): void {
  const body = withMarker(site, page, selection, ref);
  const version = { ...latest(page), body };
  const [first, ...rest] = page.versions;
  page.versions = rest.length === 0 ? [version] : [first, ...rest.slice(0, -1), version];
}

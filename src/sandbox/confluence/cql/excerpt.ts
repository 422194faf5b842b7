const open = "@@@hl@@@";
const close = "@@@endhl@@@";
const length = 300;

export type ExcerptKind =
  | "highlight"
  | "highlight_unescaped"
  | "indexed"
  | "indexed_unescaped"
  | "none";

function escapeHtml(text: string): string {
  return text
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;")
    .replace(/'/g, "&#39;");
}

/** The text with the found words between Confluence's markers. */
export function highlight(text: string, pattern: RegExp | undefined): string {
  return pattern === undefined ? text : text.replace(pattern, `${open}$&${close}`);
}

/** About 300 characters of a text: its beginning, or what stands around the first found word. */
export function excerpt(text: string, kind: ExcerptKind, pattern: RegExp | undefined): string {
  if (kind === "none") return "";
  const written = kind.endsWith("unescaped") ? (part: string) => part : escapeHtml;
  if (kind.startsWith("indexed")) return written(text.slice(0, length));
  const first = pattern === undefined ? -1 : text.search(pattern);
  const from = first < length / 2 ? 0 : text.indexOf(" ", first - length / 2) + 1;
  return written(highlight(text.slice(from, from + length), pattern));
}

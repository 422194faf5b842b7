import { parseMarkdown } from "../markdown/parse.ts";
import { writeMarkdown } from "../markdown/write.ts";
import type { Originals } from "../tree.ts";
import { readWiki } from "./read.ts";
import { writeWiki } from "./write.ts";

/** Wiki markup as Markdown, with the originals that its placeholders stand for. Throws `shape`. */
export function wikiToMarkdown(text: string): { markdown: string; originals: Originals } {
  const { document, originals } = readWiki(text);
  return { markdown: writeMarkdown(document), originals };
}

/** Markdown as wiki markup. Throws `input` for a placeholder that `originals` does not hold. */
export function markdownToWiki(
  markdown: string,
  options: { readonly originals?: Originals | undefined } = {},
): string {
  return writeWiki(parseMarkdown(markdown), options);
}

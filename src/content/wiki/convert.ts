import { parseMarkdown } from "../markdown/parse.ts";
import { writeMarkdown } from "../markdown/write.ts";
import type { Originals } from "../tree.ts";
import { readWiki } from "./read.ts";
import { type WikiOptions, writeWiki } from "./write.ts";

/** Wiki markup as Markdown, with the originals that its placeholders stand for. Throws `shape`. */
export function wikiToMarkdown(text: string): { markdown: string; originals: Originals } {
  const { document, originals } = readWiki(text);
  return { markdown: writeMarkdown(document), originals };
}

/** Markdown as wiki markup. Throws `input` as {@link writeWiki}. */
export function markdownToWiki(markdown: string, options: WikiOptions = {}): string {
  return writeWiki(parseMarkdown(markdown), options);
}

import { parseMarkdown } from "../markdown/parse.ts";
import { writeMarkdown } from "../markdown/write.ts";
import type { Originals } from "../tree.ts";
import { readStorage } from "./read.ts";
import { writeStorage } from "./write.ts";
import type { StorageOptions } from "./writing.ts";

/** Storage format as Markdown, with the originals that its placeholders stand for. Throws `shape`. */
export function storageToMarkdown(xml: string): { markdown: string; originals: Originals } {
  const { document, originals } = readStorage(xml);
  return { markdown: writeMarkdown(document), originals };
}

/** Markdown as storage format. Throws `input` as {@link writeStorage}. */
export function markdownToStorage(markdown: string, options: StorageOptions = {}): string {
  return writeStorage(parseMarkdown(markdown), options);
}

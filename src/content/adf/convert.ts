import { parseMarkdown } from "../markdown/parse.ts";
import { writeMarkdown } from "../markdown/write.ts";
import type { Originals } from "../tree.ts";
import { readAdf } from "./read.ts";
import type { AdfDocument } from "./types.ts";
import { writeAdf } from "./write.ts";
import type { AdfOptions } from "./writing.ts";

/** ADF as Markdown, with the originals its placeholders stand for. Throws `input` on malformed ADF. */
export function adfToMarkdown(adf: unknown): { markdown: string; originals: Originals } {
  const { document, originals } = readAdf(adf);
  return { markdown: writeMarkdown(document), originals };
}

/** Markdown as valid ADF. Throws `input` when a placeholder is unknown or stands twice. */
export function markdownToAdf(markdown: string, options: AdfOptions = {}): AdfDocument {
  return writeAdf(parseMarkdown(markdown), options);
}

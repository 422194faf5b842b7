import { normalizeDocument } from "../normalize.ts";
import type { Document } from "../tree.ts";
import { writeBlocks } from "./write-blocks.ts";

/**
 * Writes a document so that `parseMarkdown` reads the same document back. Literal text is escaped
 * only where it would otherwise be taken for markup. Ends without a line break.
 */
export function writeMarkdown(document: Document): string {
  return writeBlocks(normalizeDocument(document).children);
}

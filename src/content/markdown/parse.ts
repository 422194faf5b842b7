import { normalizeDocument } from "../normalize.ts";
import type { Document } from "../tree.ts";
import { tokenize } from "./parser.ts";
import { readDocument } from "./read-blocks.ts";

/**
 * Reads CommonMark with tables, task lists, strike-through, bare addresses and our own notations.
 * Placeholders come without their originals: whoever writes the document looks them up. Throws
 * `input` where the text is nested too deeply.
 */
export function parseMarkdown(text: string): Document {
  return normalizeDocument(readDocument(tokenize(text)));
}

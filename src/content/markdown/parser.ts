import MarkdownIt from "markdown-it";
import { isUnsafeLink } from "../normalize.ts";
import { addBlockRules } from "./block-rules.ts";
import { addInlineRules } from "./inline-rules.ts";
import type { Parser, Token } from "./library.ts";
import { addTableTokens } from "./table-tokens.ts";

let shared: Parser | undefined;

/** Tokens of a text. Throws `input` where it is nested too deeply. */
export function tokenize(text: string): Token[] {
  shared ??= createParser();
  return shared.parse(text, {});
}

function createParser(): Parser {
  const md = new MarkdownIt({ html: false, linkify: false, typographer: false });
  // Escaped characters stay apart from plain text: `\[ ]` is not a task marker.
  md.core.ruler.disable("text_join");
  md.normalizeLink = (url) => url;
  md.normalizeLinkText = (url) => url;
  md.validateLink = (url) => !isUnsafeLink(url);
  addBlockRules(md);
  addTableTokens(md);
  addInlineRules(md);
  return md;
}

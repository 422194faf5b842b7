import type { RichText } from "../model.ts";
import { adfToHtml, adfToPlain, adfToWiki } from "./adf-output.ts";
import { wikiToAdf } from "./wiki-input.ts";

/** What an API version speaks: ADF on v3, wiki markup on v2. */
export type TextFormat = "adf" | "wiki";

/** Stored text as an API version shows it. */
export function showRich(text: RichText, format: TextFormat): RichText {
  if (format === "adf") return typeof text === "string" ? wikiToAdf(text) : text;
  return typeof text === "string" ? text : adfToWiki(text);
}

/** What search looks through. */
export function plainText(text: RichText): string {
  return typeof text === "string" ? text : adfToPlain(text);
}

/** What `renderedFields` holds. */
export function htmlText(text: RichText): string {
  return adfToHtml(typeof text === "string" ? wikiToAdf(text) : text);
}

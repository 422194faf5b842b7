import { closest } from "../spelling.ts";
import type { ToolEntry } from "./catalogue.ts";

/** What a query is cut to: each of its words is compared with each word of each tool. */
const queryLength = 500;
const queryWords = 20;

/**
 * Tools whose name, title, description or arguments match the words of `query`, best first. Words are matched by their
 * beginnings, so `sprints` finds `sprint`; a word in the name counts most. Of a query the first 20 words and 500
 * characters count.
 */
export function rankTools(
  entries: readonly ToolEntry[],
  query: string,
  limit: number,
): readonly ToolEntry[] {
  const words = wordsOf(query.slice(0, queryLength)).slice(0, queryWords);
  if (words.length === 0) return entries.slice(0, limit);
  return entries
    .map((entry) => ({ entry, score: score(entry, words) }))
    .filter((hit) => hit.score > 0)
    .sort((a, b) => b.score - a.score || (a.entry.name < b.entry.name ? -1 : 1))
    .slice(0, limit)
    .map((hit) => hit.entry);
}

function score(entry: ToolEntry, words: readonly string[]): number {
  const name = wordsOf(entry.name);
  const text = wordsOf(`${entry.title} ${entry.description} ${entry.toolset}`);
  const parameters = Object.keys(entry.inputSchema.properties).flatMap(wordsOf);
  let total = 0;
  for (const word of words) {
    if (matches(name, word)) total += 4;
    else if (matches(text, word)) total += 2;
    else if (matches(parameters, word)) total += 1;
    else if (closest(word, name) !== undefined) total += 1;
  }
  return total;
}

function matches(words: readonly string[], wanted: string): boolean {
  const stem = stemOf(wanted);
  return words.some((word) => stemOf(word) === stem || (stem.length > 3 && word.startsWith(stem)));
}

function stemOf(word: string): string {
  return word.length > 3 ? word.replace(/(?:ies|es|s|ing|ed)$/, "") : word;
}

const fillers = new Set([
  "a",
  "an",
  "and",
  "the",
  "of",
  "to",
  "in",
  "for",
  "on",
  "my",
  "with",
  "all",
]);

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "" && !fillers.has(word));
}

import type { FieldDefinition } from "./models/field.ts";

/** Below this a field has nothing to do with the words. */
const THRESHOLD = 0.5;
/** What the words are cut to; no field has a longer name. */
const LONGEST = 255;

/** Definitions ranked by how well id, name or clause names fit; unrelated ones are left out. 255 characters count. */
export function rankFields(
  definitions: readonly FieldDefinition[],
  words: string,
): FieldDefinition[] {
  const needle = plain(words.trim().slice(0, LONGEST));
  if (words.trim() === "") return [...definitions];
  return definitions
    .map((field) => ({ field, score: scoreField(field, needle) }))
    .filter(({ score }) => score >= THRESHOLD)
    .sort((a, b) => b.score - a.score || a.field.name.localeCompare(b.field.name))
    .map(({ field }) => field);
}

/** At most three fields whose names a caller may have meant. */
export function closestNames(
  definitions: readonly FieldDefinition[],
  name: string,
): FieldDefinition[] {
  return rankFields(definitions, name).slice(0, 3);
}

function scoreField(field: FieldDefinition, needle: string): number {
  const texts = [field.id, field.key, field.name, ...(field.clauseNames ?? [])];
  return Math.max(
    ...texts.map((text) => (text === undefined ? 0 : scoreText(plain(text), needle))),
  );
}

/** 1 equal, then: begins with, contains, has all words, shares letter pairs. */
export function similarity(text: string, words: string): number {
  return scoreText(plain(text), plain(words));
}

function scoreText(haystack: string, needle: string): number {
  if (needle === "" || haystack === "") return 0;
  if (haystack === needle) return 1;
  if (haystack.startsWith(needle)) return 0.95;
  if (haystack.includes(needle)) return 0.9;
  const parts = needle.split(" ");
  const found = parts.filter((part) => haystack.includes(part)).length;
  if (found === parts.length) return 0.85;
  return Math.max(
    0.8 * sharedPairs(haystack, needle),
    parts.length > 1 ? (0.6 * found) / parts.length : 0,
  );
}

/** Dice coefficient over letter pairs: 0 nothing in common, 1 the same pairs. */
function sharedPairs(left: string, right: string): number {
  const pairs = lettersInPairs(left);
  const others = lettersInPairs(right);
  if (pairs.length === 0 || others.length === 0) return 0;
  const open = new Map<string, number>();
  for (const pair of others) open.set(pair, (open.get(pair) ?? 0) + 1);
  let shared = 0;
  for (const pair of pairs) {
    const rest = open.get(pair) ?? 0;
    if (rest === 0) continue;
    open.set(pair, rest - 1);
    shared += 1;
  }
  return (2 * shared) / (pairs.length + others.length);
}

function lettersInPairs(text: string): string[] {
  const letters = text.replaceAll(" ", "");
  return Array.from({ length: Math.max(0, letters.length - 1) }, (_, at) =>
    letters.slice(at, at + 2),
  );
}

function plain(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

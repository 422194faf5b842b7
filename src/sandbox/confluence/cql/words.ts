/** Words of a text in lower case, as the search index cuts them. */
function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+(?:['’.][\p{L}\p{N}]+)*/gu) ?? [];
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

type Wanted =
  | { readonly kind: "word"; readonly pattern: RegExp }
  | { readonly kind: "phrase"; readonly words: readonly string[] };

function wanted(source: string): Wanted[] {
  const parts = source.match(/"[^"]*"?|[^\s"]+/g) ?? [];
  return parts.flatMap((part): Wanted[] => {
    if (part.startsWith('"')) return [{ kind: "phrase", words: wordsOf(part) }];
    const words = part.toLowerCase().match(/[\p{L}\p{N}*?]+(?:['’.][\p{L}\p{N}*?]+)*/gu) ?? [];
    return words.map((found) => {
      const source = escapeRegExp(found).replace(/\\\*/g, ".*").replace(/\\\?/g, ".");
      return { kind: "word", pattern: new RegExp(`^${source}$`, "u") };
    });
  });
}

function hasPhrase(words: readonly string[], phrase: readonly string[]): boolean {
  return words.some((_word, at) => phrase.every((part, index) => words[at + index] === part));
}

/**
 * A test whether a text has what a `~` search asks for: every word, in any order, with `*` and `?`
 * inside words, `"…"` for phrases, and `OR` between alternatives.
 */
export function wordSearch(search: string): (text: string) => boolean {
  const alternatives = search.split(/\s+OR\s+/).map(wanted);
  return (text) => {
    const words = wordsOf(text);
    const has = (part: Wanted): boolean =>
      part.kind === "phrase"
        ? hasPhrase(words, part.words)
        : words.some((found) => part.pattern.test(found));
    return alternatives.some((all) => all.length > 0 && all.every(has));
  };
}

/** The words to mark in a text that was found by these searches. */
export function markedPattern(searches: readonly string[]): RegExp | undefined {
  const sources = searches.flatMap((search) =>
    search
      .split(/\s+/)
      .filter((part) => part !== "OR")
      .flatMap((part) => part.match(/[\p{L}\p{N}*?]+/gu) ?? [])
      .map((part) =>
        escapeRegExp(part).replace(/\\\*/g, "[\\p{L}\\p{N}]*").replace(/\\\?/g, "[\\p{L}\\p{N}]"),
      ),
  );
  if (sources.length === 0) return undefined;
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${sources.join("|")})(?![\\p{L}\\p{N}])`, "giu");
}

/** True when the text has every word of the query; `wor*` matches beginnings, `"two words"` a phrase. */
export function matchesText(text: string, query: string): boolean {
  const phrase = /^"(.*)"$/s.exec(query.trim())?.[1];
  const words = wordsIn(text);
  if (phrase !== undefined)
    return ` ${words.join(" ")} `.includes(` ${wordsIn(phrase).join(" ")} `);
  const stems = new Set(words.map(stem));
  return query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "")
    .every((word) => {
      if (/[*?]$/.test(word)) {
        const beginning = word.replace(/[*?]+$/, "");
        return words.some((candidate) => candidate.startsWith(beginning));
      }
      return wordsIn(word).every((part) => stems.has(stem(part)));
    });
}

function wordsIn(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Jira's index folds English endings; the common ones are enough here. */
function stem(word: string): string {
  if (word.length < 5) return word.replace(/s$/, "");
  return word.replace(/(ing|ed|es|s)$/, "");
}

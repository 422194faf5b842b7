/**
 * Edits between two words: insertions, deletions, substitutions and swapped neighbours each count one.
 * Above `limit` it answers `limit + 1`.
 */
export function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current.push(
        Math.min(
          at(last, column) + 1,
          at(current, column - 1) + 1,
          at(last, column - 1) + (same ? 0 : 1),
          swapped ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    if (Math.min(...current) > limit) return limit + 1;
    beforeLast = last;
    last = current;
  }
  return Math.min(at(last, b.length), limit + 1);
}

/** The nearest of the known words, if one is at most `limit` edits away. */
export function nearest(word: string, known: Iterable<string>, limit: number): string | undefined {
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of known) {
    const found = distance(word, candidate, bestDistance - 1);
    if (found < bestDistance) {
      best = candidate;
      bestDistance = found;
    }
  }
  return best;
}

/** The known word that was most likely meant: the nearest one within a third of the word's length, whatever its case and dashes. */
export function closest(word: string, known: Iterable<string>): string | undefined {
  const wanted = normalise(word);
  const byForm = new Map([...known].map((name) => [normalise(name), name]));
  const form = nearest(wanted, byForm.keys(), Math.max(1, Math.floor(wanted.length / 3)));
  return form === undefined ? undefined : byForm.get(form);
}

/** Same words, whatever the writing: `issueKey`, `issue-key`, `ISSUE_KEY` → `issuekey`. */
export function normalise(word: string): string {
  return word.toLowerCase().replace(/[^a-z0-9]/g, "");
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}

/** What a request wants opened, as a tree: `body.storage` is `storage` inside `body`. */
export type Expand = ReadonlyMap<string, Expand>;

export const nothingExpanded: Expand = new Map();

interface Growing extends Map<string, Growing> {}

/** Reads `expand` parameters, repeated or with commas. */
export function parseExpand(values: readonly string[]): Expand {
  const root: Growing = new Map();
  for (const path of values.flatMap((value) => value.split(","))) {
    let at = root;
    for (const name of path.trim().split(".").filter(Boolean)) {
      const next = at.get(name) ?? new Map();
      at.set(name, next);
      at = next;
    }
  }
  return root;
}

/** The branch below a name; nothing when it is not expanded. */
export function within(expand: Expand, name: string): Expand {
  return expand.get(name) ?? nothingExpanded;
}

/** How many results a list has at most: bodies are costly. */
export function highestLimit(expand: Expand): number {
  const body = expand.get("body") ?? expand.get("content")?.get("body");
  if (body === undefined || body.size === 0) return 200;
  return body.has("export_view") || body.has("styled_view") ? 25 : 50;
}

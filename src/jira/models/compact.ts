/** A copy without entries that say nothing: undefined, null, empty text, empty lists and objects. Not recursive. */
export function compact<T extends object>(object: T): Compact<T> {
  const kept = Object.entries(object).filter(([, value]) => !isEmpty(value));
  // These are entries of T with some left out; Object.fromEntries cannot say so.
  return Object.fromEntries(kept) as Compact<T>;
}

export type Compact<T> = { [Key in keyof T]?: NonNullable<T[Key]> };

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === "object" && Object.keys(value).length === 0;
}

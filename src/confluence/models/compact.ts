/** Leaves out what is `undefined`, `null`, an empty text or an empty list: results hold nothing that says nothing. */
export function compact<T extends object>(value: T): T {
  const kept = Object.entries(value).filter(([, entry]) => {
    if (entry === undefined || entry === null || entry === "") return false;
    return !(Array.isArray(entry) && entry.length === 0);
  });
  // The same type: only optional entries can be missing, their types allow it.
  return Object.fromEntries(kept) as T;
}

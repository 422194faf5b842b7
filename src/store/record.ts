/** What is inside a sealed file. */
export interface StoredRecord {
  readonly value: string;
  /** Milliseconds since the epoch; absent: it stays. */
  readonly endsAt?: number;
}

/** `undefined` for a text that is no record. */
export function parseRecord(text: string): StoredRecord | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof parsed !== "object" || parsed === null) return undefined;
  const { value, endsAt }: Partial<Record<keyof StoredRecord, unknown>> = parsed;
  if (typeof value !== "string") return undefined;
  if (endsAt === undefined) return { value };
  return typeof endsAt === "number" ? { value, endsAt } : undefined;
}

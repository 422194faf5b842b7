/** The key as given, then in capitals: most keys are, and people do not type them so. */
export function spellings(key: string): string[] {
  return [...new Set([key, key.toUpperCase()])];
}

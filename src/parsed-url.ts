/**
 * A URL, or `undefined` for what is none. Not by `URL.canParse`: once hot, that of Node 20 says no to addresses with
 * letters such as `ü`.
 */
export function parsedUrl(text: string, base?: string): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}

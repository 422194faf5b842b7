import { isSecretName, mask, maskSecrets } from "../log.ts";
import { parsedUrl } from "../parsed-url.ts";

/** The URL with its user information and the values of secret query parameters masked; other text stays as it is. */
export function redactUrl(url: URL | string): string {
  const parsed = typeof url === "string" ? parsedUrl(url) : new URL(url);
  if (parsed === undefined) return maskSecrets(String(url));
  // Written without `URL.username`, which would percent-encode the mask.
  const userInfo = parsed.username !== "" || parsed.password !== "" ? `${mask}@` : "";
  const query = [...new URLSearchParams(parsed.search)].map(([name, value]) =>
    isSecretName(name) || name === "code"
      ? `${encodeURIComponent(name)}=${mask}`
      : `${encodeURIComponent(name)}=${encodeURIComponent(maskSecrets(value))}`,
  );
  const search = query.length === 0 ? "" : `?${query.join("&")}`;
  return `${parsed.protocol}//${userInfo}${parsed.host}${parsed.pathname}${search}`;
}

/** Header names as they are, with the values of secret ones masked; for logs and error texts. */
export function redactHeaders(
  headers: Readonly<Record<string, string>>,
  secrets: Iterable<string> = [],
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      isSecretName(name) ? mask : maskSecrets(value, secrets),
    ]),
  );
}

const quoteLimit = 500;

/** Characters of a text that are looked at: enough to fill a quote although masking and folding shorten it. */
const readLimit = 4096;

/**
 * Somebody else's text, fit to be quoted in a message that people and models read: without secrets and control
 * characters, white space folded, at most 500 characters.
 */
export function quotable(text: string, secrets: Iterable<string> = []): string {
  const beginning = beginningOf(text);
  const clean = maskSecrets(beginning, secrets)
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
  if (clean.length <= quoteLimit && beginning.length === text.length) return clean;
  return `${clean.slice(0, quoteLimit - 1).trimEnd()}…`;
}

/** Ends before a word that would be cut: the first part of a secret is not recognised as one. */
function beginningOf(text: string): string {
  if (text.length <= readLimit) return text;
  let end = readLimit;
  while (end > 0 && !/[\s"'<>]/.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

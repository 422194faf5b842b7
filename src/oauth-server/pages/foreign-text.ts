import { parsedUrl } from "../../parsed-url.ts";

const segmenter = new Intl.Segmenter("en");

/**
 * Text as it may be shown among words of ours: on one line, without characters that are invisible, turn the direction
 * of what follows, or pile up over their neighbours.
 *
 * @param maxLength in characters as people count them; a longer text ends in "…".
 * @returns empty when nothing visible is left.
 */
export function plainText(text: string, maxLength: number): string {
  const visible = text
    // Bounds the work; no text that is shown is nearly as long.
    .slice(0, 4000)
    .normalize("NFC")
    .replace(/[\s\p{Z}\p{Cc}\u2800]+/gu, " ")
    .replace(/[\p{C}\p{Default_Ignorable_Code_Point}]+/gu, "")
    .replace(/(\p{M}{2})\p{M}+/gu, "$1")
    .replace(/ {2,}/g, " ")
    .trim();
  const characters = Array.from(segmenter.segment(visible), (part) => part.segment);
  if (characters.length <= maxLength) return visible;
  const kept = characters.slice(0, maxLength - 1).join("");
  return `${kept.trimEnd()}…`;
}

const loopbackHost = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
const maxHostLength = 64;

/**
 * The one part of an address that says who is behind it: its host, in punycode where it has letters beyond ASCII, so
 * that look-alikes show. A long host loses its beginning, because its owner is named at the end.
 *
 * @returns `undefined` for what is no address with a host.
 */
export function hostOf(address: string): string | undefined {
  const url = parsedUrl(address);
  if (url === undefined || url.host === "") return undefined;
  const host = plainText(url.host, url.host.length);
  return host.length <= maxHostLength ? host : `…${host.slice(1 - maxHostLength)}`;
}

/** Where a redirect ends, in words: a host, this computer, or an app that has a scheme of its own. */
export function destinationOf(redirectUri: string): string {
  const url = parsedUrl(redirectUri);
  if (url === undefined) return "an address that cannot be read";
  const isWeb = url.protocol === "https:" || url.protocol === "http:";
  if (!isWeb) return `the app that opens ${plainText(url.protocol, 40)} links`;
  const host = hostOf(redirectUri) ?? "";
  return loopbackHost.test(url.hostname) ? `this computer (${host})` : host;
}

import { createHash, timingSafeEqual } from "node:crypto";
import { isLoopbackHost } from "../config/site-url.ts";
import { parsedUrl } from "../parsed-url.ts";

/** What a browser, or a person with the clipboard, brings back from the issuer. */
export type RedirectReading =
  /** The answer to the sign-in that was begun: a code, or an error. */
  | { readonly kind: "answer"; readonly parameters: URLSearchParams }
  /** An answer, but to another sign-in. */
  | { readonly kind: "stranger" }
  /** No answer at all. */
  | { readonly kind: "nothing" };

/** Judges the query of a redirect. Nothing in it counts before its state is the right one. */
export function readRedirect(parameters: URLSearchParams, state: string): RedirectReading {
  const given = parameters.getAll("state");
  const isAnswer = parameters.has("code") || parameters.has("error");
  if (given.length === 0 && !isAnswer) return { kind: "nothing" };
  if (!isAnswer || given.length !== 1 || !isSame(given[0] ?? "", state)) {
    return { kind: "stranger" };
  }
  return { kind: "answer", parameters };
}

/** Judges what somebody pasted: the address at which the browser ended, or its query alone. */
export function readPasted(text: string, state: string): RedirectReading {
  const pasted = text.trim().replace(/^["'<]|["'>]$/g, "");
  const query = parsedUrl(pasted)?.search ?? pasted.replace(/^[^?]*\?/, "");
  return readRedirect(new URLSearchParams(query), state);
}

/** True where this program can listen at the callback address itself. */
export function canListen({ protocol, hostname }: URL): boolean {
  return protocol === "http:" && isLoopbackHost(hostname) && !hostname.endsWith(".localhost");
}

function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

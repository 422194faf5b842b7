import type { IncomingMessage, ServerResponse } from "node:http";
import { errorPage } from "./pages/error.ts";
import { type PageHeaderOptions, pageHeaders } from "./pages/headers.ts";
import type { ErrorPageData } from "./pages/types.ts";
import type { Places } from "./places.ts";

/** The name that browsers know a cookie of ours by: `__Host-` ties it to this host and to https. */
export function cookieName({ isSecure }: Places, name: string): string {
  return isSecure ? `__Host-mcp-${name}` : `mcp-${name}`;
}

export function readCookie(
  request: IncomingMessage,
  places: Places,
  name: string,
): string | undefined {
  const start = `${cookieName(places, name)}=`;
  const cookies = (request.headers.cookie ?? "").split(";").map((each) => each.trim());
  return cookies.find((each) => each.startsWith(start))?.slice(start.length);
}

/** `maxAgeS` 0 takes it away. */
export function setCookie(
  response: ServerResponse,
  places: Places,
  {
    name,
    value,
    maxAgeS,
  }: { readonly name: string; readonly value: string; readonly maxAgeS: number },
): void {
  const secure = places.isSecure ? " Secure;" : "";
  const start = `${cookieName(places, name)}=${value};`;
  response.appendHeader(
    "set-cookie",
    `${start} Path=/; Max-Age=${maxAgeS};${secure} HttpOnly; SameSite=Lax`,
  );
}

/**
 * False for a form that another site has sent. Browsers say where a request comes from; ours send `Origin: null`,
 * because the pages forbid a referrer, so that header decides only where the better one is missing.
 */
export function isOwnForm({ headers }: IncomingMessage, { origin }: Places): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined) return site === "same-origin";
  return headers.origin === undefined || headers.origin === origin;
}

/** A page on the way back to a client, unless the options say otherwise. */
export function sendPage(
  response: ServerResponse,
  status: number,
  page: string,
  options: PageHeaderOptions = { keepsOpener: true },
): void {
  response.writeHead(status, pageHeaders(options));
  response.end(page);
}

export function sendError(response: ServerResponse, status: number, data: ErrorPageData): void {
  sendPage(response, status, errorPage(data));
}

/** 303, so that a form's POST ends here and its fields go no further. */
export function redirect(response: ServerResponse, location: string): void {
  response.writeHead(303, {
    location,
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "content-length": "0",
  });
  response.end();
}

export const expired: ErrorPageData = {
  title: "This sign-in has expired",
  message: "It took longer than ten minutes, was finished already, or began in another browser.",
  next: "Go back to your client and connect again.",
};

export const foreignForm: ErrorPageData = {
  title: "This request cannot be accepted",
  message: "It did not come from a page of this server, or the page was too old.",
  next: "Go back to your client and connect again.",
};

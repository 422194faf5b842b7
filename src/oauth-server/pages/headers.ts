import { createHash } from "node:crypto";
import { stylesheet } from "./style.ts";

export interface PageHeaderOptions {
  /**
   * Where forms may lead, beside this server: an origin, or a scheme alone for apps with one of their own. Name every
   * address that a redirect after the post passes through, since Chromium holds those against the list, too. Absent:
   * no limit.
   */
  readonly formTargets?: readonly URL[] | undefined;
  /**
   * True on pages of an authorization request. A web client may have opened it in a window of its own, and its callback
   * page answers through `window.opener`, which any page on the way that isolates itself cuts for good.
   */
  readonly keepsOpener?: boolean | undefined;
}

const styleHash = createHash("sha256").update(stylesheet).digest("base64");

const fixed: Readonly<Record<string, string>> = {
  "content-type": "text/html; charset=utf-8",
  "x-frame-options": "DENY",
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "permissions-policy":
    "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), publickey-credentials-get=(), usb=()",
  "cross-origin-resource-policy": "same-origin",
};

/**
 * Headers for every page: nothing is loaded or run, only our stylesheet counts, and no other page may frame it.
 *
 * Without referrer a browser sends `Origin: null` with our forms. Check them by their csrf token and
 * `Sec-Fetch-Site`, not by `Origin`.
 */
export function pageHeaders(options: PageHeaderOptions = {}): Record<string, string> {
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${styleHash}'`,
    "img-src data:",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ];
  if (options.formTargets !== undefined) {
    const sources = options.formTargets.map(sourceOf).filter((source) => source !== undefined);
    policy.push(["form-action", "'self'", ...new Set(sources)].join(" "));
  }
  return {
    ...fixed,
    "content-security-policy": policy.join("; "),
    "cross-origin-opener-policy": options.keepsOpener === true ? "unsafe-none" : "same-origin",
  };
}

/**
 * A target as policies write it. Hosts may hold a semicolon or a comma, which would start a directive or a policy of
 * their own: such a one is left out. Policies have no form for IPv6 addresses, so the scheme has to do.
 */
function sourceOf(url: URL): string | undefined {
  const isWeb = url.protocol === "https:" || url.protocol === "http:";
  if (!isWeb || url.hostname.startsWith("[")) return url.protocol;
  return /^[a-z0-9._-]+$/.test(url.hostname) ? url.origin : undefined;
}

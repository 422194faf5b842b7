import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { parsedUrl } from "../../parsed-url.ts";
import { isCloudId } from "./cloud-id.ts";
import type { Grant, OAuthApp } from "./types.ts";

/** As the Python implementation writes it. */
const legacyFile = z.object({
  refresh_token: z.string().nullish(),
  access_token: z.string().nullish(),
  /** Unix seconds with a fraction. */
  expires_at: z.number().nullish(),
  cloud_id: z.string().nullish(),
  base_url: z.string().nullish(),
});

/**
 * The grant in a token file of the Python implementation; `undefined` when there is none, or none of this issuer: the
 * files are named by client only. Refreshing it retires what the file holds.
 */
export async function readLegacyGrant(app: OAuthApp, folder: string): Promise<Grant | undefined> {
  // The id becomes part of a file name.
  if (!/^[\w-][\w.-]*$/.test(app.clientId)) return undefined;
  const file = join(folder, `oauth-${app.clientId}.json`);
  try {
    const parsed = legacyFile.parse(JSON.parse(await readFile(file, "utf8")));
    if (!isOfIssuer(app, parsed.base_url ?? undefined)) return undefined;
    return asGrant(parsed, (await stat(file)).mtimeMs);
  } catch {
    // Not there, not readable or not theirs: all the same to somebody who never used it.
    return undefined;
  }
}

function asGrant(file: z.output<typeof legacyFile>, writtenAt: number): Grant | undefined {
  const { access_token, refresh_token, expires_at, cloud_id } = file;
  if (!access_token && !refresh_token) return undefined;
  return {
    version: 1,
    // Never sent: it is over from the beginning.
    accessToken: access_token || "none",
    ...(refresh_token && { refreshToken: refresh_token }),
    // Without an access token, or without knowing its end, it is refreshed first.
    expiresAt: access_token && expires_at ? Math.round(expires_at * 1000) : 0,
    scopes: [],
    ...(cloud_id && isCloudId(cloud_id) && { cloudId: cloud_id }),
    signedInAt: Math.round(writtenAt),
  };
}

function isOfIssuer({ issuer }: OAuthApp, baseUrl: string | undefined): boolean {
  if (issuer.kind === "cloud") {
    // Their tokens come from there; no other host may see them.
    if (issuer.authUrl.host !== "auth.atlassian.com") return false;
    return baseUrl === undefined || /\.(atlassian\.net|jira\.com)$/.test(hostOf(baseUrl));
  }
  return baseUrl !== undefined && trimmed(baseUrl) === trimmed(issuer.baseUrl.href);
}

function hostOf(url: string): string {
  return parsedUrl(url)?.hostname ?? "";
}

function trimmed(url: string): string {
  return (parsedUrl(url)?.href ?? url).replace(/\/+$/, "");
}

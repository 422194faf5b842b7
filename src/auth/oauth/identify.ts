import { createHash } from "node:crypto";
import { z } from "zod";
import { AtlassianMcpError, isOurs } from "../../errors.ts";
import { issuerHost } from "./endpoints.ts";
import { accessibleResources, fetchJson, profile } from "./sites.ts";
import type { AccessibleSite, Account, Fetch, Issuer } from "./types.ts";

/** Whose token it is and what it reaches. */
export interface SignedIn {
  readonly account: Account;
  /** Cloud sites, possibly none; absent on Data Center, where the instance is all there is. */
  readonly sites?: readonly AccessibleSite[] | undefined;
}

/**
 * Asks the issuer who has signed in.
 *
 * @throws AtlassianMcpError `auth` for a token that is not accepted; `scope` when the token may not tell whose it is;
 *   `upstream`, `network`, `shape`.
 */
export async function identify(
  fetch: Fetch,
  issuer: Issuer,
  token: string,
  signal?: AbortSignal,
): Promise<SignedIn> {
  if (issuer.kind === "datacenter") {
    return { account: await instanceUser(fetch, issuer, token, signal) };
  }
  const sites = await accessibleResources(fetch, issuer.apiUrl, token, signal);
  const own = await profile(fetch, issuer.apiUrl, token, signal);
  if (own !== undefined) return { account: own, sites };
  for (const { id } of sites) {
    const account = await siteUser(fetch, issuer.apiUrl, id, token, signal);
    if (account !== undefined) return { account, sites };
  }
  throw new AtlassianMcpError("scope", "The sign-in does not say who signed in", {
    setting: "ATLASSIAN_OAUTH_SCOPE",
    next: "Add read:me to the app and to ATLASSIAN_OAUTH_SCOPE.",
  });
}

/** A name for a person that is the same at each sign-in and tells nothing about them. */
export function subjectOf(issuer: Issuer, accountId: string): string {
  const place = issuer.kind === "cloud" ? "" : issuer.baseUrl.href.replace(/\/+$/, "");
  const text = JSON.stringify([issuer.kind, place, accountId]);
  return createHash("sha256").update(text).digest("base64url");
}

/** Where people sign in, for them to read; `undefined` on Cloud, whose login host serves every site. */
export function signInSite(issuer: Issuer): URL | undefined {
  return issuer.kind === "cloud" ? undefined : issuer.baseUrl;
}

const jiraUser = z.object({
  key: z.string(),
  displayName: z.string().optional().catch(undefined),
  emailAddress: z.string().optional().catch(undefined),
});
const confluenceUser = z.object({
  userKey: z.string(),
  displayName: z.string().optional().catch(undefined),
});
const cloudUser = z.object({
  accountId: z.string(),
  displayName: z.string().optional().catch(undefined),
});

async function instanceUser(
  fetch: Fetch,
  issuer: Extract<Issuer, { kind: "datacenter" }>,
  token: string,
  signal: AbortSignal | undefined,
): Promise<Account> {
  const ask = (path: string) => fetchJson(fetch, issuer.baseUrl, path, token, signal);
  if (issuer.product === "jira") {
    const user = jiraUser.safeParse(await ask("rest/api/2/myself"));
    if (!user.success) throw unknownUser(issuer);
    const { key: id, displayName: name, emailAddress: email } = user.data;
    return { id, name, email };
  }
  const user = confluenceUser.safeParse(await ask("rest/api/user/current"));
  // Whoever is not signed in is a user of its own kind there, without a key.
  if (!user.success) throw unknownUser(issuer);
  return { id: user.data.userKey, name: user.data.displayName };
}

/** By way of a product, for apps that may not read the profile. */
async function siteUser(
  fetch: Fetch,
  apiUrl: URL,
  cloudId: string,
  token: string,
  signal: AbortSignal | undefined,
): Promise<Account | undefined> {
  const paths = [
    `ex/jira/${cloudId}/rest/api/3/myself`,
    `ex/confluence/${cloudId}/wiki/rest/api/user/current`,
  ];
  for (const path of paths) {
    try {
      const user = cloudUser.safeParse(await fetchJson(fetch, apiUrl, path, token, signal));
      if (user.success) return { id: user.data.accountId, name: user.data.displayName };
    } catch (error) {
      if (!isOurs(error, "auth", "upstream")) throw error;
    }
  }
  return undefined;
}

function unknownUser(issuer: Issuer): AtlassianMcpError {
  const host = issuerHost({ issuer });
  return new AtlassianMcpError("shape", `${host} does not say who signed in`, {
    next: "Check that the address is an Atlassian site and not a proxy or sign-in page.",
  });
}

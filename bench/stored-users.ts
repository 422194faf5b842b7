import { subjectOf } from "../src/auth/oauth/identify.ts";
import type { OAuthApp } from "../src/auth/oauth/types.ts";
import { silentLogger } from "../src/log.ts";
import { openGrants } from "../src/oauth-server/grants.ts";
import { openModelRecords } from "../src/oauth-server/model-records.ts";
import { newSecret } from "../src/oauth-server/records.ts";
import { scopeNames, tokenPrefix } from "../src/oauth-server/types.ts";
import { cloudId } from "../src/sandbox/people.ts";
import type { Store } from "../src/store/types.ts";
import { forEach } from "./lanes.ts";
import type { UpstreamLogin } from "./remote-site.ts";

/** Longer than any part of the figures takes. */
const lifeMs = 10 * 60_000;

/**
 * Stores as many different people as there are logins, each as if they had let in the same client, and gives an access
 * token of each.
 */
export async function storeUsers(
  store: Store,
  {
    app,
    base,
    siteUrl,
  }: { readonly app: OAuthApp; readonly base: string; readonly siteUrl: string },
  logins: readonly UpstreamLogin[],
): Promise<string[]> {
  const clock = Date.now;
  const grants = openGrants({ app, store, fetch, clock, log: silentLogger });
  const tokens = openModelRecords(store, "AccessToken");
  const given: string[] = [];
  const clientId = "mcp-client-of-everybody";
  const site = { id: cloudId, name: "Harbour & Pine", url: siteUrl };
  const scopes = [...scopeNames];
  await forEach(logins.entries(), 64, async ([number, login]) => {
    const account = {
      id: `account-${number}`,
      name: `Person ${number}`,
      email: `p${number}@example.com`,
    };
    const [id, now] = [newSecret(), clock()];
    const subject = subjectOf(app.issuer, account.id);
    const endsAt = now + lifeMs;
    const facts = { id, subject, clientId, scopes, site, account, allowedAt: now, endsAt };
    await grants.open(
      { ...facts, clientName: "Bench", usedAt: now, isConfirmed: true },
      {
        version: 1,
        accessToken: login.accessToken,
        refreshToken: login.refreshToken,
        expiresAt: now + login.expiresInSeconds * 1000,
        scopes: [],
        cloudId,
        sites: [{ ...site, scopes: [] }],
        account,
        signedInAt: now,
      },
    );
    const token = `${tokenPrefix}${newSecret()}`;
    const payload = {
      kind: "AccessToken",
      aud: `${base}/mcp`,
      grantId: id,
      accountId: subject,
      clientId,
      scope: scopes.join(" "),
      exp: Math.floor(endsAt / 1000),
    };
    await tokens.put(token, { payload }, lifeMs);
    given.push(token);
  });
  return given;
}

/** The operator's app at Atlassian as `env` has it. */
export function appOf(env: Readonly<Record<string, string>>): OAuthApp {
  const read = (name: string) => env[name] ?? "";
  return {
    issuer: {
      kind: "cloud",
      authUrl: new URL(read("ATLASSIAN_AUTH_URL")),
      apiUrl: new URL(read("ATLASSIAN_API_URL")),
    },
    clientId: read("ATLASSIAN_OAUTH_CLIENT_ID"),
    clientSecret: read("ATLASSIAN_OAUTH_CLIENT_SECRET"),
    redirectUri: read("ATLASSIAN_OAUTH_REDIRECT_URI"),
    scopes: [],
  };
}

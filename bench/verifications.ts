import { silentLogger } from "../src/log.ts";
import { createAuthorizationServer } from "../src/oauth-server/server.ts";
import { scopeNames } from "../src/oauth-server/types.ts";
import { createMemoryStore } from "../src/store/memory-store.ts";
import { openStore } from "../src/store/open.ts";
import type { Store } from "../src/store/types.ts";
import { print } from "./figures.ts";
import { perSecond } from "./lanes.ts";
import type { RemoteSite, StorePlace } from "./remote-site.ts";
import { appOf, storeUsers } from "./stored-users.ts";

/** Access tokens that one process can look up in a second, without HTTP: 1,000 different ones in turn. */
export async function benchVerifications(
  site: RemoteSite,
  places: readonly StorePlace[],
  { users = 1000, seconds = 2 } = {},
): Promise<void> {
  const stores: [string, Store][] = [
    ["memory", createMemoryStore()],
    ...places.map(({ name, url, key }): [string, Store] => [
      name,
      openStore({ url, keys: [key], defaultFolder: "" }),
    ]),
  ];
  for (const [name, store] of stores) {
    const tokens = await storeUsers(store, seedingAt(site), site.logins.slice(0, users));
    const server = await openServer(site, store);
    const verify = async (index: number) => {
      const found = await server.verify(tokens[index % tokens.length] ?? "");
      if (found === undefined) throw new Error("a good token was not recognised");
    };
    await perSecond(verify, { lanes: 16, seconds: 1 });
    for (const lanes of [1, 16]) {
      const rate = await perSecond(verify, { lanes, seconds });
      print("token_verifications_per_second", {
        store: name,
        atATime: lanes,
        verificationsPerSecond: rate,
        users: tokens.length,
      });
    }
    await server.close();
    await store.close();
  }
}

/** What {@link storeUsers} needs to know. */
export function seedingAt({ env, base }: RemoteSite) {
  return { app: appOf(env), base, siteUrl: env["JIRA_URL"] ?? "" };
}

function openServer({ env, base }: RemoteSite, store: Store) {
  return createAuthorizationServer({
    issuer: new URL(base),
    resource: new URL(`${base}/mcp`),
    app: appOf(env),
    scopes: scopeNames,
    store,
    fetch,
    documentFetch: fetch,
    grantTypes: ["authorization_code", "refresh_token"],
    requireConsent: true,
    log: silentLogger,
  });
}

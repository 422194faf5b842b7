import { cloudId, labsCloudId, people } from "../src/sandbox/people.ts";
import {
  askToken,
  authorizeUrl,
  clientRedirect,
  register,
  verifier,
} from "../test/fakes/oauth-server.ts";
import { letIn } from "../test/server/onboarding.ts";
import { print } from "./figures.ts";
import { perSecond } from "./lanes.ts";
import { cpuMsOf, end } from "./process.ts";
import type { RemoteSite, StorePlace } from "./remote-site.ts";

const users = people.filter(({ active }) => active).map(({ name }) => name);

/**
 * Whole logins per second through the built server: authorize, consent, sign-in at Atlassian, choice of a site, token.
 * The browsers and Atlassian run on the same machine.
 */
export async function benchLogins(
  site: RemoteSite,
  places: readonly StorePlace[],
  seconds = 6,
): Promise<void> {
  for (const place of places) {
    const { child, pid } = await site.start(place);
    try {
      const clientId = await newClient(site);
      const login = (index: number) => signIn(site, clientId, index);
      await perSecond(login, { lanes: 8, seconds: 3 });
      for (const lanes of [1, 8]) {
        const cpuBefore = cpuMsOf(pid);
        const rate = await perSecond(login, { lanes, seconds });
        print("logins_per_second", {
          store: place.name,
          atATime: lanes,
          loginsPerSecond: rate,
          serverCpuMsPerLogin: (cpuMsOf(pid) - cpuBefore) / (rate * seconds),
        });
      }
    } finally {
      await end(child);
    }
  }
}

/** A registered client, for {@link signIn}. */
export async function newClient({ base }: Pick<RemoteSite, "base">): Promise<string> {
  return String((await register({ base })).body["client_id"]);
}

/** Signs one of the sandbox's people in, from an address of their own, and gives the access token. */
export async function signIn(
  { base }: Pick<RemoteSite, "base">,
  clientId: string,
  index: number,
): Promise<string> {
  const place = { base, resource: `${base}/mcp` };
  // Attempts are limited by address.
  const address = `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`;
  const user = users[index % users.length] ?? "";
  const sites = `${cloudId},${labsCloudId}`;
  const back = await letIn(authorizeUrl(place, clientId), { user, sites, address });
  const fields = {
    grant_type: "authorization_code",
    client_id: clientId,
    code: back.searchParams.get("code") ?? "",
    redirect_uri: clientRedirect,
    code_verifier: verifier,
    resource: place.resource,
  };
  const { status, body } = await askToken(place, fields, { "x-forwarded-for": address });
  if (body["access_token"] === undefined) throw new Error(`no token but ${status}`);
  return body["access_token"];
}

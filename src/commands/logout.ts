import { revoke } from "../auth/oauth/token-requests.ts";
import type { Grant } from "../auth/oauth/types.ts";
import { formatProblems } from "../config/problems.ts";
import type { Settings } from "../config/product.ts";
import type { Product } from "../config/setting.ts";
import { isOurs } from "../errors.ts";
import { titleOf } from "./drafts.ts";
import { failureText, untilItEnds } from "./ending.ts";
import type { Outside } from "./outside.ts";
import { type Kept, keptAt, type Place, placesOf, withoutApp } from "./stored.ts";
import { type ExitCode, exitCodes, type Terminal } from "./terminal.ts";

export interface LogoutInput {
  readonly settings: Settings;
  readonly flags: { readonly product?: Product | undefined };
  readonly terminal: Terminal;
  readonly outside: Outside;
}

/** `auth logout`: forgets what is stored for each app of the settings, then revokes it where the server can. */
export async function runLogout({
  settings,
  flags,
  terminal,
  outside,
}: LogoutInput): Promise<ExitCode> {
  return untilItEnds("sign out", terminal, outside, async () => {
    const store = outside.openStore();
    try {
      const places = placesOf(settings, flags.product, store, outside);
      if (places.length === 0) {
        terminal.tell(formatProblems([withoutApp(flags.product)]).trimEnd());
        return exitCodes.usage;
      }
      let code: ExitCode = exitCodes.done;
      for (const place of places) {
        const kept = await forget(place);
        if (!(await letGo(place, kept, terminal, outside))) code = exitCodes.failed;
      }
      return code;
    } finally {
      await store.close();
    }
  });
}

/** With the lock: a refresh under way would leave new tokens that nobody revokes. */
function forget(place: Place): Promise<Kept> {
  return place.grants.withLock(async () => {
    const kept = await keptAt(place);
    await place.grants.delete();
    return kept;
  });
}

/** False when the server may still accept the tokens although it could have been told not to. */
async function letGo(
  place: Place,
  kept: Kept,
  terminal: Terminal,
  outside: Outside,
): Promise<boolean> {
  const title = titleOf(place.draft);
  if (kept === "nothing") {
    terminal.print(`${title}: nobody was signed in.`);
    return true;
  }
  if (place.app.issuer.kind === "cloud") {
    terminal.print(`${title}: signed out; the tokens are deleted here. ${cloudAdvice}`);
    return true;
  }
  if (kept === "unreadable") {
    terminal.print(`${title}: signed out; what was stored could not be read. ${siteAdvice}`);
    return false;
  }
  return revokeAll(place, kept, terminal, outside);
}

const cloudAdvice =
  "Atlassian Cloud has no way for a program to revoke them: to end the app's access, remove it under Connected apps in your Atlassian account (https://id.atlassian.com/manage-profile/apps).";
const siteAdvice =
  "To end the app's access, remove it under Authorized applications in your profile at the site.";

async function revokeAll(
  { draft, app }: Place,
  { refreshToken, accessToken }: Grant,
  terminal: Terminal,
  outside: Outside,
): Promise<boolean> {
  const title = titleOf(draft);
  const fetch = outside.fetchFor(app);
  try {
    const signal = terminal.interrupted;
    // The refresh token first: it is the one that lasts.
    for (const token of [refreshToken, accessToken]) {
      if (token !== undefined) await revoke(app, token, { fetch, signal });
    }
    terminal.print(`${title}: signed out; the tokens are deleted here and revoked at the site.`);
    return true;
  } catch (error) {
    if (!isOurs(error)) throw error;
    terminal.print(`${title}: signed out here, but the site was not told.`);
    terminal.tell(failureText("Revoking failed: ", error.message, error.details));
    terminal.tell(siteAdvice);
    return false;
  }
}

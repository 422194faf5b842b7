import { type GrantStore, openGrantStore } from "../auth/oauth/grant-store.ts";
import type { Grant, OAuthApp } from "../auth/oauth/types.ts";
import { nothing, type Problem } from "../config/problems.ts";
import type { Settings } from "../config/product.ts";
import type { Product } from "../config/setting.ts";
import { legacyFolder } from "../store/folders.ts";
import type { Store } from "../store/types.ts";
import { appOfDraft, type Draft, draftsOf } from "./drafts.ts";
import type { Outside } from "./outside.ts";

/** A sign-in that settings speak of, with the place of its grant. */
export interface Place {
  readonly draft: Draft;
  /** Without secret where the settings have none. */
  readonly app: OAuthApp;
  readonly grants: GrantStore;
}

/** What is kept at a place. `unreadable`: something of another version, or damaged. */
export type Kept = Grant | "nothing" | "unreadable";

/** The places of all sign-ins that settings name a client id for. */
export function placesOf(
  settings: Settings,
  only: Product | undefined,
  store: Store,
  { log }: Pick<Outside, "log">,
): Place[] {
  const folder = legacyFolder(settings.machine);
  return draftsOf(settings, only)
    .filter(({ parts }) => parts.clientId !== undefined)
    .map((draft) => {
      const app = appOfDraft(draft, settings);
      return { draft, app, grants: openGrantStore({ app, store, log, legacyFolder: folder }) };
    });
}

export async function keptAt({ grants }: Place): Promise<Kept> {
  const stored = await grants.read();
  if (stored === undefined) return "nothing";
  return stored.grant ?? "unreadable";
}

/** No app is named, so that nobody can say whose sign-in is meant. */
export function withoutApp(only: Product | undefined): Problem {
  const own = only === undefined ? "" : ` or ${only.toUpperCase()}_OAUTH_CLIENT_ID`;
  return {
    setting: "ATLASSIAN_OAUTH_CLIENT_ID",
    found: nothing,
    problem: "is needed to know which sign-in is meant",
    remedy: `Set ATLASSIAN_OAUTH_CLIENT_ID (--oauth-client-id)${own} as for the server, and the site's address with it.`,
  };
}

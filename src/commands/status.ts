import type { Grant } from "../auth/oauth/types.ts";
import { formatProblems } from "../config/problems.ts";
import type { Settings } from "../config/product.ts";
import type { Product } from "../config/setting.ts";
import { titleOf } from "./drafts.ts";
import { untilItEnds } from "./ending.ts";
import type { Outside } from "./outside.ts";
import { personOf, table } from "./result.ts";
import { describeStore } from "./storage.ts";
import { type Kept, keptAt, type Place, placesOf, withoutApp } from "./stored.ts";
import { type ExitCode, exitCodes, type Terminal } from "./terminal.ts";

export interface StatusInput {
  readonly settings: Settings;
  readonly flags: { readonly product?: Product | undefined; readonly json: boolean };
  readonly terminal: Terminal;
  readonly outside: Outside;
}

interface Found {
  readonly place: Place;
  readonly kept: Kept;
}

/** `auth status`: what is stored for each app of the settings. Asks no server and refreshes nothing. */
export async function runStatus({
  settings,
  flags,
  terminal,
  outside,
}: StatusInput): Promise<ExitCode> {
  return untilItEnds("tell who is signed in", terminal, outside, async () => {
    const store = outside.openStore();
    try {
      const found: Found[] = [];
      for (const place of placesOf(settings, flags.product, store, outside)) {
        found.push({ place, kept: await keptAt(place) });
      }
      const stored = await describeStore(settings);
      const now = outside.clock();
      if (flags.json) terminal.print(JSON.stringify(asJson(found, stored, now), undefined, 2));
      else if (found.length > 0) terminal.print(asText(found, stored, now));
      if (found.length === 0) terminal.tell(formatProblems([withoutApp(flags.product)]).trimEnd());
      return found.length > 0 && found.every(({ kept }) => isGrant(kept))
        ? exitCodes.done
        : exitCodes.failed;
    } finally {
      await store.close();
    }
  });
}

function isGrant(kept: Kept): kept is Grant {
  return typeof kept === "object";
}

function asText(found: readonly Found[], stored: string, now: number): string {
  const blocks = found.map(({ place, kept }) => {
    const title = titleOf(place.draft);
    if (kept === "nothing") {
      return `${title}: nobody is signed in. Run mcp-atlassian auth login.`;
    }
    if (kept === "unreadable") {
      return `${title}: the stored sign-in has a form that this version does not know. Run mcp-atlassian auth login.`;
    }
    return `${title}: signed in.\n\n${table(rowsOf(place, kept, now))}`;
  });
  return `${blocks.join("\n\n")}\n\nSign-ins are kept ${stored}.`;
}

function rowsOf({ draft, app }: Place, grant: Grant, now: number): [string, string][] {
  const sites = (grant.sites ?? []).map(({ id, name, url }): [string, string] => [
    id === grant.cloudId ? "site" : "also",
    `${name}, ${url} (${id})`,
  ]);
  return [
    ["as", personOf(grant.account)],
    ...(draft.deployment === "cloud" ? sites : [siteOf(draft.url)]),
    ["client", app.clientId],
    ["scopes", grant.scopes.length > 0 ? grant.scopes.join(" ") : "not told"],
    ["expires", endingOf(grant, now)],
    ["since", iso(grant.signedInAt)],
  ];
}

function siteOf(url: URL | undefined): [string, string] {
  return ["site", url?.href ?? ""];
}

function endingOf({ expiresAt, refreshToken }: Grant, now: number): string {
  const isOver = expiresAt <= now;
  const when = `${iso(expiresAt)}${isOver ? ", which is past" : ""}`;
  if (refreshToken !== undefined) return `${when} (access token; the server renews it by itself)`;
  return `${when}; there is no refresh token${isOver ? ": run mcp-atlassian auth login" : ""}`;
}

function asJson(found: readonly Found[], stored: string, now: number) {
  return {
    apps: found.map(({ place: { draft, app }, kept }) => ({
      products: draft.products,
      deployment: draft.deployment,
      url: draft.url?.href,
      clientId: app.clientId,
      signedIn: isGrant(kept),
      ...(kept === "unreadable" && { unreadable: true }),
      ...(isGrant(kept) && grantJson(kept, now)),
    })),
    stored,
  };
}

/** Everything of a grant but its tokens. */
function grantJson(grant: Grant, now: number) {
  const { account, cloudId, sites, scopes, expiresAt, signedInAt, refreshToken } = grant;
  return {
    account,
    cloudId,
    sites,
    scopes,
    expiresAt: iso(expiresAt),
    isExpired: expiresAt <= now,
    isRenewable: refreshToken !== undefined,
    signedInAt: iso(signedInAt),
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

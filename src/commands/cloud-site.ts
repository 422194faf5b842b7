import { accessibleResources, cloudIdOf, matchSite } from "../auth/oauth/sites.ts";
import type { AccessibleSite, Fetch } from "../auth/oauth/types.ts";
import { AtlassianMcpError } from "../errors.ts";
import { parsedUrl } from "../parsed-url.ts";
import { answered } from "./answers.ts";
import type { Terminal } from "./terminal.ts";

export interface SiteWishes {
  /** `--site`: address or cloud id. */
  readonly site: string | undefined;
  /** `ATLASSIAN_OAUTH_CLOUD_ID`. */
  readonly cloudId: string | undefined;
  /** Of the products, as far as they are set. */
  readonly urls: readonly URL[];
}

interface Asking {
  readonly fetch: Fetch;
  readonly apiUrl: URL;
  readonly terminal: Terminal;
  /** Called before a question, so that nobody keeps looking at the browser. */
  readonly beforeQuestion: () => void;
}

/**
 * The sites a new token reaches, and the one that is meant: by `--site`, by the settings, as the only one, or by asking.
 *
 * @throws AtlassianMcpError `auth` when it reaches none or not the one that is meant; `input` when nothing tells which
 *   one. Interrupted.
 */
export async function chooseSite(
  token: string,
  wishes: SiteWishes,
  asking: Asking,
): Promise<{ readonly sites: readonly AccessibleSite[]; readonly site: AccessibleSite }> {
  const { fetch, apiUrl, terminal } = asking;
  const sites = await accessibleResources(fetch, apiUrl, token, terminal.interrupted);
  const [only, second] = sites;
  if (only === undefined) throw withoutSites();
  const wish = wishOf(wishes);
  if (wish !== undefined) {
    const site = await findSite(sites, wish.value, asking);
    if (site === undefined) throw notAmong(sites, wish);
    return { sites, site };
  }
  if (second === undefined) return { sites, site: only };
  if (!terminal.isInteractive) throw severalSites(sites);
  asking.beforeQuestion();
  const id = answered(
    await terminal.prompts.choose(
      "Which site?",
      sites.map((site) => ({ value: site.id, label: `${site.name} (${site.url})` })),
    ),
  );
  return { sites, site: sites.find((site) => site.id === id) ?? only };
}

interface Wish {
  readonly value: string;
  readonly setting: string;
}

function wishOf({ site, cloudId, urls: [url] }: SiteWishes): Wish | undefined {
  if (site !== undefined) return { value: site, setting: "--site" };
  if (cloudId !== undefined) return { value: cloudId, setting: "ATLASSIAN_OAUTH_CLOUD_ID" };
  return url && { value: url.href, setting: "JIRA_URL or CONFLUENCE_URL" };
}

/** By id, by address, by name; a custom domain is asked for its id. */
async function findSite(
  sites: readonly AccessibleSite[],
  wish: string,
  { fetch, terminal }: Asking,
): Promise<AccessibleSite | undefined> {
  const byId = (id: string) => sites.find((site) => site.id.toLowerCase() === id.toLowerCase());
  const named = byId(wish) ?? sites.find(({ name }) => name !== "" && name === wish);
  if (named !== undefined) return named;
  const text = wish.includes("://") ? wish : `https://${wish}`;
  const url = parsedUrl(text);
  if (url === undefined) return undefined;
  const inPath = /\/ex\/(?:jira|confluence)\/([^/]+)/.exec(url.pathname)?.[1];
  const known = (inPath && byId(inPath)) || matchSite(sites, url);
  if (known) return known;
  const id = await cloudIdOf(fetch, url, terminal.interrupted).catch(() => undefined);
  return id === undefined ? undefined : byId(id);
}

function withoutSites(): AtlassianMcpError {
  return new AtlassianMcpError("auth", "The sign-in gives access to no site", {
    next: "Sign in again with an account that belongs to the site, and choose the site on Atlassian's page.",
  });
}

function notAmong(sites: readonly AccessibleSite[], { value, setting }: Wish): AtlassianMcpError {
  const text = `The sign-in does not give access to ${value} (${setting}), but to ${listed(sites)}`;
  return new AtlassianMcpError("auth", text, {
    setting: setting.split(" ")[0],
    next: `Sign in again and choose that site on Atlassian's page, or correct ${setting}.`,
  });
}

function severalSites(sites: readonly AccessibleSite[]): AtlassianMcpError {
  return new AtlassianMcpError(
    "input",
    `The sign-in gives access to several sites: ${listed(sites)}`,
    {
      setting: "--site",
      next: "Say which one with --site, or set JIRA_URL or CONFLUENCE_URL to it.",
    },
  );
}

function listed(sites: readonly AccessibleSite[]): string {
  return sites.map(({ name, url, id }) => `${name} (${url}, ${id})`).join(", ");
}

import { z } from "zod";
import { parseAnswer } from "../../atlassian/parse.ts";
import { AtlassianMcpError, isOurs } from "../../errors.ts";
import { errorFromFailure } from "../../http/network-errors.ts";
import { parsedUrl } from "../../parsed-url.ts";
import { isCloudId } from "./cloud-id.ts";
import type { AccessibleSite, Account, Fetch } from "./types.ts";

const siteList = z.array(
  z.object({
    id: z.string().refine(isCloudId, "is no cloud id"),
    name: z.string().catch(""),
    url: z.string(),
    scopes: z.array(z.string()).catch([]),
  }),
);

/**
 * The Cloud sites a token reaches. Jira and Confluence of one site come as two entries with one id; they are merged.
 *
 * @param apiUrl `ATLASSIAN_API_URL`.
 * @throws AtlassianMcpError `auth` for a token that is not accepted; `upstream`, `network`, `shape`.
 */
export async function accessibleResources(
  fetch: Fetch,
  apiUrl: URL,
  token: string,
  signal?: AbortSignal,
): Promise<AccessibleSite[]> {
  const url = at(apiUrl, "oauth/token/accessible-resources");
  const response = await send(fetch, url, bearer(token), signal);
  if (!response.ok) throw statusError(response.status, url);
  const sites = new Map<string, AccessibleSite>();
  for (const site of parseAnswer(siteList, await json(response), "list of sites")) {
    const known = sites.get(site.id);
    const scopes = [...new Set([...(known?.scopes ?? []), ...site.scopes])];
    sites.set(site.id, { ...site, url: (known?.url ?? site.url).replace(/\/+$/, ""), scopes });
  }
  return [...sites.values()];
}

const me = z.object({
  account_id: z.string(),
  name: z.string().optional().catch(undefined),
  email: z.string().optional().catch(undefined),
});

/**
 * Who a token belongs to; `undefined` where the token lacks the scope `read:me`.
 *
 * @throws AtlassianMcpError `upstream`, `network`, `shape`.
 */
export async function profile(
  fetch: Fetch,
  apiUrl: URL,
  token: string,
  signal?: AbortSignal,
): Promise<Account | undefined> {
  const url = at(apiUrl, "me");
  const response = await send(fetch, url, bearer(token), signal);
  if (response.status === 401 || response.status === 403) return undefined;
  if (!response.ok) throw statusError(response.status, url);
  const { account_id: id, name, email } = parseAnswer(me, await json(response), "profile");
  return { id, name, email };
}

/**
 * The cloud id of a site; needs no credentials. `undefined` where the address is no Cloud site.
 *
 * @throws AtlassianMcpError `upstream`, `network`.
 */
export async function cloudIdOf(
  fetch: Fetch,
  siteUrl: URL,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const url = at(new URL(siteUrl.origin), "_edge/tenant_info");
  const response = await send(fetch, url, {}, signal);
  if (response.status === 429 || response.status >= 500) throw statusError(response.status, url);
  if (!response.ok) return undefined;
  const body = await json(response);
  const id =
    typeof body === "object" && body !== null && "cloudId" in body ? body.cloudId : undefined;
  return typeof id === "string" && isCloudId(id) ? id : undefined;
}

/**
 * What a product answers to a GET with a token; `undefined` for what is no JSON.
 *
 * @throws AtlassianMcpError `auth` for a token that is not accepted; `rate_limited`, `upstream`, `network`.
 */
export async function fetchJson(
  fetch: Fetch,
  base: URL,
  path: string,
  token: string,
  signal?: AbortSignal,
): Promise<unknown> {
  const url = at(base, path);
  const response = await send(fetch, url, bearer(token), signal);
  if (!response.ok) throw statusError(response.status, url);
  return json(response);
}

/** The site that an address belongs to, whatever product it names. */
export function matchSite(sites: readonly AccessibleSite[], url: URL): AccessibleSite | undefined {
  return sites.find((site) => parsedUrl(site.url)?.host === url.host);
}

async function send(
  fetch: Fetch,
  url: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<Response> {
  const init = { headers: { accept: "application/json", ...headers }, redirect: "manual" } as const;
  try {
    return await fetch(url.href, signal === undefined ? init : { ...init, signal });
  } catch (cause) {
    if (signal?.aborted === true || isOurs(cause)) throw cause;
    const { code, message } = errorFromFailure(cause, {
      product: "jira",
      operation: operationOf(url),
      host: url.host,
    });
    const next = `Check the network and whether a proxy is needed to reach ${url.host}.`;
    throw new AtlassianMcpError(code, message, { operation: operationOf(url), next }, cause);
  }
}

function statusError(status: number, url: URL): AtlassianMcpError {
  const operation = operationOf(url);
  if (status === 401 || status === 403) {
    const text = `${url.host} does not accept the access token`;
    return new AtlassianMcpError("auth", text, { status, operation, next: "Sign in again." });
  }
  const code = status === 429 ? "rate_limited" : "upstream";
  const text = `${url.host} failed to answer (status ${status})`;
  return new AtlassianMcpError(code, text, { status, operation, next: "Try again in a minute." });
}

/** `undefined` for what is no JSON. */
async function json(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

function operationOf(url: URL): string {
  return `GET ${url.pathname}`;
}

function at(base: URL, path: string): URL {
  return new URL(`${base.href.replace(/[?#].*$/, "").replace(/\/+$/, "")}/${path}`);
}

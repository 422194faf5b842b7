import type { Account, Grant } from "../auth/oauth/types.ts";
import type { Settings } from "../config/product.ts";
import { productWords } from "../config/setting.ts";
import { deploymentOfHost } from "../config/site-url.ts";
import { oneLine } from "../errors.ts";
import { defaultRedirectUri } from "./answers.ts";
import type { Shortfall } from "./consent.ts";
import { type Draft, titleOf } from "./drafts.ts";

/** A sign-in that succeeded. */
export interface SignedIn {
  readonly draft: Draft;
  readonly grant: Grant;
}

/** Who signed in, where, for how long. No token is in it. */
export function summaryOf({ draft, grant }: SignedIn, stored: string, shortfall: Shortfall) {
  const site = grant.sites?.find(({ id }) => id === grant.cloudId);
  const others = (grant.sites ?? []).filter(({ id }) => id !== grant.cloudId);
  const rows: [string, string][] = [
    ["as", personOf(grant.account)],
    ["site", site ? `${site.name}, ${site.url} (${site.id})` : (draft.url?.href ?? "")],
    ...others.map(({ name, url }): [string, string] => ["also", `${name}, ${url}`]),
    ["scopes", grant.scopes.length > 0 ? grant.scopes.join(" ") : "not told"],
    ["expires", expiryOf(grant)],
    ["stored", stored],
  ];
  return `Signed in to ${titleOf(draft)}.\n\n${table(rows)}${lossOf(shortfall)}`;
}

/** Lines of a table with a name each; what a site said stays on its line. */
export function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `  ${name.padEnd(width)}  ${oneLine(text)}`).join("\n");
}

export function personOf(account: Account | undefined): string {
  if (account === undefined) return "unknown (the scope read:me would tell)";
  const { id, name, email } = account;
  return [name ?? id, ...(email === undefined ? [] : [`<${email}>`])].join(" ");
}

function expiryOf({ expiresAt, refreshToken }: Grant): string {
  const at = new Date(expiresAt).toISOString();
  return refreshToken === undefined
    ? `${at}, and then you have to sign in again: the site gave no refresh token`
    : `${at} (access token; the server renews it by itself)`;
}

function lossOf({ tools, scopes }: Shortfall): string {
  if (tools.length === 0) return "";
  return `\n\nWhat was granted does not cover all that these tools do: ${tools.join(", ")}. Missing: ${scopes.join(" ")}. Add that to the app and to the scopes that are asked for, then sign in again.`;
}

/** The settings with which the server uses these sign-ins. The client secret is a placeholder. */
export function environmentFor(
  signedIn: readonly SignedIn[],
  settings: Settings,
): Record<string, string> {
  const { authUrl, apiUrl, store } = settings;
  const given = (name: string, url: URL | undefined, usual?: string) =>
    url === undefined || url.href === usual ? {} : { [name]: bare(url) };
  const isCloud = signedIn.some(({ draft }) => draft.deployment === "cloud");
  return Object.assign(
    {},
    ...signedIn.map((one) => ofOne(one, settings)),
    isCloud && given("ATLASSIAN_AUTH_URL", authUrl, "https://auth.atlassian.com/"),
    isCloud && given("ATLASSIAN_API_URL", apiUrl, "https://api.atlassian.com/"),
    store.url?.protocol === "file:" && given("ATLASSIAN_STORE_URL", store.url),
  );
}

export const secretPlaceholder = "YOUR-CLIENT-SECRET";

function ofOne({ draft, grant }: SignedIn, settings: Settings): Record<string, string> {
  const { parts, prefix, products, deployment } = draft;
  const site = grant.sites?.find(({ id }) => id === grant.cloudId);
  const places = products.map((product) => {
    const { env } = productWords[product];
    const own = settings.products[product]?.url ?? (product === products[0] && draft.url);
    const url = own ? bare(own) : `${site?.url ?? ""}${product === "confluence" ? "/wiki" : ""}`;
    const isPlain = deploymentOfHost(new URL(url).hostname) === deployment;
    return { [`${env}_URL`]: url, ...(!isPlain && { [`${env}_DEPLOYMENT`]: deployment }) };
  });
  const redirectUri = parts.redirectUri?.href ?? defaultRedirectUri;
  return Object.assign({}, ...places, {
    [`${prefix}_OAUTH_CLIENT_ID`]: parts.clientId ?? "",
    [`${prefix}_OAUTH_CLIENT_SECRET`]: secretPlaceholder,
    ...(redirectUri !== defaultRedirectUri && { [`${prefix}_OAUTH_REDIRECT_URI`]: redirectUri }),
  });
}

/** The same settings twice: for a shell or `.env`, and for the configuration of an MCP client. */
export function instructionsFor(env: Readonly<Record<string, string>>): string {
  const lines = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const secrets = Object.keys(env).filter((name) => name.endsWith("_CLIENT_SECRET"));
  const hints = secrets.map((name) => `${name}_FILE=/path/to/file`).join(", ");
  const snippet = {
    mcpServers: { atlassian: { command: "npx", args: ["-y", "mcp-atlassian"], env } },
  };
  return `Settings of the server (the client secret can also come from a file: ${hints}):

${lines.join("\n")}

The same in the configuration of an MCP client:

${JSON.stringify(snippet, undefined, 2)}`;
}

function bare({ href }: URL): string {
  return href.replace(/\/$/, "");
}

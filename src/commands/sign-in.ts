import { createHash } from "node:crypto";
import { authorizationUrl } from "../auth/oauth/endpoints.ts";
import { newGrant } from "../auth/oauth/grant.ts";
import { openGrantStore } from "../auth/oauth/grant-store.ts";
import { profile } from "../auth/oauth/sites.ts";
import { exchangeCode, type IssuedTokens } from "../auth/oauth/token-requests.ts";
import type { Account, Fetch, Grant, OAuthApp } from "../auth/oauth/types.ts";
import type { LoginFlags } from "../config/command-request.ts";
import type { Settings } from "../config/product.ts";
import { AtlassianMcpError, isOurs } from "../errors.ts";
import type { Store } from "../store/types.ts";
import { accountAt } from "./account.ts";
import { defaultRedirectUri, refuseHiddenCloud } from "./answers.ts";
import { openRedirectWait, type RedirectWait } from "./await-redirect.ts";
import { chooseSite } from "./cloud-site.ts";
import { consentFor, toolsOf } from "./consent.ts";
import { appOfDraft, type Draft, titleOf } from "./drafts.ts";
import type { Outside } from "./outside.ts";
import { failurePage, successPage } from "./page.ts";
import { canListen } from "./redirect.ts";
import { Interrupted, type Terminal } from "./terminal.ts";

export interface SignInInput {
  /** With everything that signing in takes. */
  readonly draft: Draft;
  readonly settings: Settings;
  readonly flags: LoginFlags;
  readonly terminal: Terminal;
  readonly outside: Outside;
  readonly store: Store;
}

/** What the steps of one sign-in share. */
interface Attempt extends SignInInput {
  /** With the scopes that are asked for. */
  readonly app: OAuthApp;
  readonly fetch: Fetch;
  readonly title: string;
  readonly wait: RedirectWait;
  readonly state: string;
  readonly codeVerifier: string;
}

/**
 * Takes one person through the browser and stores the grant, when all of it is there.
 *
 * @throws AtlassianMcpError for whatever kept it from succeeding; nothing is stored then. Interrupted.
 */
export async function signIn(input: SignInInput): Promise<Grant> {
  const { draft, settings, flags, terminal, outside } = input;
  const redirectUri = draft.parts.redirectUri ?? new URL(defaultRedirectUri);
  const bare = { ...appOfDraft(draft, settings), redirectUri: redirectUri.href };
  const fetch = outside.fetchFor(bare);
  await refuseHiddenCloud(draft, fetch, terminal.interrupted);
  const { scopes, explanation } = consentFor(bare, toolsOf(draft, settings), flags.granular);
  const app = { ...bare, scopes };
  const title = titleOf(draft);
  const state = outside.randomBytes(32).toString("base64url");
  const codeVerifier = outside.randomBytes(32).toString("base64url");
  const { paste, timeoutMs } = flags;
  const { sleep } = outside;
  const wait = await openRedirectWait({ redirectUri, state, paste, timeoutMs, terminal, sleep });
  const attempt: Attempt = { ...input, app, fetch, title, wait, state, codeVerifier };
  try {
    terminal.tell(`Signing in to ${title}.\n\n${explanation}`);
    await showAddress(attempt, redirectUri);
    const grant = await completed(attempt, await wait.parameters());
    await openGrantStore({ app, store: input.store, log: outside.log }).save(grant);
    wait.finish(successPage(title, grant.account?.name));
    return grant;
  } catch (error) {
    wait.finish(failurePage(...wordsFor(error)));
    throw error;
  } finally {
    await wait.close();
  }
}

async function showAddress(
  { app, state, codeVerifier, terminal, flags }: Attempt,
  redirectUri: URL,
): Promise<void> {
  const codeChallenge = createHash("sha256").update(codeVerifier).digest("base64url");
  const url = authorizationUrl(app, { state, codeChallenge });
  if (!flags.paste && !canListen(redirectUri)) {
    terminal.tell(
      `\nThe callback address ${redirectUri.href} is not on this machine, so its end has to be pasted.`,
    );
  }
  terminal.tell(`\nOpen this address in a browser:\n\n${url.href}\n`);
  if (!flags.openBrowser) return;
  try {
    await terminal.openBrowser(url);
  } catch {
    terminal.tell("No browser could be opened here; open the address yourself.");
  }
}

async function completed(attempt: Attempt, parameters: URLSearchParams): Promise<Grant> {
  const { app, fetch, state, codeVerifier, terminal, outside } = attempt;
  const exchange = { parameters, expectedState: state, codeVerifier };
  const signal = terminal.interrupted;
  const { clock } = outside;
  terminal.tell("The browser is back; fetching the tokens.");
  try {
    const tokens = await exchangeCode(app, exchange, { fetch, signal, clock });
    const grant = newGrant(tokens, clock());
    return app.issuer.kind === "cloud"
      ? await onCloud(attempt, tokens, grant)
      : { ...grant, account: await accountAt(fetch, app.issuer, tokens.accessToken, signal) };
  } catch (error) {
    if (signal.aborted) throw new Interrupted();
    throw error;
  }
}

async function onCloud(
  { app, fetch, settings, flags, draft, terminal, wait, title }: Attempt,
  tokens: IssuedTokens,
  grant: Grant,
): Promise<Grant> {
  if (tokens.refreshToken === undefined) throw withoutRefreshToken();
  const { apiUrl, cloudId } = settings;
  const { accessToken } = tokens;
  const granted = tokens.scopes.length > 0 ? tokens.scopes : app.scopes;
  const account = granted.includes("read:me")
    ? await accountOf(fetch, apiUrl, accessToken, terminal)
    : undefined;
  const wishes = { site: flags.site, cloudId, urls: draft.url === undefined ? [] : [draft.url] };
  const beforeQuestion = () => wait.finish(successPage(title, account?.name, true));
  const asking = { fetch, apiUrl, terminal, beforeQuestion };
  const { sites, site } = await chooseSite(accessToken, wishes, asking);
  return { ...grant, account, sites, cloudId: site.id };
}

/** A name is good to show; signing in does not fail for want of one. */
async function accountOf(
  fetch: Fetch,
  apiUrl: URL,
  token: string,
  terminal: Terminal,
): Promise<Account | undefined> {
  try {
    return await profile(fetch, apiUrl, token, terminal.interrupted);
  } catch (error) {
    if (!isOurs(error)) throw error;
    terminal.tell(`Your name could not be found out: ${error.message}.`);
    return undefined;
  }
}

function withoutRefreshToken(): AtlassianMcpError {
  return new AtlassianMcpError(
    "auth",
    "Atlassian gave no refresh token, so the sign-in would end within the hour",
    {
      setting: "ATLASSIAN_OAUTH_SCOPE",
      next: "The scope offline_access gives one: allow it on Atlassian's page, and let nothing remove it from the address in the browser.",
    },
  );
}

/** Reason and advice for the page in the browser. */
function wordsFor(error: unknown): [string, string | undefined] {
  if (isOurs(error)) return [error.message, error.details.next];
  if (error instanceof Interrupted) return ["The sign-in was given up at the terminal", undefined];
  return ["Something unexpected went wrong", undefined];
}

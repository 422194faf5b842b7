import type { IncomingMessage, ServerResponse } from "node:http";
import { newGrant } from "../auth/oauth/grant.ts";
import { identify, type SignedIn } from "../auth/oauth/identify.ts";
import { exchangeCode } from "../auth/oauth/token-requests.ts";
import type { Grant } from "../auth/oauth/types.ts";
import { type AtlassianMcpError, isOurs, wholeSeconds } from "../errors.ts";
import { beginSession } from "./account.ts";
import { expired, redirect, sendError, setCookie } from "./browser.ts";
import type { Context, Flow, SignIn } from "./context.ts";
import { denyInteraction, finishInteraction } from "./interaction-result.ts";
import { cookieOf, isBrowserOf } from "./login.ts";
import { interactionLifeMs } from "./provider.ts";

/** Where Atlassian sends the browser back to. */
export async function handleCallback(
  context: Context,
  request: IncomingMessage,
  response: ServerResponse,
  parameters: URLSearchParams,
): Promise<void> {
  const state = parameters.get("state") ?? "";
  const signIn = await context.signIns.get(state);
  if (signIn === undefined || !isBrowserOf(request, context, signIn)) {
    return sendError(response, 400, expired);
  }
  // Whoever comes second finds nothing.
  if ((await context.signIns.take(state)) === undefined) return sendError(response, 400, expired);
  const { flow } = signIn;
  if (parameters.has("error")) return upstreamRefusal(context, response, flow, parameters);
  try {
    const { grant, signedIn } = await exchange(context, parameters, state, signIn);
    if (flow.kind === "account") {
      setCookie(response, context.places, { name: cookieOf(flow), value: "", maxAgeS: 0 });
      return await beginSession(context, response, signedIn.account, grant);
    }
    return await afterSignIn(context, response, flow.id, { grant, signedIn, signIn });
  } catch (error) {
    if (!isOurs(error)) throw error;
    context.log.warn("sign-in.failed", { code: error.code, error: error.message });
    const wait = error.details.retryAfterMs;
    if (wait !== undefined) response.setHeader("retry-after", wholeSeconds(wait));
    sendError(response, wait === undefined ? 502 : 503, explained(error));
  }
}

async function exchange(
  { options, clock }: Context,
  parameters: URLSearchParams,
  expectedState: string,
  { codeVerifier }: SignIn,
): Promise<{ grant: Grant; signedIn: SignedIn }> {
  const { app, fetch } = options;
  // Its `iss` would be compared with an origin that Atlassian does not call itself.
  parameters.delete("iss");
  const exchangeOf = { parameters, expectedState, codeVerifier };
  const tokens = await exchangeCode(app, exchangeOf, { fetch, clock });
  const signedIn = await identify(fetch, app.issuer, tokens.accessToken);
  return { grant: newGrant(tokens, clock()), signedIn };
}

async function afterSignIn(
  context: Context,
  response: ServerResponse,
  id: string,
  { grant, signedIn, signIn }: { grant: Grant; signedIn: SignedIn; signIn: SignIn },
): Promise<void> {
  const { account } = signedIn;
  const only = context.options.cloudId;
  const reached = signedIn.sites;
  const sites = only === undefined ? reached : reached?.filter((site) => site.id === only);
  if (sites === undefined) return finishInteraction(context, response, id, { grant, account });
  const [site, ...others] = sites;
  if (site === undefined) {
    return sendError(
      response,
      403,
      noSite(account.name, only !== undefined && reached?.length !== 0),
    );
  }
  if (others.length === 0) {
    return finishInteraction(context, response, id, { grant, account, site });
  }
  const login = { grant, account, sites, browser: signIn.browser };
  await context.pending.put(id, login, interactionLifeMs);
  redirect(response, context.places.path(`/interaction/${id}/site`));
}

/** The user's own "no" goes back to the client; for anything else the user has to know what is wrong. */
async function upstreamRefusal(
  context: Context,
  response: ServerResponse,
  flow: Flow,
  parameters: URLSearchParams,
): Promise<void> {
  const error = parameters.get("error") ?? "";
  context.log.info("sign-in.refused", { error: error.slice(0, 60) });
  if (error === "access_denied" && flow.kind === "interaction") {
    return denyInteraction(context, response, flow.id, "The sign-in at Atlassian was refused");
  }
  const text = [error, parameters.get("error_description") ?? ""].filter(Boolean).join(": ");
  sendError(response, 403, {
    title: "Atlassian did not sign you in",
    message: "The sign-in ended before it was complete.",
    quote: { from: "Atlassian", text },
    next: "Try again; if it persists, show this page to whoever runs the server.",
  });
}

function noSite(name: string | undefined, isOther: boolean) {
  const who = name === undefined ? "This account" : `The account of ${name}`;
  return {
    title: "No site to work with",
    message: isOther
      ? `${who} does not reach the site that this server is for.`
      : `${who} reaches no Jira or Confluence site through this app.`,
    next: "Sign in with another account, or ask an administrator of the site to let the app in.",
  };
}

function explained(error: AtlassianMcpError) {
  return {
    title: "The sign-in could not be completed",
    message: `${error.message}.`,
    next: error.details.next ?? "Go back to your client and connect again.",
  };
}

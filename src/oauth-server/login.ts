import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { authorizationUrl } from "../auth/oauth/endpoints.ts";
import { readCookie, redirect, setCookie } from "./browser.ts";
import type { Context, Flow, SignIn } from "./context.ts";
import { interactionLifeMs } from "./provider.ts";
import { hashOf, newSecret } from "./records.ts";

const maxAgeS = interactionLifeMs / 1000;

/**
 * Sends the browser to Atlassian. The state is made only now, after the user has approved, and the callback believes it
 * only from the browser that gets this cookie.
 */
export async function startSignIn(
  context: Context,
  response: ServerResponse,
  flow: Flow,
): Promise<void> {
  const { options, places, signIns } = context;
  const [state, codeVerifier, browser] = [newSecret(), newSecret(), newSecret()];
  const record = { flow, codeVerifier, browser: hashOf(browser) };
  await signIns.put(state, record, interactionLifeMs);
  setCookie(response, places, { name: cookieOf(flow), value: browser, maxAgeS });
  const codeChallenge = hashOf(codeVerifier);
  redirect(response, authorizationUrl(options.app, { state, codeChallenge }).href);
}

/** One for each sign-in, so that several clients can begin one at the same time. */
export function cookieOf(flow: Flow): string {
  return flow.kind === "account" ? "login" : `login-${hashOf(flow.id).slice(0, 8)}`;
}

/** True for a request of the browser that began. */
export function isBrowserOf(
  request: IncomingMessage,
  context: Context,
  { flow, browser }: Pick<SignIn, "flow" | "browser">,
): boolean {
  const cookie = hashOf(readCookie(request, context.places, cookieOf(flow)) ?? "");
  return timingSafeEqual(Buffer.from(cookie), Buffer.from(browser));
}

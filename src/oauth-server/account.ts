import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { signInSite, subjectOf } from "../auth/oauth/identify.ts";
import type { Account, Grant } from "../auth/oauth/types.ts";
import {
  foreignForm,
  isOwnForm,
  readCookie,
  redirect,
  sendError,
  sendPage,
  setCookie,
} from "./browser.ts";
import { viewOf } from "./client-view.ts";
import type { AccountSession, Context } from "./context.ts";
import { isFormGenuine, newForm } from "./forms.ts";
import { startSignIn } from "./login.ts";
import { revokeLogin } from "./logins.ts";
import { accountPage } from "./pages/account.ts";
import { signInPage } from "./pages/sign-in.ts";
import { fields } from "./pages/types.ts";
import type { AccountAction } from "./places.ts";
import { hashOf, newSecret } from "./records.ts";

const cookie = "account";
const signInForm = "account";
const sessionMs = 15 * 60_000;
/** No client waits for these pages, so nobody who opened them keeps a hold on them. */
const isolated = { keepsOpener: false };

/** Lets somebody who has just signed in see their clients. Their login at Atlassian has done its work by then. */
export async function beginSession(
  context: Context,
  response: ServerResponse,
  account: Account,
  upstream: Grant,
): Promise<void> {
  const { options, places, sessions } = context;
  const id = newSecret();
  const subject = subjectOf(options.app.issuer, account.id);
  const { name, email } = account;
  await sessions.put(id, { subject, name, email, csrf: newSecret() }, sessionMs);
  setCookie(response, places, { name: cookie, value: id, maxAgeS: sessionMs / 1000 });
  redirect(response, places.path("/account"));
  await revokeLogin(upstream, { ...options, clock: context.clock });
}

/** What a user let in, for them to see and to end. */
export async function handleAccount(
  context: Context,
  request: IncomingMessage,
  response: ServerResponse,
  {
    action,
    form,
  }: { readonly action?: AccountAction | undefined; readonly form?: URLSearchParams | undefined },
): Promise<void> {
  const id = readCookie(request, context.places, cookie);
  const session = id === undefined ? undefined : await context.sessions.get(id);
  if (form === undefined || action === undefined) {
    if (session === undefined || id === undefined) return showSignIn(context, response);
    return showAccount(context, response, id, session);
  }
  if (!isOwnForm(request, context.places)) return sendError(response, 403, foreignForm);
  if (action === "sign-in") {
    if (!(await isFormGenuine(context, signInForm, form.get(fields.csrf) ?? "")))
      return sendError(response, 403, foreignForm);
    return startSignIn(context, response, { kind: "account" });
  }
  if (session === undefined || id === undefined) {
    return redirect(response, context.places.path("/account"));
  }
  if (!isSame(form.get(fields.csrf) ?? "", session.csrf))
    return sendError(response, 403, foreignForm);
  await carryOut(context, response, { id, session, action, form });
  redirect(response, context.places.path("/account"));
}

async function carryOut(
  context: Context,
  response: ServerResponse,
  {
    id,
    session,
    action,
    form,
  }: {
    readonly id: string;
    readonly session: AccountSession;
    readonly action: AccountAction;
    readonly form: URLSearchParams;
  },
): Promise<void> {
  const { grants, sessions, places, log } = context;
  if (action === "sign-out") {
    await sessions.delete(id);
    return setCookie(response, places, { name: cookie, value: "", maxAgeS: 0 });
  }
  const wanted = form.get(fields.client);
  // Only of this user, whatever the form says.
  const own = await grants.list(session.subject);
  const ended = own.filter((each) => action === "revoke-all" || hashOf(each.id) === wanted);
  for (const grant of ended) await grants.end(grant.id);
  log.info("access.revoked", { clients: ended.length });
  const name = ended[0]?.clientName ?? "The client";
  const notice =
    ended.length === 1 ? `${name} has no access any more.` : "No client has access any more.";
  await sessions.put(id, { ...session, ...(ended.length > 0 && { notice }) }, sessionMs);
}

async function showSignIn(context: Context, response: ServerResponse): Promise<void> {
  const { options, places } = context;
  const site = signInSite(options.app.issuer);
  const csrf = await newForm(context, signInForm, sessionMs);
  const form = { action: places.path("/account/sign-in"), csrf };
  sendPage(response, 200, signInPage({ site: site && { url: site.href }, form }), isolated);
}

async function showAccount(
  { grants, places, sessions }: Context,
  response: ServerResponse,
  id: string,
  { notice, ...session }: AccountSession,
): Promise<void> {
  if (notice !== undefined) await sessions.put(id, session, sessionMs);
  const found = await grants.list(session.subject);
  const clients = found.map((grant) => ({
    // The grant's own id opens the user's login, so pages show a name for it.
    id: hashOf(grant.id),
    client: viewOf(grant.clientId, grant.clientName),
    scopes: grant.scopes,
    site: grant.site && { name: grant.site.name, url: grant.site.url },
    allowedAt: grant.allowedAt,
    usedAt: grant.usedAt,
  }));
  const actions = {
    revoke: places.path("/account/revoke"),
    revokeAll: places.path("/account/revoke-all"),
    signOut: places.path("/account/sign-out"),
  };
  const account = { name: session.name, email: session.email };
  const page = accountPage({ account, clients, actions, csrf: session.csrf, notice });
  sendPage(response, 200, page, isolated);
}

function isSame(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(hashOf(one)), Buffer.from(hashOf(other)));
}

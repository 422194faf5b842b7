import type { IncomingMessage, ServerResponse } from "node:http";
import { errors } from "oidc-provider";
import { scopesOf } from "../auth/oauth/endpoints.ts";
import { signInSite } from "../auth/oauth/identify.ts";
import { expired, foreignForm, isOwnForm, redirect, sendError, sendPage } from "./browser.ts";
import { viewOf } from "./client-view.ts";
import type { Context } from "./context.ts";
import { isFormGenuine, newForm } from "./forms.ts";
import { innerRequest } from "./inner-request.ts";
import {
  denyInteraction,
  finishInteraction,
  type Interaction,
  parameterOf,
  scopesOfInteraction,
} from "./interaction-result.ts";
import { isBrowserOf, startSignIn } from "./login.ts";
import { consentPage } from "./pages/consent.ts";
import { sitePage } from "./pages/site.ts";
import { type ClientView, fields } from "./pages/types.ts";
import { interactionLifeMs } from "./provider.ts";
import { isLoopbackRedirect } from "./redirect-patterns.ts";

/** A page of an authorization request, asked for or sent back. */
export interface PageRequest {
  readonly id: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Fields of a form; absent: the page is asked for. */
  readonly form?: URLSearchParams | undefined;
}

/** The page that asks the user about a client; first of all, since nobody goes to Atlassian unasked. */
export async function handleInteraction(context: Context, page: PageRequest): Promise<void> {
  const { id, response, form } = page;
  const interaction = await findInteraction(context, page);
  if (interaction === undefined) return sendError(response, 400, expired);
  const flow = { kind: "interaction", id } as const;
  if (!context.options.requireConsent) return startSignIn(context, response, flow);
  if (form === undefined) return showConsent(context, response, interaction);
  if (!(await isGenuine(context, page, "consent"))) return sendError(response, 403, foreignForm);
  if (form.get(fields.decision) === "approve") return startSignIn(context, response, flow);
  return denyInteraction(context, response, id, "The user refused");
}

/** The page on which somebody with several sites picks one. */
export async function handleSiteChoice(context: Context, page: PageRequest): Promise<void> {
  const { id, request, response, form } = page;
  const interaction = await findInteraction(context, page);
  // Chosen already: this is the second click.
  if (interaction?.result !== undefined) return redirect(response, interaction.returnTo);
  const login = await context.pending.get(id);
  const flow = { kind: "interaction", id } as const;
  if (
    interaction === undefined ||
    login === undefined ||
    !isBrowserOf(request, context, { flow, browser: login.browser })
  ) {
    return sendError(response, 400, expired);
  }
  if (form === undefined) {
    const client = await clientView(context, interaction);
    const sites = login.sites.map(({ id: value, name, url }) => ({ id: value, name, url }));
    const action = context.places.path(`/interaction/${id}/site`);
    const target = {
      action,
      interaction: id,
      csrf: await newForm(context, formOf("site", id), interactionLifeMs),
    };
    return sendPage(response, 200, sitePage({ client, sites, form: target }));
  }
  if (!(await isGenuine(context, page, "site"))) return sendError(response, 403, foreignForm);
  const site = login.sites.find((each) => each.id === form.get(fields.site));
  if (site === undefined) return sendError(response, 400, foreignForm);
  if ((await context.pending.take(id)) === undefined) return sendError(response, 400, expired);
  return finishInteraction(context, response, id, { ...login, site });
}

/** Only with the cookie that came with the authorization request. */
async function findInteraction(
  { provider, places }: Context,
  { id, request, response }: PageRequest,
): Promise<Interaction | undefined> {
  try {
    const inner = innerRequest(request, places, { path: `/interaction/${id}` });
    const interaction = await (await provider()).interactionDetails(inner, response);
    return interaction.uid === id ? interaction : undefined;
  } catch (error) {
    if (error instanceof errors.SessionNotFound) return undefined;
    throw error;
  }
}

async function showConsent(
  context: Context,
  response: ServerResponse,
  interaction: Interaction,
): Promise<void> {
  const { options, places, clients } = context;
  const { uid: id } = interaction;
  const record = await clients.find(parameterOf(interaction, "client_id"));
  const site = signInSite(options.app.issuer);
  const page = consentPage({
    client: await clientView(context, interaction),
    redirectUri: parameterOf(interaction, "redirect_uri"),
    loopbackOnly: (record?.redirect_uris ?? []).every((uri) => isLoopbackRedirect(new URL(uri))),
    scopes: scopesOfInteraction(context, interaction),
    upstreamScopes: scopesOf(options.app),
    site: site && { url: site.href },
    form: {
      action: places.path(`/interaction/${id}`),
      csrf: await newForm(context, formOf("consent", id), interactionLifeMs),
      interaction: id,
    },
  });
  sendPage(response, 200, page);
}

async function clientView({ clients }: Context, interaction: Interaction): Promise<ClientView> {
  const id = parameterOf(interaction, "client_id");
  const name = (await clients.find(id))?.client_name;
  return viewOf(id, name);
}

type FormKind = "consent" | "site";

async function isGenuine(
  context: Context,
  { id, request, form }: PageRequest,
  kind: FormKind,
): Promise<boolean> {
  if (!isOwnForm(request, context.places)) return false;
  return isFormGenuine(context, formOf(kind, id), form?.get(fields.csrf) ?? "");
}

/** A form of one interaction. */
function formOf(kind: FormKind, id: string): string {
  return `${kind}:${id}`;
}

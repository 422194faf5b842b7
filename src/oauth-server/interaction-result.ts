import type { ServerResponse } from "node:http";
import type Provider from "oidc-provider";
import { subjectOf } from "../auth/oauth/identify.ts";
import type { AccessibleSite, Account, Grant } from "../auth/oauth/types.ts";
import { expired, redirect, sendError } from "./browser.ts";
import type { Context } from "./context.ts";
import type { GrantFacts } from "./grants.ts";
import { grantLifeS } from "./provider.ts";
import type { ScopeName } from "./types.ts";

export type Interaction = InstanceType<Provider["Interaction"]>;

/** Who has signed in, and where. */
export interface Login {
  readonly grant: Grant;
  readonly account: Account;
  readonly site?: AccessibleSite | undefined;
}

/** Gives the client what the user allowed and sends the browser on to it. */
export async function finishInteraction(
  context: Context,
  response: ServerResponse,
  id: string,
  login: Login,
): Promise<void> {
  const { options, grants, clients, log } = context;
  const provider = await context.provider();
  const interaction = await provider.Interaction.find(id);
  if (interaction === undefined) return sendError(response, 400, expired);
  const subject = subjectOf(options.app.issuer, login.account.id);
  const grantId = await saveGrant(provider, context, interaction, subject);
  const facts = await factsOf(context, interaction, login, { id: grantId, subject });
  const { cloudId: _unchosen, ...upstream } = login.grant;
  const chosen = login.site && { cloudId: login.site.id, sites: [login.site] };
  await grants.open(facts, { ...upstream, account: login.account, ...chosen });
  await clients.keep(facts.clientId);
  log.info("client.allowed", { client: facts.clientId, scopes: facts.scopes.join(" ") });
  const result = { login: { accountId: subject, remember: false }, consent: { grantId } };
  await resume(response, interaction, result);
}

/** Tells the client that the user said no. */
export async function denyInteraction(
  context: Context,
  response: ServerResponse,
  id: string,
  description: string,
): Promise<void> {
  const interaction = await (await context.provider()).Interaction.find(id);
  if (interaction === undefined) return sendError(response, 400, expired);
  const result = { error: "access_denied", error_description: description };
  await resume(response, interaction, result);
}

/** The scopes of ours that a request asks for. */
export function scopesOfInteraction({ options }: Context, { params }: Interaction): ScopeName[] {
  const asked = parameterOf({ params }, "scope").split(" ");
  return options.scopes.filter((scope) => asked.includes(scope));
}

/** A parameter of the client's request. */
export function parameterOf({ params }: Pick<Interaction, "params">, name: string): string {
  const value = params[name];
  return typeof value === "string" ? value : "";
}

async function resume(
  response: ServerResponse,
  interaction: Interaction,
  result: Interaction["result"],
): Promise<void> {
  if (result !== undefined) interaction.result = result;
  await interaction.save(Math.max(1, interaction.exp - Math.floor(Date.now() / 1000)));
  redirect(response, interaction.returnTo);
}

/** In the library's own form. A scope of ours and of the protocol is granted as each of them. */
async function saveGrant(
  provider: Provider,
  context: Context,
  interaction: Interaction,
  subject: string,
): Promise<string> {
  const clientId = parameterOf(interaction, "client_id");
  const grant = new provider.Grant({ accountId: subject, clientId });
  const asked = parameterOf(interaction, "scope").split(" ");
  if (asked.includes("openid")) grant.addOIDCScope("openid");
  const scopes = scopesOfInteraction(context, interaction);
  grant.addResourceScope(context.places.resource, scopes.join(" "));
  return grant.save();
}

async function factsOf(
  context: Context,
  interaction: Interaction,
  { account, site }: Login,
  { id, subject }: { readonly id: string; readonly subject: string },
): Promise<GrantFacts> {
  const clientId = parameterOf(interaction, "client_id");
  const client = await context.clients.find(clientId);
  const now = context.clock();
  return {
    id,
    subject,
    clientId,
    clientName: client?.client_name,
    scopes: scopesOfInteraction(context, interaction),
    ...(site !== undefined && { site: { id: site.id, name: site.name, url: site.url } }),
    account: { ...account },
    allowedAt: now,
    endsAt: now + grantLifeS * 1000,
    isConfirmed: false,
  };
}

import type { EventEmitter } from "node:events";
import Provider, { errors, type KoaContextWithOIDC } from "oidc-provider";
import { wholeSeconds } from "../errors.ts";
import type { Logger } from "../log.ts";
import { type AdapterOptions, adapterFor } from "./adapter.ts";
import type { KeyRing, Keys } from "./keys.ts";
import { assertionAlgorithms, authMethods } from "./metadata.ts";
import type { Places } from "./places.ts";
import { tellingLibrary, usualRetryAfterMs } from "./store-away.ts";
import { type AuthorizationServerOptions, tokenPrefix } from "./types.ts";

const minuteS = 60;
const dayS = 86_400;
/** Of a grant and of everything in it. */
export const grantLifeS = 60 * dayS;
export const interactionLifeMs = 10 * minuteS * 1000;

export interface ProviderOptions extends AdapterOptions {
  readonly places: Places;
  readonly scopes: AuthorizationServerOptions["scopes"];
  readonly grantTypes: AuthorizationServerOptions["grantTypes"];
  readonly documentFetch: AuthorizationServerOptions["documentFetch"];
  readonly keyRing: KeyRing;
  readonly log: Logger;
  /** Shows what went wrong where there is nobody to redirect to. */
  renderError(context: KoaContextWithOIDC, error: ProtocolError): void;
}

interface Refusal {
  readonly message: string;
  readonly error_description?: string | undefined;
}

/** In OAuth's words. */
export interface ProtocolError {
  readonly error: string;
  readonly error_description?: string | undefined;
}

const cookieNames = {
  session: "mcp_session",
  interaction: "mcp_interaction",
  resume: "mcp_resume",
};

/** The protocol engine with the keys of the moment. It keeps nothing itself, so it is replaced when keys are. */
export function openProvider(options: ProviderOptions): () => Promise<Provider> {
  let known: { readonly version: string; readonly provider: Provider } | undefined;
  return async () => {
    const keys = await options.keyRing.current();
    if (known?.version !== keys.version) {
      known = { version: keys.version, provider: createProvider(options, keys) };
    }
    return known.provider;
  };
}

type Handler = ReturnType<Provider["callback"]>;
const handlers = new WeakMap<Provider, Handler>();

/** What answers requests, made once for each provider. */
export function handlerOf(provider: Provider): Handler {
  const handler = handlers.get(provider) ?? provider.callback();
  handlers.set(provider, handler);
  return handler;
}

function createProvider(options: ProviderOptions, keys: Keys): Provider {
  const { places, documentFetch, log } = options;
  const provider = new Provider(places.issuer, {
    adapter: (name: string) => tellingLibrary(adapterFor(name, options)),
    jwks: { keys: [...keys.signing] },
    cookies: { names: cookieNames, keys: [...keys.cookies] },
    routes: routes(),
    scopes: ["openid"],
    claims: { openid: ["sub"] },
    responseTypes: ["code"],
    clientAuthMethods: [...authMethods],
    enabledJWA: { clientAuthSigningAlgValues: [...assertionAlgorithms] },
    // Without it clients that do not say are `web`: no scheme of their own, and no free port on their own machine.
    clientDefaults: { application_type: "native", id_token_signed_response_alg: "ES256" },
    pkce: { required: () => true },
    features: features(options),
    ttl: lifetimes(),
    interactions: { url: (_ctx, { uid }) => places.path(`/interaction/${uid}`) },
    findAccount: (_ctx, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    // Only what was just granted, never what an earlier login left behind.
    loadExistingGrant: async (ctx) => {
      const grantId = ctx.oidc.result?.consent?.grantId;
      return grantId === undefined ? undefined : ctx.oidc.provider.Grant.find(grantId);
    },
    issueRefreshToken: (_ctx, client) =>
      client.grantTypeAllowed("refresh_token") && options.grantTypes.includes("refresh_token"),
    rotateRefreshToken: () => true,
    expiresWithSession: () => false,
    revokeGrantPolicy: () => true,
    renderError: (ctx, out) => options.renderError(ctx, out as unknown as ProtocolError),
    fetch: (url, init) => documentFetch(addressIn(url), init as RequestInit | undefined),
    fetchResponseBodyLimits: { jwks_uri: 64 * 1024 },
  });
  markTokens(provider);
  assertNames(provider);
  provider.proxy = true;
  provider.use(async (ctx, next) => {
    await next();
    withoutSession(ctx.response);
    if (ctx.status !== 503) return;
    ctx.set("retry-after", String(wholeSeconds(usualRetryAfterMs)));
    log.warn("store.away", { path: ctx.path });
  });
  const note = (_ctx: unknown, { message, error_description: text }: Refusal) =>
    log.info("oauth.refused", { error: message, description: text });
  provider.on("authorization.error", note);
  provider.on("grant.error", note);
  provider.on("revocation.error", note);
  // Without a listener it would print to the console.
  const events: EventEmitter = provider;
  events.on("error", (error: Error) => log.debug("request.dropped", { error: error.message }));
  provider.on("server_error", (_ctx, error) => {
    log.error("oauth.failed", { error: error.message, stack: error.stack });
  });
  return provider;
}

/** The engine has no setting for the form of its tokens. */
function markTokens({ AccessToken }: Provider): void {
  const model = AccessToken.prototype as unknown as { generateTokenId(): string };
  const { generateTokenId } = model;
  model.generateTokenId = function marked(this: object): string {
    return `${tokenPrefix}${generateTokenId.call(this)}`;
  };
}

/** What is stored is filed by class name. A build that drops the names would take one kind of token for another. */
function assertNames(provider: Provider): void {
  const { AccessToken, AuthorizationCode, RefreshToken, Grant, Interaction } = provider;
  const names = [AccessToken, AuthorizationCode, RefreshToken, Grant, Interaction].map(
    (model) => model.name,
  );
  const expected = ["AccessToken", "AuthorizationCode", "RefreshToken", "Grant", "Interaction"];
  if (names.join() !== expected.join()) throw new Error("This build has lost its class names");
}

function addressIn(target: string | URL | { readonly url: string }): string {
  if (typeof target === "string") return target;
  return "url" in target ? target.url : target.href;
}

function routes() {
  return {
    authorization: "/authorize",
    token: "/token",
    revocation: "/revoke",
    registration: "/register",
    jwks: "/jwks",
  };
}

function features({ places, scopes }: ProviderOptions) {
  const isOurs = (resource: string) => resource === places.resource;
  return {
    devInteractions: { enabled: false },
    userinfo: { enabled: false },
    rpInitiatedLogout: { enabled: false },
    revocation: {
      enabled: true,
      allowedPolicy: (
        _ctx: unknown,
        client: { clientId: string },
        token: { clientId?: string | undefined },
      ) => token.clientId === client.clientId,
    },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => places.resource,
      useGrantedResource: () => true,
      getResourceServerInfo: (_ctx: unknown, resource: string) => {
        if (!isOurs(resource)) throw new errors.InvalidTarget();
        return {
          scope: scopes.join(" "),
          audience: places.resource,
          accessTokenFormat: "opaque" as const,
          accessTokenTTL: 10 * minuteS,
        };
      },
    },
  };
}

function lifetimes() {
  return {
    AccessToken: 10 * minuteS,
    AuthorizationCode: minuteS,
    RefreshToken: grantLifeS,
    Grant: grantLifeS,
    IdToken: 10 * minuteS,
    Interaction: interactionLifeMs / 1000,
    Session: minuteS,
  };
}

/** There are no sessions, so browsers need no cookie for them. */
function withoutSession(response: {
  get(name: string): string;
  set(name: string, value: string[]): void;
  remove(name: string): void;
}): void {
  const cookies: unknown = response.get("set-cookie");
  if (!Array.isArray(cookies)) return;
  const kept = cookies.filter((each) => !String(each).startsWith(cookieNames.session));
  if (kept.length === 0) response.remove("set-cookie");
  else response.set("set-cookie", kept);
}

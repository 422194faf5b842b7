import { errors } from "oidc-provider";
import { AtlassianMcpError } from "../errors.ts";
import { ClientMetadataProblem } from "./client-metadata.ts";
import { openClients } from "./clients.ts";
import { type Context, openFlowRecords } from "./context.ts";
import { openGrants } from "./grants.ts";
import { openKeyRing } from "./keys.ts";
import { createPlaces } from "./places.ts";
import { renderProtocolError } from "./protocol-error.ts";
import { openProvider } from "./provider.ts";
import { createRedirectPolicy } from "./redirects.ts";
import { createRegistration } from "./registration.ts";
import { createHandler } from "./routes.ts";
import { createChallenge, createVerifier } from "./tokens.ts";
import type { AuthorizationServer, AuthorizationServerOptions } from "./types.ts";

/**
 * The authorization server. Everything that lasts is in the store, so any number of them may serve the same address.
 *
 * @throws AtlassianMcpError `config` for addresses that do not fit together and for patterns that are none; what the
 *   store throws when it cannot be used.
 */
export async function createAuthorizationServer(
  options: AuthorizationServerOptions,
): Promise<AuthorizationServer> {
  const { store, app, fetch, documentFetch, grantTypes, scopes, log, clock = Date.now } = options;
  const places = createPlaces({ ...options, redirectUri: redirectUriOf(options) });
  const redirects = createRedirectPolicy(places, options.allowedRedirects);
  const clients = openClients({ store, documentFetch, redirects, grantTypes, clock, log });
  const grants = openGrants({ app, store, fetch, clock, log });
  const keyRing = openKeyRing({ store, clock });
  const common = { store, clients, grants, clock };
  const provider = openProvider({
    ...common,
    places,
    scopes,
    grantTypes,
    documentFetch,
    keyRing,
    log,
    renderError: renderProtocolError,
  });
  const context: Context = {
    options,
    places,
    clients,
    grants,
    clock,
    log,
    provider,
    ...openFlowRecords({ store }),
  };
  const register = createRegistration({
    clients,
    redirects,
    grantTypes,
    clock,
    validate: async (client) => {
      try {
        await (await provider()).Client.validate(client as never);
      } catch (error) {
        throw asProblem(error);
      }
    },
  });
  const handler = createHandler({ context, redirects, register, keyRing });
  // A store that does not work shows now, not at the first request.
  await provider();
  return {
    owns: (path) => places.routeOf(path) !== undefined,
    handle: handler,
    verify: createVerifier({ places, store, grants, clock }),
    challenge: createChallenge(places, options),
    userGrant: (grantId) => grants.userGrant(grantId),
    async close() {},
  };
}

function redirectUriOf({ app, issuer }: AuthorizationServerOptions): URL {
  const setting = "ATLASSIAN_OAUTH_REDIRECT_URI";
  const uri = app.redirectUri === undefined ? undefined : new URL(app.redirectUri);
  const base = issuer.href.replace(/\/*$/, "/");
  if (uri?.href.startsWith(base) && uri.href.length > base.length) return uri;
  throw new AtlassianMcpError("config", `${setting} is not an address below ${base}`, {
    setting,
    next: `Register an address such as ${base}callback with the app, and set it here.`,
  });
}

function asProblem(error: unknown): unknown {
  if (!(error instanceof errors.InvalidClientMetadata)) return error;
  const { message, error_description: text } = error;
  const word = message === "invalid_redirect_uri" ? message : "invalid_client_metadata";
  return new ClientMetadataProblem(word, text ?? message);
}

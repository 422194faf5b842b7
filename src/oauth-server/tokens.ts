import type { Adapter } from "oidc-provider";
import type { Grants } from "./grants.ts";
import type { Places } from "./places.ts";
import type { AuthorizationServer, AuthorizationServerOptions, VerifiedToken } from "./types.ts";
import { scopeNames } from "./types.ts";

export interface VerifierOptions {
  readonly places: Places;
  /** Where access tokens are. */
  readonly accessTokens: Adapter;
  readonly grants: Grants;
  readonly clock: () => number;
}

/** Looks tokens up: what has ended is not there any more, so there is nothing to trust in a token but its name. */
export function createVerifier(options: VerifierOptions): AuthorizationServer["verify"] {
  const { places, accessTokens, grants, clock } = options;
  return async (token): Promise<VerifiedToken | undefined> => {
    const found = await accessTokens.find(token);
    if (found?.kind !== "AccessToken" || found.aud !== places.resource) return undefined;
    const { grantId, accountId, clientId, scope = "", exp = 0 } = found;
    const expiresAt = exp * 1000;
    if (grantId === undefined || clientId === undefined || expiresAt <= clock()) return undefined;
    const facts = await grants.find(grantId);
    if (facts === undefined || facts.subject !== accountId) return undefined;
    grants.touch(facts);
    const granted = scope.split(" ");
    const scopes = scopeNames.filter((name) => granted.includes(name));
    return { grantId, subject: facts.subject, clientId, scopes, expiresAt };
  };
}

/** RFC 6750 and RFC 9728. Without a problem of scope it asks for all that is of normal use, so that nobody asks twice. */
export function createChallenge(
  { resourceMetadata }: Places,
  { scopes }: Pick<AuthorizationServerOptions, "scopes">,
): AuthorizationServer["challenge"] {
  return (problem) => {
    const parts = {
      resource_metadata: resourceMetadata,
      scope: (problem?.scopes ?? scopes).join(" "),
      error: problem?.error,
      error_description: problem?.description,
    };
    const written = Object.entries(parts).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}="${quotable(value)}"`],
    );
    return `Bearer ${written.join(", ")}`;
  };
}

/** What may stand in a header between quotes. */
function quotable(text: string): string {
  return text.replace(/["\\]/g, "'").replace(/[^\x20-\x7e]/g, "?");
}

import { z } from "zod";
import type { Store } from "../store/types.ts";
import type { Grants } from "./grants.ts";
import { openModelRecords } from "./model-records.ts";
import type { Places } from "./places.ts";
import type { AuthorizationServer, AuthorizationServerOptions, VerifiedToken } from "./types.ts";
import { scopeNames } from "./types.ts";

export interface VerifierOptions {
  readonly places: Places;
  readonly store: Store;
  readonly grants: Grants;
  readonly clock: () => number;
}

/** The part of an access token that the library writes and that counts here. */
const payload = z.object({
  kind: z.literal("AccessToken"),
  aud: z.string(),
  grantId: z.string(),
  accountId: z.string(),
  clientId: z.string(),
  scope: z.string().default(""),
  exp: z.number(),
});

/** Looks tokens up: what has ended is not there any more, so there is nothing to trust in a token but its name. */
export function createVerifier(options: VerifierOptions): AuthorizationServer["verify"] {
  const { places, store, grants, clock } = options;
  const tokens = openModelRecords(store, "AccessToken");
  return async (token): Promise<VerifiedToken | undefined> => {
    const found = payload.safeParse((await tokens.get(token))?.payload);
    if (!found.success || found.data.aud !== places.resource) return undefined;
    const { grantId, accountId, clientId, scope, exp } = found.data;
    const expiresAt = exp * 1000;
    if (expiresAt <= clock()) return undefined;
    const facts = await grants.find(grantId);
    if (facts?.subject !== accountId || facts.clientId !== clientId) return undefined;
    grants.touch(facts);
    const granted = scope.split(" ");
    const scopes = scopeNames.filter((name) => granted.includes(name));
    const { subject, account, site } = facts;
    const cloudId = site?.id.toLowerCase();
    return { grantId, subject, clientId, scopes, account: account.id, cloudId, expiresAt };
  };
}

/** RFC 6750 and RFC 9728. Without a problem of scope it asks for all that is of normal use, so that nobody asks twice. */
export function createChallenge(
  { resourceMetadata }: Places,
  { scopes }: Pick<AuthorizationServerOptions, "scopes">,
): AuthorizationServer["challenge"] {
  return (problem, endpoint = "mcp") => {
    const parts = {
      resource_metadata: resourceMetadata[endpoint] ?? resourceMetadata.mcp,
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

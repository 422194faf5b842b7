import { z } from "zod";
import type { IssuedTokens } from "./token-requests.ts";
import type { Grant } from "./types.ts";

const site = z.object({
  id: z.string(),
  name: z.string(),
  url: z.string(),
  scopes: z.array(z.string()),
});
const account = z.object({
  id: z.string(),
  name: z.string().optional(),
  email: z.string().optional(),
});
const grant = z.object({
  version: z.literal(1),
  accessToken: z.string().min(1),
  refreshToken: z.string().min(1).optional(),
  expiresAt: z.number(),
  scopes: z.array(z.string()),
  cloudId: z.string().optional(),
  sites: z.array(site).optional(),
  account: account.optional(),
  signedInAt: z.number(),
});

/** `undefined` for what is no grant of this version. */
export function parseGrant(text: string): Grant | undefined {
  try {
    return grant.parse(JSON.parse(text));
  } catch {
    // The errors quote what they found, which may be a token.
    return undefined;
  }
}

/** The grant after new tokens came for it. An issuer that sends no refresh token lets the old one live on. */
export function withTokens(
  earlier: Omit<Grant, "accessToken" | "expiresAt">,
  tokens: IssuedTokens,
  now: number,
): Grant {
  return {
    ...earlier,
    accessToken: tokens.accessToken,
    refreshToken: tokens.refreshToken ?? earlier.refreshToken,
    expiresAt: now + tokens.expiresInS * 1000,
    scopes: tokens.scopes.length > 0 ? tokens.scopes : earlier.scopes,
  };
}

/** A first grant, of somebody who has just signed in. */
export function newGrant(tokens: IssuedTokens, now: number): Grant {
  return withTokens({ version: 1, scopes: [], signedInAt: now }, tokens, now);
}

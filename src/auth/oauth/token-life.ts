import type { Grant } from "./types.ts";

/** Tokens are replaced so long before their end that no request of ours outlives them. */
const earlyMs = 300_000;

/** After an early refresh failed, the old token is used so long before the issuer is asked again. */
export const quietAfterFailureMs = 30_000;

/** A site that refuses a token of this age does so for another reason than its age. */
const newForMs = 60_000;

type Ending = Pick<Grant, "expiresAt">;

/** Good for some minutes. */
export function isFresh({ expiresAt }: Ending, now: number): boolean {
  return now + earlyMs < expiresAt;
}

/** Not over yet. */
export function isValid({ expiresAt }: Ending, now: number): boolean {
  return now < expiresAt;
}

/** True when `token` is what the last renewal gave, a moment ago. */
export function renewedLately(
  renewed: { readonly token: string; readonly at: number } | undefined,
  token: string,
  now: number,
): boolean {
  return renewed?.token === token && now - renewed.at < newForMs;
}

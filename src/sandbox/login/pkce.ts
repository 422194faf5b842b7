import { createHash, timingSafeEqual } from "node:crypto";

export type ChallengeMethod = "S256" | "plain";

/** The promise of an authorization request that only its sender can redeem the code (RFC 7636). */
export interface Challenge {
  readonly value: string;
  readonly method: ChallengeMethod;
}

/** RFC 7636 §4.1 and §4.2 give verifier and challenge the same alphabet and length. */
const wellFormed = /^[\w.~-]{43,128}$/;

/** The challenge of an authorization request; `undefined` where it has none, `"invalid"` where it is unusable. */
export function challengeOf(
  query: URLSearchParams,
  methods: readonly ChallengeMethod[],
): Challenge | undefined | "invalid" {
  const value = query.get("code_challenge");
  const name = query.get("code_challenge_method");
  if (value === null) return name === null ? undefined : "invalid";
  const method = methods.find((known) => known === (name ?? "plain"));
  return method && wellFormed.test(value) ? { value, method } : "invalid";
}

/** A verifier without a challenge is refused like a wrong one: somebody took the challenge away. */
export function verifies(challenge: Challenge | undefined, verifier: string | undefined): boolean {
  if (challenge === undefined || verifier === undefined) return challenge === verifier;
  if (!wellFormed.test(verifier)) return false;
  const actual =
    challenge.method === "plain"
      ? verifier
      : createHash("sha256").update(verifier).digest("base64url");
  const [left, right] = [Buffer.from(actual), Buffer.from(challenge.value)];
  return left.length === right.length && timingSafeEqual(left, right);
}

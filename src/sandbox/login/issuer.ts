import { randomBytes } from "node:crypto";
import type { Principal, SandboxUser } from "../types.ts";
import { type Challenge, verifies } from "./pkce.ts";

/** What a user allowed an app to do. */
export interface Consent {
  readonly clientId: string;
  readonly user: SandboxUser;
  readonly scopes: readonly string[];
  /** Cloud ids; empty on Data Center. */
  readonly sites: readonly string[];
}

export interface IssuedTokens {
  readonly accessToken: string;
  readonly refreshToken?: string | undefined;
  readonly expiresInSeconds: number;
  readonly scopes: readonly string[];
}

/** How long tokens live and what happens to those that were replaced. */
export interface TokenRules {
  readonly accessSeconds: number;
  /** A refresh token that is not used for this long is dead. */
  readonly refreshDays: number;
  /** For this long a replaced refresh token still works. */
  readonly leewayMs: number;
  /** True: a replaced refresh token that comes back after the leeway ends its whole grant. */
  readonly endsGrantOnReuse: boolean;
  /** What an access token lets its bearer do. */
  principalOf(consent: Consent): Principal;
}

/** What the token request has to repeat from the authorization request. */
export interface CodeTerms {
  readonly redirectUri: string;
  readonly challenge?: Challenge | undefined;
}

export interface CodeProof {
  readonly clientId: string;
  readonly redirectUri: string | undefined;
  readonly verifier: string | undefined;
}

/** Keeps the codes, tokens and grants of one login host; `undefined` is a refusal. */
export interface Issuer {
  /** A code for one exchange within five minutes. */
  code(consent: Consent, terms: CodeTerms): string;
  /** A wrong proof uses the code up too. */
  redeem(
    code: string,
    proof: CodeProof,
    withRefresh: boolean | undefined,
  ): IssuedTokens | undefined;
  refresh(token: string, clientId: string): IssuedTokens | undefined;
  issue(consent: Consent, withRefresh: boolean, seconds?: number): IssuedTokens;
  /** Whom a living access token stands for. */
  principalOf(accessToken: string): Principal | undefined;
  /** Ends one access token, as time would. */
  expire(accessToken: string): void;
  /** Ends one access token, or a refresh token with its grant. False: unknown or not of this client. */
  revoke(token: string, clientId?: string): boolean;
  /** Ends the whole grant that an access or refresh token belongs to. */
  endGrant(token: string): void;
  /** Grants that can still be used. */
  liveGrants(): number;
  /** How long access tokens issued from now on live; `undefined` is the default. */
  setAccessSeconds(seconds: number | undefined): void;
  clear(): void;
}

interface Grant {
  readonly consent: Consent;
  readonly principal: Principal;
  /** When its last token dies. */
  diesAt: number;
  isEnded: boolean;
}

interface RefreshToken {
  readonly grant: Grant;
  readonly diesAt: number;
  replacedAt?: number;
}

interface State {
  readonly codes: Map<string, { consent: Consent; terms: CodeTerms; diesAt: number }>;
  readonly access: Map<string, { grant: Grant; diesAt: number }>;
  readonly refresh: Map<string, RefreshToken>;
  readonly grants: Set<Grant>;
  accessSeconds: number;
}

const codeMs = 5 * 60_000;
const dayMs = 86_400_000;

export function createIssuer(
  rules: TokenRules,
  now: () => Date,
  random: (bytes: number) => Buffer = randomBytes,
): Issuer {
  const state: State = {
    codes: new Map(),
    access: new Map(),
    refresh: new Map(),
    grants: new Set(),
    accessSeconds: rules.accessSeconds,
  };
  const token = () => random(32).toString("base64url");
  const time = () => now().getTime();
  const mint = (grant: Grant, withRefresh: boolean, seconds = state.accessSeconds) =>
    addTokens(state, rules, grant, { at: time(), token, withRefresh, seconds });
  const issue: Issuer["issue"] = (consent, withRefresh, seconds) => {
    const principal = rules.principalOf(consent);
    const grant: Grant = { consent, principal, diesAt: 0, isEnded: false };
    state.grants.add(grant);
    return mint(grant, withRefresh, seconds);
  };
  return {
    issue,
    code(consent, terms) {
      const code = token();
      state.codes.set(code, { consent, terms, diesAt: time() + codeMs });
      return code;
    },
    redeem(code, proof, withRefresh) {
      const consent = useCode(state, code, proof, time());
      return consent && issue(consent, withRefresh ?? consent.scopes.includes("offline_access"));
    },
    refresh(value, clientId) {
      const grant = useRefresh(state, rules, value, clientId, time());
      return grant && mint(grant, true);
    },
    principalOf(value) {
      const kept = state.access.get(value);
      return kept === undefined || kept.grant.isEnded || kept.diesAt <= time()
        ? undefined
        : kept.grant.principal;
    },
    expire: (value) => void state.access.delete(value),
    revoke: (value, clientId) => revoke(state, value, clientId),
    endGrant(value) {
      const grant = grantOf(state, value);
      if (grant) grant.isEnded = true;
    },
    liveGrants: () => [...state.grants].filter((grant) => isAlive(grant, time())).length,
    setAccessSeconds(seconds) {
      state.accessSeconds = seconds ?? rules.accessSeconds;
    },
    clear() {
      for (const kept of [state.codes, state.access, state.refresh, state.grants]) kept.clear();
      state.accessSeconds = rules.accessSeconds;
    },
  };
}

/** The consent behind a code, which is gone then. */
function useCode(state: State, code: string, proof: CodeProof, at: number): Consent | undefined {
  const kept = state.codes.get(code);
  state.codes.delete(code);
  if (kept === undefined || kept.diesAt <= at) return undefined;
  const { consent, terms } = kept;
  const isProven =
    consent.clientId === proof.clientId &&
    terms.redirectUri === proof.redirectUri &&
    verifies(terms.challenge, proof.verifier);
  return isProven ? consent : undefined;
}

function grantOf(state: State, token: string): Grant | undefined {
  return (state.refresh.get(token) ?? state.access.get(token))?.grant;
}

function isAlive(grant: Grant, at: number): boolean {
  return !grant.isEnded && grant.diesAt > at;
}

function addTokens(
  state: State,
  rules: TokenRules,
  grant: Grant,
  terms: {
    readonly at: number;
    readonly token: () => string;
    readonly withRefresh: boolean;
    readonly seconds: number;
  },
): IssuedTokens {
  const accessToken = terms.token();
  const accessDiesAt = terms.at + terms.seconds * 1000;
  state.access.set(accessToken, { grant, diesAt: accessDiesAt });
  const refreshToken = terms.withRefresh ? terms.token() : undefined;
  const refreshDiesAt = terms.at + rules.refreshDays * dayMs;
  if (refreshToken !== undefined) state.refresh.set(refreshToken, { grant, diesAt: refreshDiesAt });
  grant.diesAt = Math.max(grant.diesAt, refreshToken === undefined ? accessDiesAt : refreshDiesAt);
  return {
    accessToken,
    refreshToken,
    expiresInSeconds: terms.seconds,
    scopes: grant.consent.scopes,
  };
}

/** Marks a refresh token as replaced and gives its grant, unless it is no longer good. */
function useRefresh(
  state: State,
  rules: TokenRules,
  value: string,
  clientId: string,
  at: number,
): Grant | undefined {
  const kept = state.refresh.get(value);
  if (kept === undefined || kept.grant.consent.clientId !== clientId) return undefined;
  const { grant } = kept;
  if (grant.isEnded || kept.diesAt <= at) return undefined;
  if (kept.replacedAt !== undefined && at - kept.replacedAt >= rules.leewayMs) {
    if (rules.endsGrantOnReuse) grant.isEnded = true;
    return undefined;
  }
  kept.replacedAt ??= at;
  return grant;
}

function revoke(state: State, value: string, clientId: string | undefined): boolean {
  const grant = grantOf(state, value);
  if (grant === undefined) return false;
  if (clientId !== undefined && grant.consent.clientId !== clientId) return false;
  if (state.refresh.has(value)) grant.isEnded = true;
  else state.access.delete(value);
  return true;
}

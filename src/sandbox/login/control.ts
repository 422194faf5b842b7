import type { SandboxUser } from "../types.ts";
import type { AppChange, OAuthApp } from "./apps.ts";
import type { BasicGuard } from "./basic-guard.ts";
import type { IssuedTokens } from "./issuer.ts";
import type { NewToken, PersonalTokens } from "./personal-tokens.ts";
import type { TokenDesk, TokenRequest } from "./token-endpoint.ts";

export interface IssueWish {
  /** Login name, default `ada`. */
  readonly user?: string | undefined;
  /** Default: a broad consent with a refresh token; `WRITE` on Data Center. */
  readonly scopes?: readonly string[] | undefined;
  /** Cloud ids, default all. */
  readonly sites?: readonly string[] | undefined;
  readonly expiresInSeconds?: number | undefined;
}

/** What tests can do with a login host that a browser, an administrator or time would do. */
export interface OAuthControl {
  /** The app that people sign in through, as it is registered now. */
  readonly app: OAuthApp;
  /** The credential of the service account. */
  readonly serviceApp: OAuthApp;
  /** Changes the app (its callback address, its scopes), or adds one under another client id. */
  register(change: AppChange): OAuthApp;
  /** Tokens of a new grant, without a browser. */
  issue(wish?: IssueWish): IssuedTokens;
  /** Ends one access token, as time would. */
  expire(accessToken: string): void;
  /** Ends the whole grant of an access or refresh token, as its user or an administrator would. */
  revoke(token: string): void;
  /** How long access tokens issued from now on live; without an argument as long as they really do. */
  setAccessSeconds(seconds?: number): void;
  /** Requests to the token endpoint, oldest first. */
  readonly tokenRequests: readonly TokenRequest[];
  /** Grants that can still be used. */
  liveGrants(): number;
}

/** The same for a Data Center site, with its other ways in. */
export interface DataCenterControl extends OAuthControl {
  /** Switches Basic authentication off, as Jira 11 is delivered, or on again. */
  allowBasic(isAllowed: boolean): void;
  /** Wants a CAPTCHA from a user after this many failed logins in a row; without an argument never. */
  captchaAfter(failures?: number): void;
  /** The user passed the CAPTCHA in a browser. */
  passCaptcha(user: string): void;
  /** A personal access token that expires after this many days, default never. Throws beyond the user's limit. */
  createPersonalToken(user: string, name: string, days?: number): NewToken;
}

interface Defaults {
  readonly scopes: readonly string[];
  readonly sites: readonly string[];
  readonly service: OAuthApp;
  readonly users: readonly SandboxUser[];
}

export function createOAuthControl(desk: TokenDesk, defaults: Defaults): OAuthControl {
  const { apps, issuer, seen, dialect } = desk;
  return {
    get app() {
      return apps.first();
    },
    get serviceApp() {
      return apps.find(defaults.service.clientId) ?? defaults.service;
    },
    register: (change) => apps.register(change),
    issue(wish = {}) {
      const { scopes = defaults.scopes, sites = defaults.sites, expiresInSeconds } = wish;
      const user = personNamed(defaults.users, wish.user ?? "ada");
      const { clientId } = apps.first();
      const withRefresh = dialect.withRefresh ?? scopes.includes("offline_access");
      return issuer.issue({ clientId, user, scopes, sites }, withRefresh, expiresInSeconds);
    },
    expire: (accessToken) => issuer.expire(accessToken),
    revoke: (token) => issuer.endGrant(token),
    setAccessSeconds: (seconds) => issuer.setAccessSeconds(seconds),
    tokenRequests: seen,
    liveGrants: () => issuer.liveGrants(),
  };
}

interface Doors {
  readonly guard: BasicGuard;
  readonly personalTokens: PersonalTokens;
  readonly users: readonly SandboxUser[];
}

/** Adds the switches of a Data Center site to `oauth`, which is changed. */
export function createDataCenterControl(
  oauth: OAuthControl,
  { guard, personalTokens, users }: Doors,
): DataCenterControl {
  return Object.assign(oauth, {
    allowBasic: (isAllowed: boolean) => guard.allow(isAllowed),
    captchaAfter: (failures?: number) => guard.captchaAfter(failures),
    passCaptcha: (user: string) => guard.passCaptcha(user),
    createPersonalToken(user: string, name: string, days?: number) {
      const token = personalTokens.create(personNamed(users, user), name, days);
      if (token === undefined) throw new Error(`${user} has too many personal access tokens`);
      return token;
    },
  });
}

/** The active person of this login name. Throws where there is none. */
function personNamed(users: readonly SandboxUser[], name: string): SandboxUser {
  const user = users.find((candidate) => candidate.name === name);
  if (user === undefined) throw new Error(`nobody called ${name} can sign in to the sandbox`);
  return user;
}

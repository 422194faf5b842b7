import type { ScopeName } from "../types.ts";

/**
 * What the pages show. Text may come from anybody: the pages escape it, take out what is invisible, and shorten it.
 * Only `action` and `csrf` are taken as ours.
 */

/** Names of the form fields that the pages send, all by POST as `application/x-www-form-urlencoded`. */
export const fields = {
  csrf: "csrf",
  interaction: "interaction",
  /** Value `approve` or `deny`; any other value, or none, approves nothing. */
  decision: "decision",
  /** The `id` of the chosen {@link SiteChoice}. */
  site: "site",
  /** The `id` of the {@link AllowedClient} whose access ends. */
  client: "client",
} as const;

/** Where a form goes, and what it carries along. */
export interface FormTarget {
  /** Path of ours, from the root: `/oauth/consent`. */
  readonly action: string;
  readonly csrf: string;
  /** The authorization request that is under way; absent outside one, as on the account page. */
  readonly interaction?: string | undefined;
}

/** A client as it presents itself, and how far that can be believed. */
export interface ClientView {
  /** Its own words; anything may be written here. */
  readonly name?: string | undefined;
  /**
   * `document`: its metadata were read from `url`, so the host of it vouches for them. `registered`: it registered
   * itself here, and nobody vouches.
   */
  readonly origin:
    | { readonly kind: "document"; readonly url: string }
    | { readonly kind: "registered" };
}

/** An Atlassian site. */
export interface SiteView {
  readonly name?: string | undefined;
  readonly url: string;
}

export interface AccountView {
  readonly name?: string | undefined;
  readonly email?: string | undefined;
}

/** One click before the browser leaves for Atlassian. */
export interface SignInPageData {
  /** Who asks; absent where the user signs in for the account page. */
  readonly client?: ClientView | undefined;
  /** Where the sign-in happens; absent: Atlassian's common login, where the site is chosen later. */
  readonly site?: SiteView | undefined;
  readonly form: FormTarget;
}

export interface ConsentPageData {
  readonly client: ClientView;
  /** Where the answer goes; its host is shown. */
  readonly redirectUri: string;
  /** True where every redirect the client offers is loopback, so that any program on the machine can pose as it. */
  readonly loopbackOnly: boolean;
  readonly scopes: readonly ScopeName[];
  /** What our app asks of Atlassian, as Atlassian writes it. Empty: nothing is shown. */
  readonly upstreamScopes: readonly string[];
  /** Absent: the site is chosen after the sign-in. */
  readonly site?: SiteView | undefined;
  /** Absent: nobody has signed in yet. */
  readonly account?: AccountView | undefined;
  readonly form: FormTarget;
}

export interface SiteChoice extends SiteView {
  /** Comes back in {@link fields.site}. */
  readonly id: string;
}

export interface SitePageData {
  readonly client?: ClientView | undefined;
  /** None is chosen beforehand. */
  readonly sites: readonly SiteChoice[];
  readonly form: FormTarget;
}

export interface ErrorPageData {
  /** A few words: "The sign-in has expired". */
  readonly title: string;
  /** What happened, one or two sentences of ours. */
  readonly message: string;
  /** What somebody else said about it: shown as a quotation, on one line, shortened. */
  readonly quote?: { readonly from: string; readonly text: string } | undefined;
  /** What the user can do now. */
  readonly next: string;
  /** Finds the event in the log. */
  readonly reference?: string | undefined;
}

export interface DonePageData {
  /** "You are signed in" where absent. */
  readonly title?: string | undefined;
  /** One sentence before "You can close this window." */
  readonly message?: string | undefined;
}

/** Something the user let in. */
export interface AllowedClient {
  /** Comes back in {@link fields.client}. */
  readonly id: string;
  readonly client: ClientView;
  readonly scopes: readonly ScopeName[];
  readonly site?: SiteView | undefined;
  /** Milliseconds since the epoch. */
  readonly allowedAt: number;
  /** Milliseconds since the epoch; absent: not used yet. */
  readonly usedAt?: number | undefined;
}

export interface AccountPageData {
  readonly account?: AccountView | undefined;
  readonly clients: readonly AllowedClient[];
  /** Paths of ours, from the root. */
  readonly actions: {
    readonly revoke: string;
    readonly revokeAll: string;
    readonly signOut: string;
  };
  readonly csrf: string;
  /** What just happened, in words of ours: "The client has no access any more." */
  readonly notice?: string | undefined;
}

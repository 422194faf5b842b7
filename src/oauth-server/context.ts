import type Provider from "oidc-provider";
import { z } from "zod";
import type { AccessibleSite, Account, Grant } from "../auth/oauth/types.ts";
import type { Logger } from "../log.ts";
import type { Clients } from "./clients.ts";
import type { Grants } from "./grants.ts";
import type { Places } from "./places.ts";
import { openRecords, type Records } from "./records.ts";
import type { AuthorizationServerOptions } from "./types.ts";

/** What a sign-in at Atlassian is for. */
const flow = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("interaction"), id: z.string() }),
  z.object({ kind: z.literal("account") }),
]);
export type Flow = z.output<typeof flow>;

/** A sign-in that is under way, by its `state`. */
const signIn = z.object({
  flow,
  codeVerifier: z.string(),
  /** Hash of the cookie of the browser that began it. */
  browser: z.string(),
});
export type SignIn = z.output<typeof signIn>;

/** Somebody who has signed in and has not chosen a site yet. */
export interface PendingLogin {
  readonly grant: Grant;
  readonly account: Account;
  readonly sites: readonly AccessibleSite[];
  readonly browser: string;
}

/** Somebody who looks at what they let in. */
const accountSession = z.object({
  subject: z.string(),
  name: z.string().optional(),
  email: z.string().optional(),
  csrf: z.string(),
  notice: z.string().optional(),
});
export type AccountSession = z.output<typeof accountSession>;

/** What every part of the server works with. */
export interface Context {
  readonly options: AuthorizationServerOptions;
  readonly places: Places;
  readonly clients: Clients;
  readonly grants: Grants;
  readonly clock: () => number;
  readonly log: Logger;
  readonly signIns: Records<SignIn>;
  readonly pending: Records<PendingLogin>;
  readonly sessions: Records<AccountSession>;
  /** One-time tokens of forms. */
  readonly forms: Records<string>;
  readonly provider: () => Promise<Provider>;
}

/** What one request needs of the store, beside clients and grants. */
export function openFlowRecords({ store }: Pick<AuthorizationServerOptions, "store">) {
  return {
    signIns: openRecords(store, "sign-in", signIn),
    // Written by us alone, and encrypted where it leaves the process.
    pending: openRecords(store, "pending", z.custom<PendingLogin>(isObject)),
    sessions: openRecords(store, "account", accountSession),
    forms: openRecords(store, "form", z.string()),
  };
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

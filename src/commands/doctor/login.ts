import type { Connection } from "../../auth/connection.ts";
import type { Grant, OAuthApp } from "../../auth/oauth/types.ts";
import { loginCommand } from "../../server/outbound.ts";
import { isoTime } from "./names.ts";
import { type Finding, failed, ok, problem, skipped, warning } from "./report.ts";

export interface Login {
  readonly findings: readonly Finding[];
  readonly grant?: Grant | undefined;
}

/** Whether somebody has signed in, and how long that lasts. Refreshes nothing. */
export async function checkLogin(
  connection: Pick<Connection, "credential" | "otherwise">,
  grantOf: (app: OAuthApp) => Promise<Grant | undefined>,
  nowMs: number,
): Promise<Login> {
  const { credential, otherwise } = connection;
  if (credential.kind === "client") {
    return { findings: [ok("login", "none needed: the service account signs in by itself")] };
  }
  if (credential.kind !== "grant") return { findings: [] };
  try {
    const grant = await grantOf(credential.app);
    if (grant !== undefined) return { findings: [describe(grant, nowMs)], grant };
    const text = "nobody has signed in";
    // What is used in its place is said by the sign-in check.
    return otherwise === undefined
      ? { findings: [problem("login", text, `Run ${loginCommand}.`)] }
      : { findings: [skipped("login", text)] };
  } catch (error) {
    return { findings: [failed("login", error)] };
  }
}

function describe(grant: Grant, nowMs: number): Finding {
  const { account, expiresAt, refreshToken, signedInAt } = grant;
  const isOver = expiresAt <= nowMs;
  const who = account?.name === undefined ? "" : ` as ${account.name}`;
  const access = isOver
    ? `the access token expired ${isoTime(expiresAt)}`
    : `the access token is valid until ${isoTime(expiresAt)}`;
  const start = `signed in${who} on ${isoTime(signedInAt)}; ${access}`;
  const facts = {
    signed_in_at: new Date(signedInAt).toISOString(),
    access_token_expires_at: new Date(expiresAt).toISOString(),
    has_refresh_token: refreshToken !== undefined,
    granted_scopes: grant.scopes,
  };
  if (refreshToken !== undefined) {
    return ok("login", `${start} and is renewed with the refresh token`, { facts });
  }
  const text = `${start}, and there is no refresh token to renew it`;
  const remedy = `Run ${loginCommand} again; on Cloud the scope offline_access gives a refresh token.`;
  return isOver
    ? problem("login", text, remedy, { facts })
    : warning("login", text, remedy, { facts });
}

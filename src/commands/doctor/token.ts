import type { Connection } from "../../auth/connection.ts";
import { isOurs } from "../../errors.ts";
import { apiPath } from "../../http/path.ts";
import type { ApiClient } from "../../http/types.ts";
import { isoDay, isoTime } from "./names.ts";
import { type Finding, ok, problem, skipped, warning } from "./report.ts";

const soonMs = 14 * 86_400_000;

/** Until when an OAuth access token from elsewhere is valid, where it says so itself. */
export function checkAccessToken({ method, credential }: Connection, nowMs: number): Finding[] {
  if (method !== "token" || credential.kind !== "bearer") return [];
  const expiresAt = expiryIn(credential.token);
  if (expiresAt === undefined) return [skipped("token", "it does not say how long it is valid")];
  const facts = { expires_at: new Date(expiresAt).toISOString() };
  if (expiresAt > nowMs) return [ok("token", `valid until ${isoTime(expiresAt)}`, { facts })];
  const remedy = "Replace it by a new one; this server never refreshes it.";
  return [problem("token", `expired ${isoTime(expiresAt)}`, remedy, { facts })];
}

/** The `exp` of a JWT, RFC 7519; the signature is for the site to check. */
function expiryIn(token: string): number | undefined {
  const [, payload, signature] = token.split(".");
  if (payload === undefined || signature === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
    const exp = (claims as { exp?: unknown } | null)?.exp;
    return typeof exp === "number" ? exp * 1000 : undefined;
  } catch {
    return undefined;
  }
}

interface PersonalToken {
  readonly name: string;
  readonly expiresAt: number;
}

/**
 * When the personal access tokens of this user expire. Which of them is in use the site does not tell, so that with
 * several of them the first one to expire is named.
 */
export async function checkPersonalTokens(api: ApiClient, nowMs: number): Promise<Finding[]> {
  let list: unknown;
  try {
    list = await api.json({ path: apiPath`/rest/pat/latest/tokens` });
  } catch (error) {
    if (!isOurs(error)) throw error;
    return [skipped("token", "the site does not tell how long personal access tokens are valid")];
  }
  const tokens = readTokens(list);
  const [first] = tokens.sort((a, b) => a.expiresAt - b.expiresAt);
  if (first === undefined)
    return [ok("token", "none of this user's personal access tokens expires")];
  const text = `of this user's personal access tokens, "${first.name}" is the first to expire, on ${isoDay(first.expiresAt)}`;
  const facts = { name: first.name, expires_at: new Date(first.expiresAt).toISOString() };
  const remedy = "If it is the one in use here, make a new one in time.";
  return first.expiresAt - nowMs < soonMs
    ? [warning("token", text, remedy, { facts })]
    : [ok("token", text, { facts })];
}

function readTokens(list: unknown): PersonalToken[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((each: unknown) => {
    if (typeof each !== "object" || each === null) return [];
    const { name, expiringAt }: { name?: unknown; expiringAt?: unknown } = each;
    // The products write offsets without a colon.
    const text = String(expiringAt ?? "").replace(/([+-]\d\d)(\d\d)$/, "$1:$2");
    const expiresAt = Date.parse(text);
    return Number.isNaN(expiresAt) ? [] : [{ name: String(name ?? ""), expiresAt }];
  });
}

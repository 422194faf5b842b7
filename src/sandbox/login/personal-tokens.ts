import { randomBytes } from "node:crypto";
import type { Principal, SandboxAnswer, SandboxUser } from "../types.ts";
import { type CounterRequest, mediaTypeOf, wrongMethod } from "./counter.ts";

/** Personal access tokens that users of one Data Center site made themselves. */
export interface PersonalTokens {
  /** The whole token, which is shown only now; `undefined` where the user has too many. Days until it expires. */
  create(user: SandboxUser, name: string, days: number | undefined): NewToken | undefined;
  list(user: SandboxUser): readonly PersonalToken[];
  /** False where this user has no such token. */
  remove(user: SandboxUser, id: number): boolean;
  principalOf(raw: string): Principal | undefined;
  clear(): void;
}

export interface PersonalToken {
  readonly id: number;
  readonly name: string;
  readonly createdAt: Date;
  readonly expiringAt: Date | undefined;
}

export interface NewToken extends PersonalToken {
  readonly rawToken: string;
}

interface Kept extends NewToken {
  readonly principal: Principal;
}

/** Per user, as administrators find it set. */
const maxTokens = 10;
const dayMs = 86_400_000;

export function createPersonalTokens(
  now: () => Date,
  random: (bytes: number) => Buffer = randomBytes,
): PersonalTokens {
  const tokens = new Map<string, Kept>();
  let lastId = 0;
  const isAlive = ({ expiringAt }: Kept) => expiringAt === undefined || expiringAt > now();
  const of = (user: SandboxUser) =>
    [...tokens.values()].filter((token) => token.principal.user === user);
  return {
    create(user, name, days) {
      if (of(user).filter(isAlive).length >= maxTokens) return undefined;
      lastId += 1;
      const rawToken = Buffer.concat([Buffer.from(`${lastId}:`), random(31)]).toString("base64");
      const createdAt = now();
      const expiringAt =
        days === undefined ? undefined : new Date(createdAt.getTime() + days * dayMs);
      const principal: Principal = { user, method: "pat" };
      const token = { id: lastId, name, createdAt, expiringAt, rawToken, principal };
      tokens.set(rawToken, token);
      return token;
    },
    list: of,
    remove(user, id) {
      const found = of(user).find((token) => token.id === id);
      return found !== undefined && tokens.delete(found.rawToken);
    },
    principalOf(raw) {
      const token = tokens.get(raw);
      return token && isAlive(token) ? token.principal : undefined;
    },
    clear: () => tokens.clear(),
  };
}

/** Finds who asks, or the answer that refuses the request. */
export type Identify = (request: CounterRequest) => { readonly user: SandboxUser } | SandboxAnswer;

/** `/rest/pat/latest/tokens` and, with an id, one token below it. */
export function createTokensResource(
  tokens: PersonalTokens,
  identify: Identify,
): (request: CounterRequest, id: string | undefined) => SandboxAnswer {
  return (request, id) => {
    const known = identify(request);
    if ("status" in known) return known;
    const { user } = known;
    request.user = user.name;
    if (id !== undefined) {
      if (request.method !== "DELETE") return wrongMethod("DELETE");
      return tokens.remove(user, Number(id))
        ? { status: 204 }
        : refused(404, "The token does not exist.");
    }
    if (request.method === "GET") return { status: 200, json: tokens.list(user).map(shown) };
    return request.method === "POST" ? create(tokens, user, request) : wrongMethod("GET", "POST");
  };
}

function create(tokens: PersonalTokens, user: SandboxUser, request: CounterRequest): SandboxAnswer {
  if (mediaTypeOf(request) !== "application/json") return refused(415, "Unsupported Media Type");
  const wanted = readWanted(request.body.toString("utf8"));
  if (wanted === undefined) return refused(400, "The token needs a name and a sensible duration.");
  const token = tokens.create(user, wanted.name, wanted.days);
  if (token === undefined) return refused(400, `A user can have ${maxTokens} tokens at most.`);
  return { status: 201, json: { ...shown(token), rawToken: token.rawToken } };
}

function readWanted(
  text: string,
): { readonly name: string; readonly days: number | undefined } | undefined {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json !== "object" || json === null) return undefined;
    const { name, expirationDuration = null } = json as Record<string, unknown>;
    if (typeof name !== "string" || name.trim() === "") return undefined;
    if (expirationDuration === null) return { name, days: undefined };
    const isSensible = Number.isInteger(expirationDuration) && Number(expirationDuration) > 0;
    return isSensible ? { name, days: Number(expirationDuration) } : undefined;
  } catch {
    return undefined;
  }
}

function shown({ id, name, createdAt, expiringAt }: PersonalToken): Record<string, unknown> {
  const end = expiringAt === undefined ? {} : { expiringAt: dateText(expiringAt) };
  return { id, name, createdAt: dateText(createdAt), ...end };
}

/** ISO 8601 with an offset without colon, as the products write dates. */
function dateText(date: Date): string {
  return date.toISOString().replace("Z", "+0000");
}

function refused(status: number, message: string): SandboxAnswer {
  return { status, json: { message, "status-code": status } };
}

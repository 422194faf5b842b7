import type { IncomingMessage } from "node:http";
import type { SignedInUser } from "../auth/caller.ts";
import {
  type AuthorizationServer,
  type Endpoint,
  type TokenProblem,
  tokenPrefix,
} from "../oauth-server/types.ts";
import type { DoorOptions } from "./door.ts";
import { admit } from "./door.ts";
import { recordRefusal } from "./operations/call-record.ts";
import type { Operations } from "./operations/operations.ts";
import type { RequestScope } from "./runtime.ts";
import { notAllowed, scopeOf } from "./user-scopes.ts";

/** Lets requests through as {@link admit} does, those with a token of our authorization server too. */
export type Admission = (incoming: IncomingMessage) => Promise<RequestScope | Response>;

export function admission(
  door: DoorOptions,
  authorization: AuthorizationServer | undefined,
  endpoint: Endpoint = "mcp",
): Admission {
  if (authorization === undefined) return async (incoming) => admit(incoming, door);
  return async (incoming) => {
    const token = ownToken(incoming);
    // Host and Origin first: what a foreign page sends is not even looked up.
    const anybody = admit(incoming, door, token === undefined ? undefined : nobodyYet);
    if (anybody instanceof Response) return withChallenge(anybody, authorization, endpoint);
    if (misplacesToken(incoming, token)) {
      return refuse(401, authorization, misplacedToken, endpoint);
    }
    if (token === undefined) return anybody;
    const user = await authorization.verify(token);
    if (user !== undefined) return admit(incoming, door, user);
    return refuse(401, authorization, unknownToken, endpoint);
  };
}

const unknownToken: TokenProblem = {
  error: "invalid_token",
  description: "The access token is unknown, expired, revoked, or meant for another server.",
};

const misplacedToken: TokenProblem = {
  error: "invalid_token",
  description: "An access token of this server goes into Authorization: Bearer alone.",
};

const nobodyYet: SignedInUser = { grantId: "", subject: "", clientId: "", scopes: [] };

function ownToken({ headersDistinct }: IncomingMessage): string | undefined {
  const [value, ...others] = headersDistinct["authorization"] ?? [];
  const token = /^bearer +(\S+)$/i.exec(value?.trim() ?? "")?.[1];
  return others.length === 0 && token?.startsWith(tokenPrefix) ? token : undefined;
}

const credentialHeaders = [
  "authorization",
  "x-atlassian-jira-authorization",
  "x-atlassian-jira-personal-token",
  "x-atlassian-confluence-authorization",
  "x-atlassian-confluence-personal-token",
];

/** True where a token of ours would be taken for one of Atlassian's, and sent there. */
function misplacesToken({ headersDistinct }: IncomingMessage, token: string | undefined): boolean {
  return credentialHeaders
    .filter((name) => name !== "authorization" || token === undefined)
    .flatMap((name) => headersDistinct[name] ?? [])
    .some((value) => value.includes(tokenPrefix));
}

/** A client that is told where to sign in can do so by itself. */
async function withChallenge(
  answer: RequestScope | Response,
  authorization: AuthorizationServer,
  endpoint: Endpoint,
): Promise<RequestScope | Response> {
  if (!(answer instanceof Response) || answer.status !== 401) return answer;
  const problem = (await answer.json()) as { readonly error: string };
  const next = "Let your client sign in through the browser, or send your own credentials.";
  return Response.json(
    // Whoever sent something that is no credential is told what is wrong with it.
    problem.error === "unauthorized" ? { ...problem, next } : problem,
    { status: 401, headers: { "WWW-Authenticate": authorization.challenge(undefined, endpoint) } },
  );
}

export interface StepUpOptions {
  readonly authorization?: AuthorizationServer | undefined;
  readonly operations: Operations;
}

/**
 * The answer to a call that its caller has not allowed yet: clients of 2026-07-28 ask their user for more. Older ones are
 * told by the tool, because the refusal would end their connection.
 */
export function stepUp(
  { headers }: IncomingMessage,
  { caller, request }: RequestScope,
  message: unknown,
  { authorization, operations }: StepUpOptions,
): Response | undefined {
  if (authorization === undefined || headers["mcp-protocol-version"] !== "2026-07-28") {
    return undefined;
  }
  const call = notAllowed(caller, message);
  if (call === undefined) return undefined;
  const missing = scopeOf(call.entry);
  const user = caller.kind === "http" ? caller.user : undefined;
  const granted = user?.scopes ?? [];
  recordRefusal(operations, { ...call, request }, user?.account);
  return refuse(403, authorization, {
    error: "insufficient_scope",
    description: `This call needs ${missing}.`,
    scopes: [...new Set([...granted, missing])],
  });
}

function refuse(
  status: 401 | 403,
  authorization: AuthorizationServer,
  problem: TokenProblem,
  endpoint: Endpoint = "mcp",
): Response {
  const { error, description } = problem;
  return Response.json(
    { error, error_description: description },
    { status, headers: { "WWW-Authenticate": authorization.challenge(problem, endpoint) } },
  );
}

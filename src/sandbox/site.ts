import type { IncomingMessage, ServerResponse } from "node:http";
import { type Authenticator, hasScopes, scopeMismatch } from "./auth.ts";
import { parseBody, readBody } from "./body.ts";
import type { FaultList } from "./faults.ts";
import { crashed, methodNotAllowed, unknownPath } from "./plain-answers.ts";
import type { Recorder } from "./recorder.ts";
import type { Router } from "./router.ts";
import type {
  Principal,
  SandboxAnswer,
  SandboxDeployment,
  SandboxProduct,
  SandboxRequest,
  SandboxUser,
  SiteName,
} from "./types.ts";

/** Where a request landed: the product, the path below its base, and what links in the answer start with. */
export interface Place {
  readonly product: SandboxProduct;
  readonly deployment: SandboxDeployment;
  readonly path: string;
  readonly base: string;
  readonly router: Router;
}

/** Finds the product a path belongs to; an answer where there is none. */
export type Locator = (path: string, authorization: string | undefined) => Place | SandboxAnswer;

export interface SiteOptions {
  readonly name: SiteName;
  readonly locate: Locator;
  readonly authenticate: Authenticator;
  readonly faults: FaultList;
  readonly recorder: Recorder;
  readonly headers: (
    product: SandboxProduct,
    deployment: SandboxDeployment,
    user: string | undefined,
  ) => Record<string, string>;
  /** Milliseconds added to every answer. */
  readonly latencyMs: number;
  /** Whom anonymous routes see. */
  readonly nobody: SandboxUser;
}

/** What is known about a request while it is answered. */
interface Incoming {
  readonly method: string;
  readonly url: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  user?: string | undefined;
}

/** The `node:http` listener of one pretend site. */
export function createSiteListener(
  options: SiteOptions,
): (message: IncomingMessage, response: ServerResponse) => void {
  return (message, response) => {
    handle(options, message, response).catch(() => response.destroy());
  };
}

async function handle(
  options: SiteOptions,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = message.url ?? "/";
  const mark = url.indexOf("?");
  const body = await readBody(message);
  const incoming: Incoming = {
    method: message.method ?? "GET",
    url,
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? "" : url.slice(mark + 1),
    headers: flatten(message.headers),
    body: body ?? Buffer.alloc(0),
  };
  if (body === undefined) {
    send(options, incoming, undefined, response, { status: 413, text: "Request Entity Too Large" });
    return;
  }
  const place = options.locate(incoming.path, incoming.headers.authorization);
  const where = "status" in place ? undefined : place;
  const effect = options.faults.take(options.name, incoming.method, where?.path ?? incoming.path);
  if (effect?.kind === "stall") {
    options.recorder.add(options.name, incoming, 0);
    return;
  }
  if (effect?.kind === "close" && effect.after !== true) {
    options.recorder.add(options.name, incoming, 0);
    response.destroy();
    return;
  }
  if (effect?.kind === "delay") await sleep(effect.ms);
  if (options.latencyMs > 0) await sleep(options.latencyMs);
  const answer =
    effect?.kind === "answer"
      ? effect.answer
      : "status" in place
        ? place
        : await answerAt(options, place, incoming);
  if (effect?.kind === "close") {
    options.recorder.add(options.name, incoming, 0);
    response.destroy();
    return;
  }
  send(options, incoming, where, response, answer);
}

async function answerAt(
  options: SiteOptions,
  place: Place,
  incoming: Incoming,
): Promise<SandboxAnswer> {
  const match = place.router.find(incoming.method, place.path);
  if (match.found === undefined) {
    return match.methods.length > 0
      ? methodNotAllowed(place.product, match.methods)
      : unknownPath(place.product, place.deployment, place.path);
  }
  const outcome = options.authenticate(options.name, place.product, incoming.headers.authorization);
  const principal =
    outcome.principal ?? (match.found.anonymous ? guest(options.nobody) : undefined);
  if (principal === undefined) return "refusal" in outcome ? outcome.refusal : unauthorized;
  incoming.user = outcome.principal?.user.name;
  if (!hasScopes(principal, match.found.scopes)) return scopeMismatch;
  const parsed = parseBody(place.product, incoming.headers, incoming.body);
  if (parsed.refusal !== undefined) return parsed.refusal;
  const request: SandboxRequest = {
    method: incoming.method,
    path: place.path,
    params: match.params,
    query: new URLSearchParams(incoming.query),
    headers: incoming.headers,
    body: incoming.body,
    json: parsed.json,
    principal,
    deployment: place.deployment,
    siteBase: place.base,
    viaGateway: options.name === "gateway",
  };
  try {
    return await match.found.run(request);
  } catch (error) {
    return crashed(place.product, error);
  }
}

const unauthorized: SandboxAnswer = { status: 401, json: { code: 401, message: "Unauthorized" } };

function guest(user: SandboxUser): Principal {
  return { user, method: "basic" };
}

function send(
  options: SiteOptions,
  incoming: Incoming,
  place: Place | undefined,
  response: ServerResponse,
  answer: SandboxAnswer,
): void {
  options.recorder.add(options.name, incoming, answer.status, incoming.user);
  if (response.destroyed) return;
  const headers = options.headers(
    place?.product ?? "jira",
    place?.deployment ?? (options.name.endsWith("data-center") ? "datacenter" : "cloud"),
    incoming.user,
  );
  const text = answer.json === undefined ? (answer.text ?? "") : JSON.stringify(answer.json);
  if (text !== "") {
    headers["content-type"] =
      answer.json === undefined ? "text/plain;charset=UTF-8" : "application/json;charset=UTF-8";
  }
  if (answer.status !== 204) headers["content-length"] = String(Buffer.byteLength(text));
  for (const [name, value] of Object.entries(answer.headers ?? {})) {
    headers[name.toLowerCase()] = value;
  }
  response.writeHead(answer.status, headers);
  response.end(text);
}

function flatten(headers: IncomingMessage["headers"]): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) flat[name] = typeof value === "string" ? value : value.join(", ");
  }
  return flat;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

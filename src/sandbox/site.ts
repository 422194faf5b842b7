import type { IncomingMessage, ServerResponse } from "node:http";
import { type Authenticator, type AuthOutcome, hasScopes, scopeMismatch } from "./auth.ts";
import { parseBody, readBody } from "./body.ts";
import type { FaultList } from "./faults.ts";
import type { Counter, CounterRequest } from "./login/counter.ts";
import { belowLevel } from "./login/data-center.ts";
import { crashed, gatewayNotFound, methodNotAllowed, unknownPath } from "./plain-answers.ts";
import type { Recorder } from "./recorder.ts";
import type { Router } from "./router.ts";
import type {
  Principal,
  SandboxAnswer,
  SandboxDeployment,
  SandboxProduct,
  SandboxRequest,
  SandboxRoute,
  SandboxUser,
  SiteName,
} from "./types.ts";
import type { HeaderSource } from "./upstream-headers.ts";

/** Where a request landed: the product, the path below its base, and what links in the answer start with. */
export interface Place {
  readonly product: SandboxProduct;
  readonly deployment: SandboxDeployment;
  readonly path: string;
  readonly base: string;
  readonly router: Router;
  /** On the gateway: the Cloud site it is. */
  readonly cloudId?: string | undefined;
}

/** Finds the product or the page a path belongs to; an answer where there is none. */
export type Locator = (path: string) => Place | Counter | SandboxAnswer;

export interface SiteOptions {
  readonly name: SiteName;
  readonly locate: Locator;
  readonly authenticate: Authenticator;
  /** Whom the client certificate of the connection names, on ports that ask for one. */
  readonly certified?: ((message: IncomingMessage) => SandboxUser | undefined) | undefined;
  readonly now: () => Date;
  readonly faults: FaultList;
  readonly recorder: Recorder;
  readonly headers: HeaderSource;
  /** Milliseconds added to every answer. */
  readonly latencyMs: number;
  /** Whom anonymous routes see. */
  readonly nobody: SandboxUser;
}

/** What is known about a request while it is answered. */
interface Incoming extends CounterRequest {
  readonly url: string;
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
    certified: options.certified?.(message),
  };
  if (body === undefined) {
    send(options, incoming, undefined, response, { status: 413, text: "Request Entity Too Large" });
    return;
  }
  const place = options.locate(incoming.path);
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
        : "serve" in place
          ? place.serve(incoming)
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
  const outcome = identify(options, place.product, incoming);
  if (outcome.principal === undefined && !(match.found.anonymous && !outcome.isFinal)) {
    return outcome.refusal;
  }
  const principal = outcome.principal ?? guest(options.nobody);
  incoming.user = outcome.principal?.user.name;
  const refusal = outOfReach(options, place, incoming, principal, match.found);
  if (refusal !== undefined) return refusal;
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

function identify(
  options: SiteOptions,
  product: SandboxProduct,
  { headers, certified }: Incoming,
): AuthOutcome {
  return certified !== undefined && headers["authorization"] === undefined
    ? { principal: { user: certified, method: "certificate" } }
    : options.authenticate(options.name, product, headers["authorization"]);
}

/** What a token gets that is good, but not for this site or operation. */
function outOfReach(
  options: SiteOptions,
  place: Place,
  incoming: Incoming,
  principal: Principal,
  route: SandboxRoute,
): SandboxAnswer | undefined {
  const { cloudId } = place;
  if (cloudId !== undefined && principal.sites?.includes(cloudId) === false) {
    return gatewayNotFound(incoming.path, options.now());
  }
  if (!hasScopes(principal, route.scopes)) return scopeMismatch;
  const { level } = principal;
  return level && belowLevel(level, place.product, incoming.method, place.path);
}

function guest(user: SandboxUser): Principal {
  return { user, method: "basic" };
}

function send(
  options: SiteOptions,
  incoming: Incoming,
  place: Place | Counter | undefined,
  response: ServerResponse,
  answer: SandboxAnswer,
): void {
  options.recorder.add(options.name, incoming, answer.status, incoming.user);
  if (response.destroyed) return;
  const headers = options.headers(
    place !== undefined && "product" in place ? place.product : productOf(options.name),
    options.name.endsWith("data-center") ? "datacenter" : "cloud",
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

function productOf(site: SiteName): SandboxProduct {
  return site === "confluence-data-center" ? "confluence" : "jira";
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

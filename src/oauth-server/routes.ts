import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { isOurs, wholeSeconds } from "../errors.ts";
import { handleAccount } from "./account.ts";
import { preparedQuery, withOurResource } from "./authorize-request.ts";
import { redirect, sendError } from "./browser.ts";
import { handleCallback } from "./callback.ts";
import type { Context } from "./context.ts";
import { innerRequest, readBody } from "./inner-request.ts";
import { handleInteraction, handleSiteChoice } from "./interaction.ts";
import type { KeyRing } from "./keys.ts";
import { addressOf, createLimiter } from "./limits.ts";
import { resourceMetadata, serverMetadata } from "./metadata.ts";
import type { Route } from "./places.ts";
import { explain } from "./protocol-error.ts";
import { handlerOf } from "./provider.ts";
import type { RedirectPolicy } from "./redirects.ts";
import type { RegistrationAnswer } from "./registration.ts";
import { type StoreAway, storeAway, storeAwayPage } from "./store-away.ts";

export interface HandlerOptions {
  readonly context: Context;
  readonly redirects: RedirectPolicy;
  readonly keyRing: KeyRing;
  readonly register: (body: string) => Promise<RegistrationAnswer>;
}

interface Exchange extends HandlerOptions {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly route: Route;
  readonly query: URLSearchParams;
}

const minuteMs = 60_000;
/** Per address and minute. A household or an office behind one address shares them. */
const limits: Readonly<Partial<Record<Route["kind"], number>>> = {
  register: 30,
  authorize: 120,
  token: 300,
  revoke: 300,
  interaction: 120,
  site: 120,
  callback: 120,
  account: 120,
};
/** Read by scripts of any page: nothing in them depends on who asks. */
const open = new Set<Route["kind"]>([
  "server-metadata",
  "resource-metadata",
  "jwks",
  "register",
  "token",
  "revoke",
]);
const methods: Readonly<Record<Route["kind"], readonly string[]>> = {
  "server-metadata": ["GET"],
  "resource-metadata": ["GET"],
  jwks: ["GET"],
  register: ["POST"],
  token: ["POST"],
  revoke: ["POST"],
  authorize: ["GET", "POST"],
  resume: ["GET"],
  interaction: ["GET", "POST"],
  site: ["GET", "POST"],
  callback: ["GET"],
  account: ["GET", "POST"],
};

/** Answers every request for a path of ours. */
export function createHandler(options: HandlerOptions) {
  const { context } = options;
  const { places, clock, log } = context;
  const limiters = new Map(
    Object.entries(limits).map(([kind, max]) => [
      kind,
      createLimiter({ max, windowMs: minuteMs, clock }),
    ]),
  );
  const trustProxy = context.options.trustProxy ?? 0;
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { path, query } = splitUrl(request.url ?? "/");
    const route = places.routeOf(path);
    if (route === undefined) return sendJson(response, 404, { error: "not_found" });
    const exchange = { ...options, request, response, route, query };
    if (open.has(route.kind) && allowEverybody(exchange)) return;
    const method = request.method === "HEAD" ? "GET" : (request.method ?? "");
    const allowed = methods[route.kind];
    if (!allowed.includes(method)) {
      response.setHeader("allow", allowed.join(", "));
      return sendJson(response, 405, { error: "invalid_request" });
    }
    const waitMs = limiters.get(route.kind)?.hit(addressOf(request, trustProxy));
    if (waitMs !== undefined) {
      // All callers of a proxy share one limit as long as nobody says that it is there.
      if (trustProxy < 1 && "x-forwarded-for" in request.headers) {
        log.warn("callers.merged", { route: route.kind, setting: "MCP_TRUSTED_PROXIES" });
      }
      return tooMany(exchange, waitMs);
    }
    try {
      await answer(exchange);
    } catch (error) {
      fail(exchange, error, log);
    }
  };
}

function answer(exchange: Exchange): Promise<void> | void {
  const { context, request, response, route, query } = exchange;
  switch (route.kind) {
    case "server-metadata":
      return sendDocument(response, serverMetadata(context.places, context.options), 3600);
    case "resource-metadata":
      return sendDocument(
        response,
        resourceMetadata(context.places, route.resource, context.options),
        3600,
      );
    case "jwks":
      return sendKeys(exchange);
    case "register":
      return answerRegistration(exchange);
    case "authorize":
      return authorize(exchange);
    case "resume":
      return pass(exchange, { path: `/authorize/${route.id}` });
    case "token":
    case "revoke":
      return passForm(exchange, `/${route.kind}`);
    case "callback":
      return handleCallback(context, request, response, query);
    case "interaction":
    case "site":
      return answerPage(exchange, route);
    case "account":
      return answerAccount(exchange, route);
  }
}

async function answerPage(
  { context, request, response }: Exchange,
  { kind, id }: Extract<Route, { id: string }>,
): Promise<void> {
  const page = { id, request, response, form: await readForm(request) };
  await (kind === "site" ? handleSiteChoice : handleInteraction)(context, page);
}

async function answerAccount(
  { context, request, response }: Exchange,
  { action }: Extract<Route, { kind: "account" }>,
): Promise<void> {
  await handleAccount(context, request, response, { action, form: await readForm(request) });
}

/** A POST becomes a GET: the request is the same, and the login that follows cannot be carried by a form. */
async function authorize(exchange: Exchange): Promise<void> {
  const { context, request, response, query, redirects } = exchange;
  const { places, options } = context;
  const form = await readForm(request);
  if (form !== undefined)
    return redirect(response, `${places.path("/authorize")}?${form.toString()}`);
  // The port of this machine's own addresses is free, so ours may turn up only now.
  if (query.getAll("redirect_uri").some((uri) => redirects.isOurs(uri))) {
    return sendError(response, 400, explain({ error: "invalid_redirect_uri" }));
  }
  return pass(exchange, { path: `/authorize?${preparedQuery(query, places, options).toString()}` });
}

async function passForm(exchange: Exchange, path: string): Promise<void> {
  const text = await readBody(exchange.request);
  const parameters = withOurResource(new URLSearchParams(text), exchange.context.places);
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(
    exchange.request.headers["content-type"] ?? "",
  );
  return pass(exchange, { path, body: isForm ? parameters.toString() : text });
}

async function pass(
  { context, request, response }: Exchange,
  inner: { readonly path: string; readonly body?: string | undefined },
): Promise<void> {
  const provider = await context.provider();
  response.setHeader("referrer-policy", "no-referrer");
  response.setHeader("cache-control", "no-store");
  await handlerOf(provider)(innerRequest(request, context.places, inner), response);
}

async function answerRegistration({ request, response, register }: Exchange): Promise<void> {
  const { status, body, retryAfterMs } = await register(await readBody(request));
  if (retryAfterMs !== undefined) response.setHeader("retry-after", wholeSeconds(retryAfterMs));
  sendJson(response, status, body);
}

async function sendKeys({ response, keyRing }: Exchange): Promise<void> {
  const { published } = await keyRing.current();
  // Less than a new key is published before it is used.
  sendDocument(response, { keys: published }, 300);
}

/** True when that was all there was to answer. */
function allowEverybody({ request, response, route }: Exchange): boolean {
  response.setHeader("access-control-allow-origin", "*");
  response.setHeader("access-control-expose-headers", "WWW-Authenticate, Retry-After");
  if (request.method !== "OPTIONS") return false;
  response.setHeader("access-control-allow-methods", methods[route.kind].join(", "));
  const asked = request.headers["access-control-request-headers"];
  // A star would leave out `Authorization`.
  response.setHeader("access-control-allow-headers", asked ?? "Authorization, Content-Type");
  response.setHeader("access-control-max-age", "3600");
  response.setHeader("vary", "Access-Control-Request-Headers");
  response.writeHead(204).end();
  return true;
}

function fail(exchange: Exchange, error: unknown, log: Context["log"]): void {
  const { request, response, route } = exchange;
  const away = storeAway(error);
  if (away !== undefined && !response.headersSent) {
    tryLater(exchange, away, log);
    return;
  }
  const isInput = isOurs(error, "input");
  const reference = randomUUID().slice(0, 8);
  if (isInput) response.setHeader("connection", "close");
  if (request.destroyed) {
    log.debug("request.dropped", { route: route.kind });
  } else if (!isInput) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    log.error("oauth.failed", { reference, route: route.kind, error: message, stack });
  }
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const word = isInput ? "invalid_request" : "server_error";
  const status = isInput ? 413 : 500;
  const page = { ...explain({ error: word }), reference: isInput ? undefined : reference };
  if (wantsPage({ request, route })) sendError(response, status, page);
  else sendJson(response, status, { error: word });
}

function tryLater(exchange: Exchange, away: StoreAway, log: Context["log"]): void {
  const { response, route } = exchange;
  log.warn("store.away", { route: route.kind });
  response.setHeader("retry-after", wholeSeconds(away.retryAfterMs));
  const { error, error_description } = away;
  if (wantsPage(exchange)) sendError(response, 503, storeAwayPage);
  else sendJson(response, 503, { error, error_description });
}

function tooMany({ request, response, route }: Exchange, waitMs: number): void {
  response.setHeader("retry-after", wholeSeconds(waitMs));
  const out = {
    error: "temporarily_unavailable",
    error_description: "Too many requests from this address",
  };
  if (wantsPage({ request, route })) sendError(response, 429, explain(out));
  else sendJson(response, 429, out);
}

/** True for a person at a page; programs read JSON. */
function wantsPage({ request, route }: Pick<Exchange, "request" | "route">): boolean {
  return !open.has(route.kind) && /text\/html/.test(request.headers.accept ?? "");
}

/** The same for everybody, so it may be kept. */
function sendDocument(response: ServerResponse, body: object, maxAgeS: number): void {
  send(response, 200, body, `public, max-age=${maxAgeS}`);
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  send(response, status, body, "no-store");
}

function send(response: ServerResponse, status: number, body: object, cacheControl: string): void {
  response.writeHead(status, {
    "content-type": "application/json",
    "cache-control": cacheControl,
    "x-content-type-options": "nosniff",
  });
  response.end(JSON.stringify(body));
}

/** The fields of a POST; `undefined` for a GET. */
async function readForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  if (request.method !== "POST") return undefined;
  return new URLSearchParams(await readBody(request));
}

function splitUrl(url: string): { path: string; query: URLSearchParams } {
  const end = url.indexOf("?");
  if (end === -1) return { path: url, query: new URLSearchParams() };
  return { path: url.slice(0, end), query: new URLSearchParams(url.slice(end + 1)) };
}

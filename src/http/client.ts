import { setTimeout as delay } from "node:timers/promises";
import { AtlassianMcpError } from "../errors.ts";
import { type Logger, silentLogger } from "../log.ts";
import type { AddressRules } from "./allowed-hosts.ts";
import { abortable, type Deadline, startDeadline } from "./deadline.ts";
import { type Way, wayTo } from "./dispatchers.ts";
import {
  errorFromAnswer,
  errorFromUnreadable,
  type FailedAnswer,
  isScopeFailure,
} from "./errors.ts";
import type { Answer, Outgoing } from "./exchange.ts";
import { hasForm, openForm } from "./form.ts";
import type { LimitKeys } from "./limits.ts";
import { deadlineError, errorFromFailure, type FailureContext } from "./network-errors.ts";
import type { HttpPool } from "./pool.ts";
import { type Product, productName, settingPrefix } from "./product.ts";
import { type ProxySettings, proxyOfFailure } from "./proxy.ts";
import { isRedirect, redirectTarget } from "./redirect.ts";
import {
  basePart,
  buildHeaders,
  buildUrl,
  commonHeaders,
  fingerprint,
  secretsIn,
} from "./request-parts.ts";
import { defaultRetry, longestServerWaitMs, type RetrySettings, withRetries } from "./retry.ts";
import type { AuthMethod, CredentialSource } from "./sign-in.ts";
import type { TlsSettings } from "./trust.ts";
import type { ApiClient, ApiRequest, Credentials, Method } from "./types.ts";

export interface ApiClientOptions {
  readonly product: Product;
  /** Its path is kept: a context path, `/wiki`, `/ex/jira/{cloudId}`. */
  readonly apiBase: URL;
  readonly credentials: Credentials;
  /** Shared; outlives the client. */
  readonly pool: HttpPool;
  /** How the credentials work and whose they are, where known: error messages then say what to do about them. */
  readonly method?: AuthMethod | undefined;
  readonly source?: CredentialSource | undefined;
  /** Host of `ATLASSIAN_API_URL`. Default `api.atlassian.com`. */
  readonly gatewayHost?: string | undefined;
  /** Sent with every request. Credentials and the framing of messages cannot be replaced by them. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Default: the system's roots, no client certificate. */
  readonly tls?: TlsSettings | undefined;
  /** Default: no proxy. */
  readonly proxy?: ProxySettings | undefined;
  /** For an API base that a caller chose: connects straight and only to addresses that these rules allow. */
  readonly guard?: AddressRules | undefined;
  /** One deadline for a call with all its tries and waits. */
  readonly timeoutMs: number;
  readonly retry?: RetrySettings | undefined;
  readonly userAgent: string;
  readonly log?: Logger | undefined;
  /** Limit of an answer after decoding. Default 32 MiB. */
  readonly maxBytes?: number | undefined;
  /** Refuses everything but GET and a POST that is declared idempotent, that is, one that only reads. */
  readonly readOnly?: boolean | undefined;
  /** Values that must not show up in error messages. */
  readonly secrets?: Iterable<string> | undefined;
  /** Milliseconds since the epoch. */
  readonly clock?: (() => number) | undefined;
  /** From 0 to below 1. */
  readonly random?: (() => number) | undefined;
  readonly sleep?: ((ms: number, signal: AbortSignal) => Promise<void>) | undefined;
}

const defaultMaxBytes = 32 * 1024 * 1024;

interface Setup extends Omit<ApiClientOptions, "secrets" | "proxy" | "headers"> {
  /** Of URLs: `apiBase` as text. */
  readonly base: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TlsSettings;
  readonly proxy: ProxySettings;
  readonly log: Logger;
  readonly retry: RetrySettings;
  readonly maxBytes: number;
  readonly secrets: readonly string[];
  readonly clock: () => number;
  readonly random: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** What is known of one call while it lasts. */
interface Call {
  readonly request: ApiRequest;
  readonly method: Method;
  readonly operation: string;
  readonly url: URL;
  /** Also for redirects: they stay on the origin. */
  readonly way: Way;
  readonly json: string | undefined;
  readonly idempotent: boolean;
  readonly deadline: Deadline;
  renewed: boolean;
  /** The credentials of the last try: an error must not quote them. */
  sent: Readonly<Record<string, string>>;
}

/** A client for one product as one user. Cheap to make; everything costly lives in the pool. */
export function createApiClient(options: ApiClientOptions): ApiClient {
  const setup = complete(options);
  return {
    async json(request) {
      const method = request.method ?? "GET";
      const operation = `${method} ${request.path.template}`;
      if (setup.readOnly === true && !isRead(request, method))
        throw readOnlyError(setup, operation);
      const url = buildUrl(setup.base, request);
      const way = wayTo(url, setup);
      const deadline = startDeadline(setup.timeoutMs, request.signal, setup.clock);
      const call: Call = {
        request,
        method,
        operation,
        url,
        way,
        json: request.json === undefined ? undefined : JSON.stringify(request.json),
        idempotent: request.idempotent ?? method !== "POST",
        deadline,
        renewed: false,
        sent: {},
      };
      try {
        return parseAnswer(await runInOrder(setup, call), setup, call);
      } catch (cause) {
        throw explain(cause, setup, call);
      } finally {
        deadline.end();
      }
    },
  };
}

function complete(options: ApiClientOptions): Setup {
  const prefix = settingPrefix(options.product);
  return {
    ...options,
    base: basePart(options.apiBase),
    headers: commonHeaders(options.userAgent, options.headers ?? {}),
    tls: options.tls ?? { prefix, verify: true, caFiles: [] },
    proxy: options.proxy ?? { product: {}, environment: {} },
    log: options.log ?? silentLogger,
    retry: options.retry ?? defaultRetry,
    maxBytes: options.maxBytes ?? defaultMaxBytes,
    secrets: [...(options.secrets ?? [])],
    clock: options.clock ?? Date.now,
    random: options.random ?? Math.random,
    sleep: options.sleep ?? ((ms, signal) => delay(ms, undefined, { signal })),
  };
}

function isRead(request: ApiRequest, method: Method): boolean {
  return method === "GET" || (method === "POST" && request.idempotent === true);
}

function readOnlyError({ product }: Setup, operation: string): AtlassianMcpError {
  return new AtlassianMcpError("forbidden", `Read-only mode does not let ${operation} through`, {
    product,
    operation,
    setting: "READ_ONLY_MODE",
    next: "Only the operator can allow changes, by unsetting READ_ONLY_MODE.",
  });
}

function runInOrder(setup: Setup, call: Call): Promise<Answer> {
  const { order } = call.request;
  const run = () => runWithRetries(setup, call);
  if (order === undefined) return run();
  return setup.pool.inOrder(call.url.origin, order, call.deadline.signal, run);
}

function runWithRetries(setup: Setup, call: Call): Promise<Answer> {
  const { retry: settings, clock: now, random } = setup;
  const { idempotent, deadline } = call;
  return withRetries(() => tryOnce(setup, call), {
    policy: { settings, idempotent, remainingMs: () => deadline.remainingMs, now, random },
    signal: deadline.signal,
    sleep: setup.sleep,
    onRepeat: ({ tried, waitMs, status }) => {
      const facts = { product: setup.product, operation: call.operation, tried, status };
      const { logFields } = call.request;
      setup.log.warn("request.repeated", { ...logFields, ...facts, waitMs: Math.round(waitMs) });
    },
  });
}

/** One try as the retry rules see it: with the redirects and the renewed credentials it takes. */
async function tryOnce(setup: Setup, call: Call): Promise<Answer> {
  const answer = await sendAs(setup, call);
  const { renew } = setup.credentials;
  const { status, headers, text } = answer;
  if (status !== 401 || renew === undefined || call.renewed) return answer;
  if (isScopeFailure(status, headers, text)) return answer;
  call.renewed = true;
  const { signal } = call.deadline;
  const hasNew = await abortable(renew.call(setup.credentials, signal, call.sent), signal);
  const facts = { product: setup.product, succeeded: hasNew };
  setup.log.info("credentials.renewed", { ...call.request.logFields, ...facts });
  return hasNew ? sendAs(setup, call) : answer;
}

async function sendAs(setup: Setup, call: Call): Promise<Answer> {
  const { method, request, deadline } = call;
  const given = setup.credentials.headers();
  const credentials = given instanceof Promise ? await abortable(given, deadline.signal) : given;
  call.sent = credentials;
  const keys: LimitKeys = {
    credential: fingerprint(credentials),
    method,
    template: request.path.template,
    order: request.order,
  };
  await respectLimits(setup, call, keys);
  const body = hasForm(request) ? await openForm(request) : call.json;
  const headers = buildHeaders({
    common: setup.headers,
    request: request.headers ?? {},
    credentials,
    body: body === undefined ? undefined : typeof body === "string" ? "json" : "form",
  });
  const { maxBytes } = setup;
  let outgoing: Outgoing = {
    method,
    url: call.url,
    headers,
    body,
    signal: deadline.signal,
    maxBytes,
  };
  for (let followed = 0; ; followed++) {
    const answer = await send(outgoing, setup, call, keys);
    if (!isRedirect(answer.status)) return answer;
    const failed = failedAnswer(answer, setup, call);
    outgoing = { ...outgoing, url: redirectTarget(failed, outgoing.url, method, followed) };
  }
}

async function send(
  outgoing: Outgoing,
  setup: Setup,
  call: Call,
  keys: LimitKeys,
): Promise<Answer> {
  const startedAt = setup.clock();
  const answer = await setup.pool.send(outgoing, call.way, keys);
  setup.log.debug("request.sent", {
    ...call.request.logFields,
    product: setup.product,
    operation: call.operation,
    status: answer.status,
    ms: setup.clock() - startedAt,
  });
  return answer;
}

/** Waits out what earlier answers have ruled out, or says at once how long that takes. */
async function respectLimits(setup: Setup, call: Call, keys: LimitKeys): Promise<void> {
  const blockedMs = setup.pool.blockedMs(call.url.origin, keys);
  if (blockedMs === 0) return;
  const waitMs = blockedMs * (1 + 0.3 * setup.random());
  if (blockedMs > longestServerWaitMs || waitMs >= call.deadline.remainingMs) {
    const name = productName(setup.product);
    throw new AtlassianMcpError(
      "rate_limited",
      `${name} limits requests; ${call.operation} was not sent`,
      {
        product: setup.product,
        operation: call.operation,
        retryAfterMs: blockedMs,
        next: `Try again in ${Math.ceil(blockedMs / 1000)} s.`,
      },
    );
  }
  await setup.sleep(waitMs, call.deadline.signal);
}

function parseAnswer(answer: Answer, setup: Setup, call: Call): unknown {
  if (answer.status < 200 || answer.status >= 300) {
    throw errorFromAnswer(failedAnswer(answer, setup, call));
  }
  if (answer.text.trim() === "") return undefined;
  try {
    return JSON.parse(answer.text);
  } catch {
    throw errorFromUnreadable(failedAnswer(answer, setup, call));
  }
}

function failedAnswer(answer: Answer, setup: Setup, call: Call): FailedAnswer {
  return {
    status: answer.status,
    headers: answer.headers,
    bodyText: answer.text,
    product: setup.product,
    method: setup.method,
    source: setup.source,
    gatewayHost: setup.gatewayHost,
    operation: call.operation,
    host: call.url.hostname,
    secrets: [...setup.secrets, ...secretsIn(call.sent)],
    nowMs: setup.clock(),
  };
}

function explain(cause: unknown, setup: Setup, call: Call): unknown {
  const { deadline, request } = call;
  const context: FailureContext = {
    product: setup.product,
    operation: call.operation,
    host: call.url.host,
    proxy: call.way.proxy?.label ?? proxyOfFailure(cause),
    unsafe: !call.idempotent,
  };
  if (cause instanceof AtlassianMcpError) {
    const { product, operation } = context;
    return cause.with({ product, operation, ...cause.details });
  }
  if (deadline.expired) return deadlineError(setup.timeoutMs, context);
  // The caller's own cancellation goes back as it came.
  if (request.signal?.aborted === true) return request.signal.reason;
  return errorFromFailure(cause, context);
}

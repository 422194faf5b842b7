import type { Dispatcher } from "undici";
import { AtlassianMcpError } from "../errors.ts";
import { type Breaker, type BreakerSettings, createBreaker } from "./breaker.ts";
import { DeadlinePassed } from "./deadline.ts";
import { openDispatcher, type Way, wayKey } from "./dispatchers.ts";
import { type Answer, exchange, type Outgoing } from "./exchange.ts";
import { createFairQueue, type FairQueue } from "./fair-queue.ts";
import { createLimits, type LimitKeys, type Limits } from "./limits.ts";
import { createOrder, type Order } from "./order.ts";
import type { Pac } from "./pac.ts";
import type { Resolver } from "./pinned.ts";
import type { PacSettings } from "./proxy.ts";
import { createTrustStore, type TrustStore } from "./trust.ts";

/**
 * Connections and manners, shared by all clients of a process: keep-alive sockets, how many requests run at once and
 * how often, what a site has refused lately. It knows no credentials.
 */
export interface HttpPool {
  /**
   * One try: waits for a free slot, shared fairly between credentials, sends, reads the answer. Takes note of a 429.
   *
   * @throws AtlassianMcpError `rate_limited` when too many calls with the same credentials wait already.
   */
  send(outgoing: Outgoing, way: Way, keys: LimitKeys): Promise<Answer>;
  /** Runs writes to one origin that share a key one after another. */
  inOrder<T>(origin: string, key: string, signal: AbortSignal, job: () => Promise<T>): Promise<T>;
  /** Milliseconds for which the origin has ruled out calls like this one; 0 for none. */
  blockedMs(origin: string, keys: LimitKeys): number;
  /** Closes all connections: after the requests under way, or at once with `force`. Nothing can be sent afterwards. */
  close(options?: { readonly force?: boolean | undefined }): Promise<void>;
}

export interface PoolOptions {
  /** Requests in flight per origin. Default 10. */
  readonly concurrency?: number | undefined;
  /** Requests started per second and origin; 0, the default, sets no limit. */
  readonly requestsPerSecond?: number | undefined;
  /** Off by default. */
  readonly breaker?: BreakerSettings | undefined;
  /** Origins whose connections and limits are kept; the longest unused one goes first. Default 200. */
  readonly maxOrigins?: number | undefined;
  readonly trust?: TrustStore | undefined;
  /** For names in URLs that callers chose. Default: the machine's. */
  readonly resolve?: Resolver | undefined;
  /** Milliseconds since the epoch. */
  readonly clock?: (() => number) | undefined;
}

/** Everything that is remembered about one origin. */
interface Site {
  readonly limits: Limits;
  readonly order: Order;
  readonly queue: Promise<FairQueue>;
  readonly breaker: Promise<Breaker>;
  readonly dispatchers: Map<string, Promise<Dispatcher>>;
  /** Calls that hold the site in memory. */
  busy: number;
}

interface Context {
  readonly concurrency: number;
  readonly requestsPerSecond: number;
  readonly breaker: BreakerSettings;
  readonly trust: TrustStore;
  readonly resolve: Resolver | undefined;
  /** Loaded at the first request that needs it. */
  readonly pac: () => Promise<Pac>;
  readonly clock: () => number;
}

/** A pool of its own sockets and memory. The HTTP library is loaded at the first request. */
export function createHttpPool(options: PoolOptions = {}): HttpPool {
  const trust = options.trust ?? createTrustStore();
  const clock = options.clock ?? Date.now;
  const context: Context = {
    concurrency: options.concurrency ?? 10,
    requestsPerSecond: options.requestsPerSecond ?? 0,
    breaker: options.breaker ?? { threshold: 0, cooldownMs: 0 },
    trust,
    resolve: options.resolve,
    pac: lazyPac(trust, clock),
    clock,
  };
  const maxOrigins = options.maxOrigins ?? 200;
  const sites = new Map<string, Site>();
  let closed = false;

  const siteOf = (origin: string): Site => {
    if (closed) throw closedError();
    const site = sites.get(origin) ?? openSite(origin, context);
    // Moves it to the young end of the map.
    sites.delete(origin);
    sites.set(origin, site);
    if (sites.size > maxOrigins) evictIdle(sites, maxOrigins);
    return site;
  };
  const hold = async <T>(site: Site, job: () => Promise<T>): Promise<T> => {
    site.busy += 1;
    try {
      return await job();
    } finally {
      site.busy -= 1;
    }
  };

  return {
    async send(outgoing, way, keys) {
      const site = siteOf(outgoing.url.origin);
      return hold(site, async () => {
        const once = (each: Way) => sendOnce(site, outgoing, each, keys, context);
        const { pac } = way;
        const answer = await (pac ? sendByPac(pac, way, outgoing, context, once) : once(way));
        if (answer.status === 429) site.limits.learn(answer.headers, keys);
        return answer;
      });
    },
    async inOrder(origin, key, signal, job) {
      const site = siteOf(origin);
      return hold(site, () => site.order.run(key, signal, job));
    },
    blockedMs: (origin, keys) => sites.get(origin)?.limits.blockedMs(keys) ?? 0,
    async close({ force = false } = {}) {
      closed = true;
      const closing = [...sites.values()].map((site) => closeSite(site, force));
      sites.clear();
      await Promise.all(closing);
    },
  };
}

function openSite(origin: string, context: Context): Site {
  return {
    limits: createLimits(context.clock),
    order: createOrder(),
    queue: createFairQueue(context),
    breaker: createBreaker(context.breaker, new URL(origin).host),
    dispatchers: new Map(),
    busy: 0,
  };
}

/** What a try came to; failures are values here, because some say nothing about the site. */
type Outcome = { readonly answer: Answer } | { readonly failure: unknown };

async function sendOnce(
  site: Site,
  outgoing: Outgoing,
  way: Way,
  { credential }: LimitKeys,
  context: Context,
): Promise<Answer> {
  const breaker = await site.breaker;
  const queue = await site.queue;
  const dispatcher = await dispatcherFor(site, outgoing.url.origin, way, context);
  const { signal } = outgoing;
  const attempt = (): Promise<Outcome> =>
    queue
      .run(credential, signal, () => exchange(dispatcher, outgoing))
      .then(
        (answer) => ({ answer }),
        (failure: unknown) => ({ failure }),
      );
  const outcome = await breaker.run(attempt, (each) => isSiteFailure(each, signal));
  if ("failure" in outcome) throw outcome.failure;
  return outcome.answer;
}

/** Through the proxies that a script names, one after another until one can be reached. */
async function sendByPac(
  settings: PacSettings,
  way: Way,
  { url, signal }: Outgoing,
  context: Context,
  once: (way: Way) => Promise<Answer>,
): Promise<Answer> {
  const pac = await context.pac();
  const { tls } = way;
  return pac.tryRoutes(settings, { url, signal, tls }, (proxy) => once({ ...way, proxy }));
}

function lazyPac(trust: TrustStore, clock: () => number): () => Promise<Pac> {
  let loading: Promise<Pac> | undefined;
  return () => {
    loading ??= import("./pac.ts").then(({ createPac }) => createPac({ trust, clock }));
    return loading;
  };
}

/** Neither a 4xx nor a caller who went away speaks against the site. */
function isSiteFailure(outcome: Outcome, signal: AbortSignal): boolean {
  if ("answer" in outcome) return outcome.answer.status >= 500;
  if (signal.aborted) return signal.reason instanceof DeadlinePassed;
  return !(outcome.failure instanceof AtlassianMcpError);
}

async function dispatcherFor(
  site: Site,
  origin: string,
  way: Way,
  context: Context,
): Promise<Dispatcher> {
  const key = wayKey(way);
  const known = site.dispatchers.get(key);
  if (known !== undefined) return known;
  const { trust, concurrency, resolve } = context;
  const opened = openDispatcher(origin, way, trust, concurrency, resolve);
  site.dispatchers.set(key, opened);
  opened.catch(() => site.dispatchers.delete(key));
  return opened;
}

function evictIdle(sites: Map<string, Site>, maxOrigins: number): void {
  for (const [origin, site] of sites) {
    if (sites.size <= maxOrigins) return;
    if (site.busy > 0) continue;
    sites.delete(origin);
    void closeSite(site, false);
  }
}

async function closeSite(site: Site, force: boolean): Promise<void> {
  const opened = await Promise.allSettled(site.dispatchers.values());
  const ends = opened.map(async (each) => {
    if (each.status === "fulfilled") await (force ? each.value.destroy() : each.value.close());
  });
  await Promise.allSettled(ends);
  (await site.breaker).close();
}

function closedError(): AtlassianMcpError {
  return new AtlassianMcpError("network", "The server is shutting down; nothing was sent", {
    next: "Repeat the call on a new connection.",
  });
}

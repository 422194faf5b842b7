import type { HttpPool } from "../../http/pool.ts";
import type { LogFields, Logger } from "../../log.ts";
import type { Store } from "../../store/types.ts";
import { type Metrics, noMetrics } from "./metrics.ts";
import type { Tracing } from "./tracing.ts";

export interface PoolFacts {
  readonly metrics: Metrics;
  readonly tracing?: Tracing | undefined;
  readonly product: string;
  readonly source: string;
}

/** The pool, with each try counted and traced; the pool itself where nobody wants to know. */
export function observePool(pool: HttpPool, facts: PoolFacts): HttpPool {
  const { metrics, tracing, product, source } = facts;
  if (metrics === noMetrics && tracing === undefined) return pool;
  const counted: HttpPool["send"] = async (outgoing, way, keys) => {
    const started = performance.now();
    let status: number | "none" | "cancelled" = "none";
    try {
      const answer = await pool.send(outgoing, way, keys);
      status = answer.status;
      return answer;
    } catch (error) {
      if (outgoing.signal.aborted) status = "cancelled";
      throw error;
    } finally {
      const ms = performance.now() - started;
      metrics.upstreamTried({ product, method: outgoing.method, status, source, ms });
    }
  };
  const send: HttpPool["send"] = (outgoing, way, keys) => {
    if (tracing === undefined) return counted(outgoing, way, keys);
    const { method, url } = outgoing;
    return tracing.request({ method, url, template: keys.template }, () =>
      counted(outgoing, way, keys),
    );
  };
  return { ...pool, send };
}

/** The store, with each operation counted. */
export function meterStore(store: Store, metrics: Metrics): Store {
  if (metrics === noMetrics) return store;
  const timed = async <T>(operation: string, job: () => Promise<T>): Promise<T> => {
    const started = performance.now();
    let outcome = "error";
    try {
      const value = await job();
      outcome = "ok";
      return value;
    } finally {
      metrics.storeUsed(operation, outcome, performance.now() - started);
    }
  };
  return {
    // Whatever else a kind of store can do stays as it is.
    ...store,
    get: (key) => timed("get", () => store.get(key)),
    put: (key, value, ttlMs) => timed("put", () => store.put(key, value, ttlMs)),
    delete: (key) => timed("delete", () => store.delete(key)),
    take: (key) => timed("take", () => store.take(key)),
    compareAndSet: (...change) => timed("compare_and_set", () => store.compareAndSet(...change)),
    withLock: (key, job, options) => store.withLock(key, job, options),
    close: () => store.close(),
  };
}

/** Counts what the HTTP client tells its log: the requests it sends again. */
export function meterRetries(log: Logger, metrics: Metrics): Logger {
  if (metrics === noMetrics) return log;
  return tap(log, (event, { product, status }) => {
    if (event !== "request.repeated") return;
    metrics.retried(String(product), status === undefined ? "none" : String(status));
  });
}

const refreshOutcomes: Readonly<Record<string, string>> = {
  "token.refreshed": "ok",
  "refresh.postponed": "postponed",
  "grant.ended": "refused",
};

/** Counts what a token manager tells its log. */
export function meterRefreshes(log: Logger, metrics: Metrics, issuer: string): Logger {
  if (metrics === noMetrics) return log;
  return tap(log, (event) => {
    const outcome = refreshOutcomes[event];
    if (outcome !== undefined) metrics.tokenRefreshed(issuer, outcome);
  });
}

/** The log, with an ear on it that hears lines of every level. */
function tap(log: Logger, hear: (event: string, fields: LogFields) => void): Logger {
  const at =
    (level: keyof Logger) =>
    (event: string, fields: LogFields = {}) => {
      hear(event, fields);
      log[level](event, fields);
    };
  return { error: at("error"), warn: at("warn"), info: at("info"), debug: at("debug") };
}

import type { ConnectionOptions } from "node:tls";
import type { Redis, RedisOptions, Result } from "ioredis";
import type { RedisAddress } from "./redis-address.ts";
import { closedStore, isReply, redisProblem } from "./redis-problems.ts";

/** How to connect, where the address does not say. */
export interface RedisLinkOptions {
  /** Whom `rediss:` trusts. Asked when a connection is first made. */
  readonly tls?: (() => Promise<ConnectionOptions>) | undefined;
  /** For connecting as for every command. Default 2 s. */
  readonly timeoutMs?: number | undefined;
  readonly random?: (() => number) | undefined;
}

/** One connection, made at the first use and again whenever it was lost. */
export interface RedisLink {
  /**
   * Runs commands. While the server is away this fails at once; the connection comes back by itself.
   *
   * @throws AtlassianMcpError `upstream` or `config`; a change may have been made all the same.
   */
  run<T>(commands: (client: Redis) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

declare module "ioredis" {
  interface RedisCommander<Context> {
    /** Puts `value` while the current one is `expected`; 1 if so, else 0. `ttlMs`: 0 for none. */
    swap(key: string, expected: Buffer, value: Buffer, ttlMs: number): Result<number, Context>;
    /** Deletes while the current value is `expected`; 1 if so, else 0. */
    drop(key: string, expected: Buffer | string): Result<number, Context>;
    /** Begins the lifetime anew while the current value is `expected`; 1 if so, else 0. */
    prolong(key: string, expected: string, ttlMs: number): Result<number, Context>;
  }
}

const ifExpected = "if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end";
const scripts = {
  swap: {
    numberOfKeys: 1,
    lua: `${ifExpected}
if ARGV[3] == '0' then redis.call('SET', KEYS[1], ARGV[2])
else redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
return 1`,
  },
  drop: { numberOfKeys: 1, lua: `${ifExpected} return redis.call('DEL', KEYS[1])` },
  prolong: { numberOfKeys: 1, lua: `${ifExpected} return redis.call('PEXPIRE', KEYS[1], ARGV[2])` },
};

const firstPauseMs = 25;
const longestPauseMs = 1000;

interface Connection {
  readonly client: Redis;
  /** Resolves once commands can be sent; rejects when the last attempt to connect has failed. */
  ready(): Promise<void>;
}

export function createRedisLink(address: RedisAddress, options: RedisLinkOptions = {}): RedisLink {
  let connection: Promise<Connection> | undefined;
  let isClosed = false;
  const connected = () => {
    // What made it end the operator may have put right by the next call.
    const forget = () => {
      connection = undefined;
    };
    connection ??= connect(address, options, forget).catch((error: unknown) => {
      forget();
      throw error;
    });
    return connection;
  };
  return {
    async run(commands) {
      if (isClosed) throw closedStore();
      try {
        const { client, ready } = await connected();
        await ready();
        return await commands(client);
      } catch (cause) {
        throw isClosed ? closedStore() : redisProblem(cause);
      }
    },
    async close() {
      isClosed = true;
      const open = await connection?.catch(() => undefined);
      if (open !== undefined) await end(open.client);
    },
  };
}

/** `onEnd`: the client has given up for good, as it does when TLS cannot even be set up. */
async function connect(
  address: RedisAddress,
  options: RedisLinkOptions,
  onEnd: () => void,
): Promise<Connection> {
  const tls = address.isTls ? await options.tls?.() : undefined;
  const { Redis } = await import("ioredis");
  const health: Health = { failures: 0 };
  const client = new Redis({
    ...settings(options, health),
    ...(address.isTls && { tls: { ...tls, rejectUnauthorized: true } }),
    host: address.host,
    port: address.port,
    db: address.database,
    ...(address.username !== undefined && { username: address.username }),
    ...(address.password !== undefined && { password: address.password }),
  });
  client.on("end", onEnd);
  return { client, ready: watch(client, health) };
}

interface Health {
  /** Attempts to connect that failed since the last that did not. */
  failures: number;
}

function settings(
  { timeoutMs = 2000, random = Math.random }: RedisLinkOptions,
  health: Health,
): Omit<RedisOptions, "replyMapping"> {
  return {
    scripts,
    connectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
    // A connection on which an answer is overdue is given up: its other end may be gone without a word.
    socketTimeout: timeoutMs,
    disconnectTimeout: 200,
    enableOfflineQueue: false,
    // Never again by itself: a command whose answer was lost may have been carried out.
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    retryStrategy: () => pauseAfter(health.failures) * (0.5 + random() / 2),
    // After a failover the old primary keeps its connections; its name leads to the new one.
    reconnectOnError: (error) => error.message.includes("READONLY"),
    // These need permissions that the commands themselves do not.
    enableReadyCheck: false,
    disableClientInfo: true,
    protocol: 2,
  };
}

function pauseAfter(failures: number): number {
  return Math.min(firstPauseMs * 2 ** Math.min(failures, 10), longestPauseMs);
}

/**
 * Follows the state of a client. After a good connection was lost callers wait for the first attempt to restore it; once
 * that has failed they learn so at once, until an attempt succeeds.
 */
function watch(client: Redis, health: Health): () => Promise<void> {
  const isReady = Promise.resolve();
  let attempt = newAttempt();
  let state = attempt.outcome;
  let lastError: unknown;
  client.on("connecting", () => {
    lastError = undefined;
  });
  client.on("error", (error: unknown) => {
    lastError = error;
    // The client would go on, in database 0 if ours was refused.
    if (isReply(error)) client.disconnect(true);
  });
  client.on("ready", () => {
    if (isReply(lastError)) return;
    health.failures = 0;
    attempt.succeed();
    state = isReady;
  });
  const fail = () => {
    const before = attempt;
    attempt = newAttempt();
    for (const each of [before, attempt]) each.fail(lastError);
    state = attempt.outcome;
  };
  client.on("close", () => {
    if (state !== isReady) {
      health.failures += 1;
      return fail();
    }
    attempt = newAttempt();
    state = attempt.outcome;
  });
  client.on("end", fail);
  return () => state;
}

interface Attempt {
  readonly outcome: Promise<void>;
  succeed(): void;
  fail(cause: unknown): void;
}

function newAttempt(): Attempt {
  let succeed = () => {};
  let fail: (cause: unknown) => void = () => {};
  const outcome = new Promise<void>((resolve, reject) => {
    succeed = resolve;
    fail = reject;
  });
  // There need not be anybody who waits.
  outcome.catch(() => {});
  return { outcome, succeed, fail };
}

/** Lets commands under way finish where the server still answers. */
async function end(client: Redis): Promise<void> {
  if (client.status === "ready") await client.quit().catch(() => {});
  if (client.status !== "end") client.disconnect();
}
